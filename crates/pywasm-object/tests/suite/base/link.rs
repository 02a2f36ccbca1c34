//! Shared modules that clang makes are linked into a base that clang makes, and run.

use std::collections::BTreeSet;

use pywasm_object::{
    LinkError, LinkPlan, MissingSymbols, ShakePlan, SideModule, SnapshotPlan, link, shake, validate,
};
use pywasm_testkit::Random;

use super::clang::{
    PLAIN, RELOCATIONS, Running, STRIPPED, SYMBOLIC, base, linked_and_shaken, live, lives, plan, side,
};

const STRINGS_AND_STATE: &str = r#"
extern int shared;
int twice(int);
int apply(int (*)(int), int);
static int state = 3;
static int zeros[100];
const char *texts[] = {"one", "two", "three"};
int exported = 9;
static int plus(int x) { return x + state; }
static int minus(int x) { return x - state; }
int (*const table[])(int) = {plus, minus, twice};
int *pointer = &shared;
int through_table(int x) { return apply(table[x % 3], x); }
int letter(int x) { return texts[x][0]; }
int address(int x) { return (int)texts[x]; }
int counter(int x) { state += x; zeros[x] = state; return zeros[x] + exported++; }
int of_base(int x) { *pointer += x; return shared; }
int twice_slot(int x) { return (int)twice; }
/* wasm-ld 19 crashes with --emit-relocs when a function is only known by its address. */
int direct(int x) { return twice(x); }
int own_slot(int x) { return apply(letter, x); }
int spread(int x) { volatile int numbers[8]; numbers[x] = x; return numbers[x]; }
"#;

#[test]
fn strings_tables_state_and_addresses_work_however_the_module_was_linked() {
    for how in [
        RELOCATIONS,
        PLAIN,
        SYMBOLIC,
        STRIPPED,
        &["-Bsymbolic", "--emit-relocs"],
    ] {
        let functions = [
            "through_table",
            "letter",
            "address",
            "counter",
            "of_base",
            "twice_slot",
            "own_slot",
            "spread",
        ];
        let records: Vec<(&str, usize, &str)> = functions.iter().map(|name| (*name, 0, *name)).collect();
        let plan = plan(vec![side("side", STRINGS_AND_STATE, how)], &records);
        for module in linked_and_shaken(&plan) {
            let mut running = Running::new(&module);
            assert_eq!(running.number("count"), 8, "{how:?}");
            for (index, name) in functions.iter().enumerate() {
                let address = running.number_of("text", index as i32);
                assert_eq!(running.text(address), *name);
            }
            assert_eq!([0, 1, 2].map(|x| running.call(0, x)), [3, -2, 4]);
            assert_eq!([0, 1, 2].map(|x| running.call(1, x)), [111, 116, 116]);
            let address = running.call(2, 2);
            assert_eq!(running.text(address), "three");
            assert_eq!([running.call(3, 5), running.call(3, 6)], [8 + 9, 14 + 10]);
            assert_eq!([running.call(4, 5), running.call(4, 1)], [12, 13]);
            assert_eq!(running.call(5, 0), running.number("twice_slot"));
            assert_eq!(running.call(6, 1), 116);
            assert_eq!(running.call(7, 6), 6);
        }
    }
}

#[test]
fn what_nothing_uses_leaves_with_the_shaking() {
    let source = r#"
        int apply(int (*)(int), int);
        static const char used_text[] = "used text", unused_text[] = "unused text";
        static int (*volatile pointers[2])(int);
        static int used_callee(int x) { return used_text[x]; }
        static int unused_callee(int x) { return unused_text[x]; }
        int (*used_table[])(int) = {used_callee};
        int (*unused_table[])(int) = {unused_callee};
        int used(int x) { return apply(used_table[x], x); }
        int unused(int x) { return apply(unused_table[x], x); }
    "#;
    let plan = plan(vec![side("side", source, RELOCATIONS)], &[("used", 0, "used")]);
    let [linked, shaken] = linked_and_shaken(&plan);
    for name in ["used", "used_callee", "unused", "unused_callee"] {
        assert!(
            lives(&linked, &format!("side:{name}")),
            "{name}: {:?}",
            live(&linked)
        );
        assert_eq!(
            lives(&shaken, &format!("side:{name}")),
            !name.starts_with("un"),
            "{name}"
        );
    }
    let has = |module: &[u8], text: &[u8]| module.windows(text.len()).any(|window| window == text);
    assert!(has(&linked, b"unused text") && has(&shaken, b"used text"));
    assert!(!has(&shaken, b"unused text"));
    assert_eq!(Running::new(&shaken).call(0, 0), i32::from(b'u'));
}

#[test]
fn a_module_that_nothing_uses_costs_nothing() {
    let plan = plan(vec![side("side", STRINGS_AND_STATE, RELOCATIONS)], &[]);
    let [_, shaken] = linked_and_shaken(&plan);
    assert!(
        live(&shaken).iter().all(|name| !name.starts_with("side:")),
        "{:?}",
        live(&shaken)
    );
}

#[test]
fn constructors_run_once_behind_those_of_the_base_in_the_order_of_the_plan() {
    let source = |number: u32| {
        format!(
            "void note(int); static int made; __attribute__((constructor)) static void init(void) {{ note({number}); made++; }}
             int made_{number}(int x) {{ return made + x; }}"
        )
    };
    let modules = vec![side("b", &source(3), RELOCATIONS), side("a", &source(2), PLAIN)];
    for module in linked_and_shaken(&plan(modules, &[("b", 0, "made_3"), ("a", 1, "made_2")])) {
        let mut running = Running::new(&module);
        assert_eq!([0, 1, 2, 3].map(|i| running.number_of("order", i)), [1, 3, 2, 0]);
        assert_eq!([running.call(0, 10), running.call(1, 20)], [11, 21]);
    }
}

#[test]
fn modules_use_each_other() {
    let even = "int odd(int); extern int steps; int even(int x) { steps++; return x == 0 ? 1 : odd(x - 1); }";
    let odd = "int even(int); int steps; int odd(int x) { return x == 0 ? 0 : even(x - 1); }
               int count_steps(int x) { return steps; }
               int (*pointer)(int) = even; int by_pointer(int x) { return pointer(x); }";
    for how in [RELOCATIONS, PLAIN] {
        let modules = vec![side("even", even, how), side("odd", odd, how)];
        let plan = plan(
            modules,
            &[
                ("even", 0, "even"),
                ("steps", 1, "count_steps"),
                ("pointer", 1, "by_pointer"),
            ],
        );
        for module in linked_and_shaken(&plan) {
            let mut running = Running::new(&module);
            assert_eq!([running.call(0, 6), running.call(0, 7)], [1, 0]);
            assert_eq!(running.call(1, 0), 8);
            assert_eq!(running.call(2, 4), 1);
        }
    }
}

#[test]
fn a_linked_module_shakes_for_a_snapshot() {
    let plan = plan(
        vec![side("side", STRINGS_AND_STATE, RELOCATIONS)],
        &[("counter", 0, "counter")],
    );
    let linked = link(&base(), &plan).expect("it links");
    let plan = ShakePlan {
        snapshot: Some(SnapshotPlan {
            entry: "call".to_owned(),
            only_before: BTreeSet::from(["_start".to_owned()]),
            cut: BTreeSet::new(),
        }),
        ..ShakePlan::default()
    };
    let after = shake(&linked, &plan)
        .expect("it shakes")
        .after_snapshot
        .expect("the plan asks for it");
    assert!(lives(&after.module, "side:counter"));
    assert!(!lives(&after.module, "side:letter"));
}

#[test]
fn more_can_be_linked_into_what_was_linked() {
    let first = link(
        &base(),
        &plan(vec![side("side", STRINGS_AND_STATE, RELOCATIONS)], &[]),
    )
    .expect("it links");
    let second = side(
        "second",
        "int twice(int); int four(int x) { return twice(twice(x)); }",
        PLAIN,
    );
    let linked = link(&first, &plan(vec![second], &[("four", 0, "four")])).expect("it links again");
    assert_eq!(Running::new(&linked).call(0, 5), 20);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let plan = plan(
        vec![side("side", STRINGS_AND_STATE, RELOCATIONS)],
        &[("letter", 0, "letter")],
    );
    let base = base();
    assert_eq!(
        link(&base, &plan).expect("it links"),
        link(&base, &plan).expect("it links")
    );
}

#[test]
fn all_that_is_missing_is_named_at_once() {
    let source = "int nowhere(int); extern int no_data; int hidden_in_base(int); void twice(void);
                  __attribute__((weak)) int maybe(int);
                  int f(int x) { twice(); return maybe ? maybe(x) : nowhere(x) + no_data + hidden_in_base(x); }";
    let modules = vec![
        side("first", source, RELOCATIONS),
        side("second", "int gone(void); int g(int x) { return gone(); }", PLAIN),
    ];
    let Err(LinkError::MissingSymbols(missing)) = link(&base(), &plan(modules, &[])) else {
        panic!("symbols are missing");
    };
    let expected = |module: &str, symbols: &[&str]| MissingSymbols {
        module: module.to_owned(),
        symbols: symbols.iter().map(|symbol| (*symbol).to_owned()).collect(),
    };
    let first = [
        "hidden_in_base (which is static in the base)",
        "no_data",
        "nowhere",
        "twice (which has another type)",
    ];
    assert_eq!(
        missing,
        [expected("first", &first), expected("second", &["gone"])]
    );
}

#[test]
fn weak_imports_may_be_missing() {
    let source = "__attribute__((weak)) int maybe(int); __attribute__((weak)) extern int datum;
                  int f(int x) { return maybe ? maybe(x) : &datum ? datum : x + 1; }";
    for module in linked_and_shaken(&plan(vec![side("weak", source, RELOCATIONS)], &[("f", 0, "f")])) {
        assert_eq!(Running::new(&module).call(0, 5), 6);
    }
}

#[test]
fn plans_that_cannot_be_followed_are_refused() {
    let module = || side("side", "int f(int x) { return x; }", RELOCATIONS);
    let refused = |plan: &LinkPlan| link(&base(), plan).expect_err("it is refused").to_string();
    assert_eq!(
        refused(&plan(vec![module()], &[("g", 0, "g")])),
        "the record list `registry` names the function `g`, which the module `side` does not export"
    );
    assert_eq!(
        refused(&plan(vec![module()], &[("a\0b", 0, "f")])),
        "the record list `registry` has the text \"a\\0b\", with a NUL"
    );
    assert_eq!(
        refused(&plan(vec![module()], &[("f", 1, "f")])),
        "the record list `registry` names the module number 1"
    );
    let list = |symbol: &str| {
        let mut plan = plan(vec![module()], &[("f", 0, "f")]);
        plan.lists[0].symbol = symbol.to_owned();
        plan
    };
    assert_eq!(
        refused(&list("shared")),
        "the record list `shared` has 4 bytes in the base, and needs 8"
    );
    assert_eq!(
        refused(&list("nothing")),
        "the record list `nothing` is not in the module's symbol table"
    );
    let static_module = SideModule {
        name: "static".to_owned(),
        wasm: base(),
        is_open: false,
    };
    assert_eq!(
        refused(&plan(vec![static_module], &[])),
        "the module `static` has no dylink.0 section, so it is not a shared module"
    );
}

#[test]
fn damaged_modules_do_not_panic() {
    let base = base();
    let modules = [RELOCATIONS, PLAIN].map(|how| side("side", STRINGS_AND_STATE, how));
    let mut random = Random(0x5eed_5eed_5eed_5eed);
    let mut survived = 0;
    for round in 0..6_000 {
        let mut module = modules[round % 2].clone();
        random.damage(&mut module.wasm, 1 + round % 3);
        let plan = plan(vec![module], &[("letter", 0, "letter")]);
        match link(&base, &plan) {
            Err(LinkError::Output(source)) => panic!("round {round}: {source:?}"),
            Err(_) => {}
            Ok(linked) => {
                survived += 1;
                validate(&linked).expect("it is valid");
                shake(&linked, &ShakePlan::default()).expect("it shakes");
            }
        }
    }
    assert!(
        survived > 300,
        "most damage is too coarse to test anything: {survived}"
    );
}
