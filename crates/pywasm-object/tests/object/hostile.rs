//! Damaged modules are refused or handled, and never make a pass panic.
//!
//! The damage is the same in each run: a small generator with a fixed seed
//! flips, cuts, inserts and copies bytes. `scripts/fuzz.sh module` does the same for longer.

use std::collections::BTreeSet;

use pywasm_object::{
    Error, RecordTable, ShakePlan, Snapshot, SnapshotPlan, pack, place, shake, snapshot, strip, symbol_file,
    table_names, target_features, validate,
};

use pywasm_testkit::program::{ABSOLUTE, NO_STRIP, Program, Segment, Step, Symbol, function, symbol};

/// Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn program() -> Program {
    let mut program = Program {
        imports: vec!["host"],
        functions: vec![
            function(
                "_start",
                vec![
                    Step::Call("__wasm_call_ctors"),
                    Step::Data("table", 4),
                    Step::CallIndirect(0),
                ],
            ),
            function("__wasm_call_ctors", vec![Step::BareCall("ctor")]),
            function("ctor", vec![Step::Call("host"), Step::Take("b")]),
            function("a", vec![Step::Data("text", 0)]),
            function("b", vec![Step::CallIndirect(1)]),
            function("c", vec![Step::Data("__start_hooks", 0)]),
        ],
        segments: vec![
            Segment {
                name: ".rodata",
                address: 1024,
                bytes: b"one\0two\0text and more text\0".to_vec(),
            },
            Segment {
                name: "hooks",
                address: 2048,
                bytes: vec![0; 64],
            },
        ],
        symbols: vec![
            symbol("one", 0, 0, 4),
            symbol("two", 0, 4, 4),
            symbol("text", 0, 8, 19),
            symbol("more", 0, 17, 0),
            symbol("table", 1, 0, 24),
            symbol("image", 1, 32, 8),
            Symbol {
                flags: ABSOLUTE,
                ..symbol("__start_hooks", 0, 2048, 0)
            },
        ],
        pointers: vec![
            (1, 0, "one"),
            (1, 4, "a"),
            (1, 8, "two"),
            (1, 12, "b"),
            (1, 48, "text"),
        ],
        exports: vec!["_start", "c"],
        exported_globals: vec![("image", 2080)],
        constructors: vec!["ctor"],
        custom: vec![("target_features", b"\x01+\x08sign-ext".to_vec())],
        ..Program::default()
    };
    program.functions[5].flags = NO_STRIP;
    program
}

fn plan() -> ShakePlan {
    ShakePlan {
        cut: BTreeSet::default(),
        drop_exports: names(&["c"]),
        keep: names(&["more"]),
        tables: vec![RecordTable {
            symbol: "table".to_owned(),
            record_size: 8,
            key_offset: 0,
            keep: names(&["one"]),
        }],
        ..ShakePlan::default()
    }
}

/// Shakes for a snapshot, and gives the second module a memory.
fn shake_behind(module: &[u8]) -> Result<Vec<u8>, Error> {
    let plan = ShakePlan {
        snapshot: Some(SnapshotPlan {
            entry: "c".to_owned(),
            only_before: names(&["_start"]),
            cut: names(&[]),
        }),
        ..ShakePlan::default()
    };
    let after = shake(module, &plan)?
        .after_snapshot
        .expect("the plan asks for it");
    validate(&after.module).expect("shaking gives a valid module");
    let mut memory = vec![0; 2 * 65_536];
    memory[1000..3000].fill(4);
    let plan = Snapshot {
        dropped: &[],
        from: "c",
        to: "resume",
        unneeded: &after.unneeded,
        cut: &after.cut,
        zeros: 8,
    };
    Ok(snapshot(&after.module, &memory, &plan)?.module)
}

/// Runs every pass; what a pass gives must be valid.
fn run(module: &[u8]) -> usize {
    let (plan, none) = (plan(), ShakePlan::default());
    let modules = [
        shake(module, &plan).map(|shaken| shaken.module),
        shake(module, &none).map(|shaken| shaken.module),
        shake_behind(module),
        place(module, "image", b"some bytes"),
        pack(module, 8),
        strip(module, &names(&["name"])).map(|stripped| stripped.module),
    ];
    let _ = (
        table_names(module, &plan.tables[0]),
        target_features(module),
        symbol_file(module),
    );
    for module in modules.iter().flatten() {
        validate(module).expect("a pass gives a valid module");
    }
    modules.iter().filter(|module| module.is_ok()).count()
}

fn damage(random: &mut Random, module: &mut Vec<u8>) {
    let at = random.below(module.len());
    match random.below(6) {
        0 => module[at] = random.next() as u8,
        1 => module[at] ^= 1 << random.below(8),
        2 => module[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
        3 => module.insert(at, random.next() as u8),
        4 => {
            module.remove(at);
        }
        _ => {
            let from = random.below(module.len());
            let length = random.below(8).min(module.len() - at.max(from));
            module.copy_within(from..from + length, at);
        }
    }
}

#[test]
fn the_whole_module_passes() {
    assert_eq!(run(&program().build()), 6);
}

#[test]
fn damaged_modules_do_not_panic() {
    let module = program().build();
    let mut random = Random(0x5eed_5eed_5eed_5eed);
    let mut survived = 0;
    for round in 0..10_000 {
        let mut damaged = module.clone();
        for _ in 0..=round % 3 {
            damage(&mut random, &mut damaged);
        }
        survived += run(&damaged);
    }
    assert!(
        survived > 500,
        "most damage is too coarse to test anything: {survived}"
    );
}

#[test]
fn modules_that_end_early_do_not_panic() {
    let module = program().build();
    for end in 0..module.len() {
        run(&module[..end]);
    }
}
