//! Shaking keeps what is needed, exactly, in modules made for one case each.

use pywasm_object::ShakePlan;

use crate::cases::{names, program, refused, seen, segment, shaken};
use pywasm_testkit::program::{ABSOLUTE, NO_STRIP, Segment, Step, Symbol, UNDEFINED, function, symbol};

#[test]
fn calls_are_followed_and_the_rest_dies() {
    let mut program = program(vec![Step::Call("a")]);
    program.functions.extend([
        function("a", vec![Step::Call("b")]),
        function("b", vec![]),
        function("c", vec![Step::Call("b")]),
    ]);
    let (shaken, seen) = shaken(&program, &ShakePlan::default());
    assert_eq!(seen.live, ["_start", "a", "b"]);
    assert_eq!(
        (shaken.stats.functions.live, shaken.stats.functions.total),
        (3, 5)
    );
    assert_eq!(
        seen.customs,
        ["name"],
        "linking and relocations leave, names stay"
    );
}

#[test]
fn imports_keep_their_indices() {
    let mut program = program(vec![Step::Call("host")]);
    program.imports = vec!["unused", "host"];
    let (shaken, seen) = shaken(&program, &ShakePlan::default());
    assert_eq!(seen.live, ["_start"]);
    assert_eq!(
        (shaken.stats.functions.live, shaken.stats.functions.total),
        (2, 4)
    );
}

#[test]
fn code_of_the_linker_is_read_where_it_has_no_relocations() {
    let mut program = program(vec![Step::Call("__wasm_call_ctors")]);
    program.functions.extend([
        function("__wasm_call_ctors", vec![Step::BareCall("ctor")]),
        function("ctor", vec![]),
        function("__wasm_init_memory", vec![Step::Const(1024)]),
    ]);
    program.segments = vec![segment(1024, b"flag....")];
    program.symbols = vec![symbol("flag", 0, 0, 4), symbol("other", 0, 4, 4)];
    assert_eq!(seen(&program).live, ["_start", "__wasm_call_ctors", "ctor"]);
    program.start = Some("__wasm_init_memory");
    let seen = seen(&program);
    assert_eq!(
        seen.live,
        ["_start", "__wasm_call_ctors", "ctor", "__wasm_init_memory"]
    );
    assert_eq!(&seen.memory[1024..1032], b"flag\0\0\0\0");
}

#[test]
fn constructors_and_no_strip_symbols_and_kept_symbols_are_roots() {
    let mut program = program(vec![]);
    for name in ["ctor", "used", "kept"] {
        program.functions.push(function(name, vec![]));
    }
    program.constructors = vec!["ctor"];
    program.functions[3].flags = NO_STRIP;
    let plan = ShakePlan {
        keep: names(&["kept"]),
        ..ShakePlan::default()
    };
    assert_eq!(shaken(&program, &plan).1.live, ["_start", "ctor", "used", "kept"]);
    let plan = ShakePlan {
        keep: names(&["no_such_symbol"]),
        ..ShakePlan::default()
    };
    assert_eq!(
        refused(&program, &plan),
        "the symbol `no_such_symbol` is not in the module's symbol table"
    );
}

#[test]
fn a_dropped_export_dies_although_the_linker_was_told_to_keep_it() {
    let mut program = program(vec![]);
    program
        .functions
        .push(function("python", vec![Step::Call("help")]));
    program.functions.push(function("help", vec![]));
    program.functions[2].flags = NO_STRIP;
    program.exports.push("python");
    assert_eq!(seen(&program).live, ["_start", "python", "help"]);
    let plan = ShakePlan {
        drop_exports: names(&["python"]),
        ..ShakePlan::default()
    };
    let seen = shaken(&program, &plan).1;
    assert_eq!(seen.live, ["_start"]);
    assert_eq!(seen.exports, ["memory", "_start"]);
    let plan = ShakePlan {
        drop_exports: names(&["pyhton"]),
        ..ShakePlan::default()
    };
    assert_eq!(
        refused(&program, &plan),
        "the export `pyhton` does not exist, so it cannot be dropped"
    );
}

#[test]
fn an_address_counts_once_something_calls_that_type() {
    let mut program = program(vec![
        Step::Take("of_type_0"),
        Step::Take("of_type_1"),
        Step::Call("caller"),
    ]);
    program.functions.extend([
        function("of_type_0", vec![]),
        function("of_type_1", vec![]),
        function("never", vec![Step::Take("dead")]),
        function("caller", vec![Step::CallIndirect(1)]),
    ]);
    program.functions[3].ty = 1;
    let (shaken, seen) = shaken(&program, &ShakePlan::default());
    assert_eq!(seen.live, ["_start", "of_type_1", "caller"]);
    assert_eq!(
        seen.table.into_iter().collect::<Vec<_>>(),
        [(2, "of_type_1".to_owned())],
        "slots do not move"
    );
    assert_eq!(
        (shaken.stats.table_slots.live, shaken.stats.table_slots.total),
        (1, 3)
    );
    program.export_table = true;
    assert_eq!(
        crate::cases::seen(&program).live.len(),
        5,
        "what the host can call through the table stays: all but `never`"
    );
}

#[test]
fn an_address_may_be_seen_before_or_after_its_call() {
    for (first, second) in [
        (Step::CallIndirect(0), Step::Take("f")),
        (Step::Take("f"), Step::CallIndirect(0)),
    ] {
        let mut program = program(vec![Step::Call("a"), Step::Call("b")]);
        program.functions.extend([
            function("a", vec![first]),
            function("b", vec![second]),
            function("f", vec![]),
        ]);
        assert!(seen(&program).live.contains(&"f".to_owned()));
    }
}

#[test]
fn a_function_that_is_only_called_needs_no_slot() {
    let mut program = program(vec![Step::Call("f"), Step::CallIndirect(0)]);
    program
        .functions
        .extend([function("f", vec![]), function("unused", vec![Step::Take("f")])]);
    let seen = seen(&program);
    assert_eq!(seen.live, ["_start", "f"]);
    assert!(seen.table.is_empty());
}

#[test]
fn data_lives_by_symbol_and_leads_on() {
    let mut program = program(vec![Step::Data("table", 4), Step::CallIndirect(0)]);
    program.functions.push(function("f", vec![]));
    program.segments = vec![segment(1024, b"....................text....dead")];
    program.symbols = vec![
        symbol("table", 0, 0, 8),
        symbol("unused", 0, 8, 12),
        symbol("text", 0, 20, 4),
        symbol("hole", 0, 24, 4),
        symbol("dead_data", 0, 28, 4),
    ];
    program.pointers = vec![(0, 0, "text"), (0, 4, "f"), (0, 8, "dead_data"), (0, 12, "dead")];
    let (shaken, seen) = shaken(&program, &ShakePlan::default());
    assert_eq!(seen.live, ["_start", "f"]);
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&1044_u32.to_le_bytes());
    bytes[4] = 1;
    bytes[20..24].copy_from_slice(b"text");
    assert_eq!(seen.memory[1024..1056], bytes);
    assert_eq!(
        (shaken.stats.data_bytes.live, shaken.stats.data_bytes.total),
        (12, 32)
    );
}

#[test]
fn a_cut_table_is_empty_and_leads_nowhere() {
    let mut program = program(vec![Step::Data("table", 0), Step::CallIndirect(0)]);
    program.functions.push(function("f", vec![]));
    program.segments = vec![segment(1024, b"........kept")];
    program.symbols = vec![symbol("table", 0, 0, 8), symbol("other", 0, 8, 4)];
    program.pointers = vec![(0, 0, "f"), (0, 4, "other")];
    let plan = ShakePlan {
        cut: ["table".to_owned()].into(),
        ..ShakePlan::default()
    };
    let (_, seen) = shaken(&program, &plan);
    assert_eq!(seen.live, ["_start"]);
    assert_eq!(seen.memory[1024..1036], [0; 12]);
    for name in ["f", "nothing"] {
        let plan = ShakePlan {
            cut: [name.to_owned()].into(),
            ..ShakePlan::default()
        };
        let error = pywasm_object::shake(&program.build(), &plan).expect_err("is no data");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn merged_strings_overlap_and_each_keeps_its_own_bytes() {
    let mut program = program(vec![Step::Data("tail", 0), Step::Data("whole", 0)]);
    program.segments = vec![segment(1024, b"prefix\0one two\0none\0")];
    program.symbols = vec![
        symbol("dead_prefix", 0, 0, 7),
        symbol("dead_one_two", 0, 7, 8),
        symbol("tail", 0, 11, 4),
        symbol("whole", 0, 15, 5),
        symbol("dead_tail", 0, 16, 4),
    ];
    assert_eq!(
        &seen(&program).memory[1024..1044],
        b"\0\0\0\0\0\0\0\0\0\0\0two\0none\0"
    );
}

#[test]
fn aliases_share_their_bytes() {
    let mut program = program(vec![Step::Data("alias", 0)]);
    program.segments = vec![segment(1024, b"abcd")];
    program.symbols = vec![symbol("name", 0, 0, 4), symbol("alias", 0, 0, 4)];
    assert_eq!(&seen(&program).memory[1024..1028], b"abcd");
}

#[test]
fn a_symbol_without_a_size_reaches_to_the_next_one() {
    let mut program = program(vec![
        Step::Data("label", 0),
        Step::Data("at_end", 0),
        Step::CallIndirect(0),
    ]);
    program.functions.push(function("f", vec![]));
    program.segments = vec![segment(1024, b"abcd....zzzz")];
    program.symbols = vec![
        symbol("before", 0, 0, 4),
        symbol("label", 0, 4, 0),
        symbol("next", 0, 8, 4),
        symbol("at_end", 0, 12, 0),
    ];
    program.pointers = vec![(0, 4, "f")];
    let seen = seen(&program);
    assert_eq!(&seen.memory[1024..1036], b"\0\0\0\0\x01\0\0\0\0\0\0\0");
    assert_eq!(seen.live, ["_start", "f"]);
}

#[test]
fn bytes_without_a_symbol_stay_and_so_does_what_they_refer_to() {
    let mut program = program(vec![Step::CallIndirect(0)]);
    program.functions.push(function("f", vec![]));
    program.segments = vec![segment(1024, b"asm.ptr.own."), segment(2048, b"no symbols here")];
    program.symbols = vec![symbol("owned", 0, 8, 4)];
    program.pointers = vec![(0, 4, "f")];
    let seen = seen(&program);
    assert_eq!(&seen.memory[1024..1036], b"asm.\x01\0\0\0\0\0\0\0");
    assert_eq!(&seen.memory[2048..2063], b"no symbols here");
    assert_eq!(seen.live, ["_start", "f"]);
}

#[test]
fn an_exported_address_keeps_its_data() {
    let mut program = program(vec![]);
    program.segments = vec![segment(1024, b"deadbox.")];
    program.symbols = vec![symbol("other", 0, 0, 4), symbol("box", 0, 4, 4)];
    program.exported_globals = vec![("box", 1028)];
    assert_eq!(&seen(&program).memory[1024..1032], b"\0\0\0\0box.");
    let plan = ShakePlan {
        drop_exports: names(&["box"]),
        ..ShakePlan::default()
    };
    assert_eq!(shaken(&program, &plan).1.memory[1024..1032], [0; 8]);
}

#[test]
fn borders_of_a_section_keep_the_section() {
    let mut program = program(vec![Step::Data("__start_hooks", 0)]);
    program.segments = vec![
        Segment {
            name: "hooks",
            ..segment(1024, b"hook")
        },
        segment(2048, b"data"),
    ];
    program.symbols = vec![
        symbol("hook", 0, 0, 4),
        symbol("data", 1, 0, 4),
        Symbol {
            flags: ABSOLUTE,
            ..symbol("__start_hooks", 0, 1024, 0)
        },
        Symbol {
            flags: ABSOLUTE,
            ..symbol("__heap_base", 0, 99_999, 0)
        },
        Symbol {
            flags: UNDEFINED,
            ..symbol("weak", 0, 0, 0)
        },
    ];
    let seen = seen(&program);
    assert_eq!(&seen.memory[1024..1028], b"hook");
    assert_eq!(seen.memory[2048..2052], [0; 4]);
}
