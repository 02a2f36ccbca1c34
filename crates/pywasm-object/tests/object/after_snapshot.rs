//! After a snapshot: only what can still run lives, and only what it refers to is needed.

use std::ops::Range;

use pywasm_object::{AfterSnapshot, RecordTable, ShakePlan, SnapshotPlan, shake};

use crate::cases::{names, refused, segment};
use pywasm_testkit::program::{NO_STRIP, Program, Step, Symbol, function, symbol};
use pywasm_testkit::seen::{Seen, see};

/// `start` runs before the snapshot, `resume` after it.
fn program(start: Vec<Step>, resume: Vec<Step>) -> Program {
    Program {
        functions: vec![function("start", start), function("resume", resume)],
        exports: vec!["start", "resume"],
        ..Program::default()
    }
}

fn plan() -> ShakePlan {
    ShakePlan {
        snapshot: Some(SnapshotPlan {
            entry: "resume".to_owned(),
            only_before: names(&["start"]),
            cut: names(&[]),
        }),
        ..ShakePlan::default()
    }
}

/// What lives before, and what after.
fn shaken(program: &Program, plan: &ShakePlan) -> (Seen, Seen, AfterSnapshot) {
    let shaken = shake(&program.build(), plan).expect("the program shakes");
    let after = shaken.after_snapshot.expect("the plan asks for it");
    (see(&shaken.module), see(&after.module), after)
}

fn live(program: &Program) -> (Vec<String>, Vec<String>) {
    let (before, after, _) = shaken(program, &plan());
    (before.live, after.live)
}

fn unneeded(program: &Program) -> Vec<Range<u32>> {
    shaken(program, &plan()).2.unneeded
}

#[test]
fn code_of_the_start_leaves() {
    let mut program = program(vec![Step::Call("a"), Step::Call("b")], vec![Step::Call("b")]);
    program
        .functions
        .extend([function("a", vec![]), function("b", vec![])]);
    let (before, after, detail) = shaken(&program, &plan());
    assert_eq!(before.live, ["start", "resume", "a", "b"]);
    assert_eq!(before.exports, ["memory", "start", "resume"]);
    assert_eq!(after.live, ["resume", "b"]);
    assert_eq!(after.exports, ["memory", "resume"]);
    assert_eq!(detail.stats.functions.live, 2);
    let whole = shake(&program.build(), &ShakePlan::default()).expect("shakes");
    assert!(whole.after_snapshot.is_none());
    let twin = shake(&program.build(), &plan()).expect("shakes");
    assert_eq!(
        whole.module, twin.module,
        "the snapshot changes nothing before it"
    );
}

#[test]
fn what_only_the_start_needs_by_other_ways_leaves_too() {
    let mut program = program(vec![Step::Call("__wasm_call_ctors")], vec![]);
    for name in ["ctor", "used", "kept"] {
        program.functions.push(function(name, vec![]));
    }
    program
        .functions
        .push(function("__wasm_call_ctors", vec![Step::BareCall("ctor")]));
    program.constructors = vec!["ctor"];
    program.functions[3].flags = NO_STRIP;
    let plan = ShakePlan {
        keep: names(&["kept"]),
        ..plan()
    };
    let (before, after, _) = shaken(&program, &plan);
    assert_eq!(
        before.live,
        ["start", "resume", "ctor", "used", "kept", "__wasm_call_ctors"]
    );
    assert_eq!(after.live, ["resume", "kept"]);
}

#[test]
fn an_address_that_the_start_takes_may_be_called_behind() {
    let take = || vec![Step::Take("of_type_0"), Step::Take("of_type_1")];
    let with = |start, resume| {
        let mut program = program(start, resume);
        program.functions.extend([
            function("of_type_0", vec![Step::Call("help")]),
            function("of_type_1", vec![]),
            function("help", vec![]),
            function("dead", vec![Step::Take("never")]),
            function("never", vec![]),
        ]);
        program.functions[3].ty = 1;
        program
    };
    let (_, after, _) = shaken(&with(take(), vec![Step::CallIndirect(0)]), &plan());
    assert_eq!(after.live, ["resume", "of_type_0", "help"]);
    assert_eq!(
        after.table.into_iter().collect::<Vec<_>>(),
        [(1, "of_type_0".to_owned())],
        "its slot stays where it was"
    );
    let called_before = [take(), vec![Step::CallIndirect(0)]].concat();
    let (before, after, _) = shaken(&with(called_before, vec![]), &plan());
    assert_eq!(before.live, ["start", "resume", "of_type_0", "help"]);
    assert_eq!(after.live, ["resume"], "nothing after calls that type");
    assert!(after.table.is_empty());
}

#[test]
fn an_address_in_data_of_the_start_may_be_called_behind() {
    let mut program = program(vec![Step::Data("table", 0)], vec![Step::CallIndirect(0)]);
    program
        .functions
        .extend([function("f", vec![]), function("g", vec![])]);
    program.segments = vec![segment(1024, b"........")];
    program.symbols = vec![symbol("table", 0, 0, 4), symbol("dead", 0, 4, 4)];
    program.pointers = vec![(0, 0, "f"), (0, 4, "g")];
    assert_eq!(live(&program).1, ["resume", "f"]);
}

#[test]
fn what_the_snapshot_empties_leads_nowhere() {
    let table = || Step::Data("table", 0);
    let mut program = program(vec![table()], vec![table(), Step::CallIndirect(0)]);
    program
        .functions
        .extend([function("f", vec![Step::Data("of_f", 0)]), function("g", vec![])]);
    program.segments = vec![segment(1024, b"........0123")];
    program.symbols = vec![
        symbol("table", 0, 0, 4),
        symbol("other", 0, 4, 4),
        symbol("of_f", 0, 8, 4),
    ];
    program.pointers = vec![(0, 0, "f"), (0, 4, "g")];
    let mut plan = plan();
    plan.snapshot.as_mut().expect("is there").cut = names(&["table"]);
    let (before, after, detail) = shaken(&program, &plan);
    assert_eq!(before.live, ["start", "resume", "f"]);
    assert_eq!(after.live, ["resume"]);
    assert_eq!(detail.cut, vec![1024..1028]);
    assert!(detail.unneeded.contains(&(1032..1036)), "{:?}", detail.unneeded);
}

#[test]
fn all_data_of_the_start_stays_and_what_nothing_refers_to_is_named() {
    let start = vec![
        Step::Data("start_only", 0),
        Step::Data("start_next", 0),
        Step::Data("shared", 0),
    ];
    let mut program = program(start, vec![Step::Data("shared", 0), Step::Call("f")]);
    program.functions.push(function("f", vec![Step::Data("own", 0)]));
    program.segments = vec![
        segment(1024, b"aaaabbbbccccddddeeeeffffgggghhhh"),
        segment(2048, b"asm."),
    ];
    program.symbols = vec![
        symbol("start_only", 0, 0, 4),
        symbol("start_next", 0, 4, 4),
        symbol("shared", 0, 8, 4),
        symbol("own", 0, 12, 4),
        symbol("led_to", 0, 16, 4),
        Symbol {
            flags: NO_STRIP,
            ..symbol("flagged", 0, 20, 4)
        },
        symbol("box", 0, 24, 4),
        symbol("dead", 0, 28, 4),
    ];
    program.pointers = vec![(0, 12, "led_to")];
    program.exported_globals = vec![("box", 1048)];
    let (before, after, detail) = shaken(&program, &plan());
    assert_eq!(before.memory, after.memory);
    assert_eq!(&after.memory[1024..1036], b"aaaabbbbcccc");
    assert_eq!(after.memory[1052..1056], [0; 4]);
    assert_eq!(detail.unneeded, [1024..1028, 1028..1032], "each for itself");
    let mut plan = plan();
    if let Some(snapshot) = &mut plan.snapshot {
        snapshot.only_before.insert("box".to_owned());
    }
    let (_, _, detail) = shaken(&program, &plan);
    assert_eq!(detail.unneeded, [1024..1028, 1028..1032, 1048..1052]);
}

#[test]
fn symbols_that_share_bytes_are_needed_together() {
    let build = |resume| {
        let start = vec![
            Step::Data("whole", 0),
            Step::Data("tail", 0),
            Step::Data("alias", 0),
        ];
        let mut program = program(start, resume);
        program.segments = vec![segment(1024, b"one two\0next")];
        program.symbols = vec![
            symbol("whole", 0, 0, 8),
            symbol("tail", 0, 4, 4),
            symbol("alias", 0, 4, 4),
            symbol("dead", 0, 2, 8),
            symbol("next", 0, 8, 4),
        ];
        program
    };
    assert_eq!(unneeded(&build(vec![])), vec![1024..1032]);
    assert_eq!(unneeded(&build(vec![Step::Data("alias", 0)])), vec![]);
}

#[test]
fn tables_lose_the_same_records_and_cut_data_is_empty_in_both() {
    let mut program = program(
        vec![Step::Data("inittab", 0), Step::Data("part", 0)],
        vec![Step::CallIndirect(0)],
    );
    program.functions.extend([
        function("init_a", vec![]),
        function("init_b", vec![]),
        function("p", vec![]),
    ]);
    program.segments = vec![segment(1024, b"a\0b\0"), segment(2048, &[1; 28])];
    program.segments[1].bytes[16..24].fill(0);
    program.symbols = vec![
        symbol("s_a", 0, 0, 2),
        symbol("s_b", 0, 2, 2),
        symbol("inittab", 1, 0, 24),
        symbol("part", 1, 24, 4),
    ];
    program.pointers = vec![
        (1, 0, "s_a"),
        (1, 4, "init_a"),
        (1, 8, "s_b"),
        (1, 12, "init_b"),
        (1, 24, "p"),
    ];
    let plan = ShakePlan {
        cut: names(&["part"]),
        tables: vec![RecordTable {
            symbol: "inittab".to_owned(),
            record_size: 8,
            key_offset: 0,
            keep: names(&["b"]),
        }],
        ..plan()
    };
    let (before, after, detail) = shaken(&program, &plan);
    assert_eq!(before.live, ["start", "resume", "init_b"]);
    assert_eq!(after.live, ["resume", "init_b"]);
    assert_eq!(before.memory, after.memory);
    assert_eq!(after.memory[2072..2076], [0; 4]);
    assert_eq!(detail.unneeded, [1026..1028, 2048..2072, 2072..2076]);
}

#[test]
fn the_plan_must_fit_the_exports() {
    let mut program = program(vec![], vec![]);
    program.exported_globals = vec![("box", 5)];
    let with = |entry: &str, only_before: &[&str], drop: &[&str]| {
        let plan = ShakePlan {
            drop_exports: names(drop),
            snapshot: Some(SnapshotPlan {
                entry: entry.to_owned(),
                only_before: names(only_before),
                cut: names(&[]),
            }),
            ..ShakePlan::default()
        };
        refused(&program, &plan)
    };
    assert_eq!(
        with("resmue", &[], &[]),
        "the export `resmue` does not exist, so it cannot be the entry after the snapshot"
    );
    assert_eq!(
        with("box", &[], &[]),
        "the export `box` is not a function, so it cannot be the entry after the snapshot"
    );
    assert_eq!(
        with("resume", &["satrt"], &[]),
        "the export `satrt` does not exist, so it cannot be dropped after the snapshot"
    );
    for (only_before, drop) in [(&["resume"][..], &[][..]), (&[], &["resume"])] {
        assert_eq!(
            with("resume", only_before, drop),
            "the export `resume` is the entry after the snapshot and cannot be dropped"
        );
    }
}

#[test]
fn what_a_snapshot_could_not_hold_is_refused() {
    // `i32.const SLOT`, `ref.null func`, `table.set 0`; `i32.const SLOT`, `drop`, `elem.drop 0`.
    let set = [&[0x41, 0x80, 0x80, 0x80, 0x80, 0][..], &[0xd0, 0x70, 0x26, 0]].concat();
    let drop = [&[0x41, 0x80, 0x80, 0x80, 0x80, 0][..], &[0x1a, 0xfc, 0x0d, 0]].concat();
    for bytes in [set, drop] {
        let step = Step::Raw(1, "resume", bytes);
        assert_eq!(
            refused(&program(vec![step.clone()], vec![]), &plan()),
            "not supported: code that changes a table or drops an element segment: \
             a snapshot holds only the memory"
        );
        let mut dead = program(vec![], vec![]);
        dead.functions.push(function("dead", vec![step]));
        assert_eq!(live(&dead).1, ["resume"]);
    }
    let mut starts = program(vec![], vec![]);
    starts.start = Some("start");
    assert_eq!(
        refused(&starts, &plan()),
        "not supported: a start function, which would run a second time: a snapshot holds only the memory"
    );
    shake(&starts.build(), &ShakePlan::default()).expect("without a snapshot it may be there");
}

#[test]
fn a_symbol_that_the_plan_keeps_stays_without_its_export() {
    let program = program(vec![], vec![]);
    let plan = ShakePlan {
        keep: names(&["start"]),
        ..plan()
    };
    let (_, after, _) = shaken(&program, &plan);
    assert_eq!(
        (after.live, after.exports),
        (
            vec!["start".to_owned(), "resume".to_owned()],
            vec!["memory".to_owned(), "resume".to_owned()]
        )
    );
}
