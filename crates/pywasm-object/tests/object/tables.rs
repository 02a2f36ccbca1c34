//! Record tables lose records, and with them all that only those referred to.

use pywasm_object::{Error, RecordTable, ShakePlan, shake, table_names};

use crate::cases::{names, program, refused, segment, shaken};
use pywasm_testkit::program::{LOCAL, Program, Step, Symbol, function, symbol};

/// `inittab[] = {{"io", init_io}, {"sys", init_sys}, {"zlib", init_zlib}, {0}}`.
pub(crate) fn tables() -> Program {
    let mut program = program(vec![Step::Data("inittab", 0), Step::CallIndirect(0)]);
    for (name, helper) in [
        ("init_io", "io_help"),
        ("init_sys", "sys_help"),
        ("init_zlib", "zlib_help"),
    ] {
        program
            .functions
            .extend([function(name, vec![Step::Call(helper)]), function(helper, vec![])]);
    }
    program.segments = vec![segment(1024, b"io\0sys\0zlib\0"), segment(2048, &[0; 36])];
    program.symbols = vec![
        symbol("s_io", 0, 0, 3),
        symbol("s_sys", 0, 3, 4),
        symbol("s_zlib", 0, 7, 5),
        symbol("inittab", 1, 0, 32),
        symbol("other", 1, 32, 4),
    ];
    program.pointers = vec![
        (1, 0, "s_io"),
        (1, 4, "init_io"),
        (1, 8, "s_sys"),
        (1, 12, "init_sys"),
        (1, 16, "s_zlib"),
        (1, 20, "init_zlib"),
    ];
    program
}

fn inittab(keep: &[&str]) -> RecordTable {
    RecordTable {
        symbol: "inittab".to_owned(),
        record_size: 8,
        key_offset: 0,
        keep: names(keep),
    }
}

fn table_plan(table: RecordTable) -> ShakePlan {
    ShakePlan {
        tables: vec![table],
        ..ShakePlan::default()
    }
}

#[test]
fn a_record_table_is_compacted() {
    let program = tables();
    assert_eq!(
        table_names(&program.build(), &inittab(&[])).expect("names"),
        ["io", "sys", "zlib"]
    );
    let (shaken, seen) = shaken(&program, &table_plan(inittab(&["io", "zlib"])));
    assert_eq!(
        seen.live,
        ["_start", "init_io", "io_help", "init_zlib", "zlib_help"]
    );
    assert_eq!(shaken.table_names["inittab"], ["io", "zlib"]);
    assert_eq!(&seen.memory[1024..1036], b"io\0\0\0\0\0zlib\0");
    let records: Vec<u32> = seen.memory[2048..2080]
        .chunks(4)
        .map(|word| u32::from_le_bytes(word.try_into().expect("4 bytes")))
        .collect();
    assert_eq!(records, [1024, 1, 1031, 3, 0, 0, 0, 0]);
    assert_eq!(seen.table.keys().copied().collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn a_record_table_must_be_as_promised() {
    let plan = |change: fn(&mut RecordTable)| {
        let mut table = inittab(&["io"]);
        change(&mut table);
        table_plan(table)
    };
    let program = tables();
    let of = |program: &Program, change| refused(program, &plan(change));
    assert_eq!(
        of(&program, |table| table.keep = names(&["io", "bz2", "lzma"])),
        "the record table `inittab` has no record named bz2, lzma"
    );
    assert_eq!(
        of(&program, |table| table.symbol = "tab".to_owned()),
        "the symbol `tab` is not in the module's symbol table"
    );
    assert_eq!(
        of(&program, |table| table.symbol = "dead".to_owned()),
        "the record table `dead` is not data"
    );
    assert_eq!(
        of(&program, |table| table.record_size = 0),
        "the record table `inittab` cannot have records of 0 bytes with a name at 0"
    );
    assert_eq!(
        of(&program, |table| table.key_offset = 6),
        "the record table `inittab` cannot have records of 8 bytes with a name at 6"
    );
    assert_eq!(
        of(&program, |table| table.record_size = 12),
        "the record table `inittab` has 32 bytes, which is not a multiple of the record size 12"
    );
    assert_eq!(
        of(&program, |table| table.key_offset = 4),
        "the record table `inittab` has no name in record 0"
    );
    let twice = ShakePlan {
        tables: vec![inittab(&[]), inittab(&[])],
        ..ShakePlan::default()
    };
    assert_eq!(
        refused(&program, &twice),
        "the record table `inittab` is named twice"
    );

    let mut endless = tables();
    endless.symbols[3].size = 24;
    assert_eq!(
        of(&endless, |_| ()),
        "the record table `inittab` does not end with a record of zeros"
    );
    let mut holed = tables();
    holed.pointers.drain(2..4);
    assert_eq!(
        of(&holed, |_| ()),
        "the record table `inittab` continues after its end, at record 2"
    );
    let mut shared = tables();
    shared.symbols.push(symbol("second", 1, 8, 8));
    assert_eq!(
        of(&shared, |_| ()),
        "the record table `inittab` shares bytes with another symbol"
    );
    let mut double = tables();
    double.symbols.push(Symbol {
        flags: LOCAL,
        ..symbol("inittab", 1, 32, 4)
    });
    shaken(&double, &plan(|_| ()));
    double.symbols[3].flags = LOCAL;
    assert_eq!(
        of(&double, |_| ()),
        "the symbol `inittab` occurs more than once in the module's symbol table"
    );
}

#[test]
fn shaking_twice_the_same_gives_the_same_bytes() {
    let module = tables().build();
    let plan = table_plan(inittab(&["sys"]));
    let first = shake(&module, &plan).expect("shakes");
    assert_eq!(first.module, shake(&module, &plan).expect("shakes").module);
    assert!(
        matches!(shake(&first.module, &plan), Err(Error::NoRelocations { .. })),
        "and only once"
    );
}
