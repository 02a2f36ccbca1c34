//! A snapshot's memory becomes the memory with which the module starts.

use std::ops::Range;

use pywasm_object::{Error, Share, Snapshot, SnapshotModule, snapshot, validate};
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType, Module, RefType,
    StartSection, TableType, TypeSection, ValType,
};

use pywasm_testkit::program::{Program, Segment, Step, function};
use pywasm_testkit::seen::see;

const PAGE: usize = 65_536;

/// Two pages, `old` at 1000, and `resume` and `other` exported.
fn module() -> Vec<u8> {
    let program = Program {
        functions: vec![
            function("resume", vec![Step::Const(0)]),
            function("other", vec![]),
        ],
        exports: vec!["resume", "other"],
        exported_globals: vec![("box", 1000)],
        segments: vec![Segment {
            name: ".data",
            address: 1000,
            bytes: b"old".to_vec(),
        }],
        ..Program::default()
    };
    program.build()
}

fn plan(unneeded: &[Range<u32>]) -> Snapshot<'_> {
    Snapshot {
        dropped: &[],
        from: "resume",
        to: "_start",
        unneeded,
        cut: &[],
        zeros: 8,
    }
}

fn memory(pages: usize, contents: &[(usize, &[u8])]) -> Vec<u8> {
    let mut memory = vec![0; pages * PAGE];
    for (at, bytes) in contents {
        memory[*at..at + bytes.len()].copy_from_slice(bytes);
    }
    memory
}

fn taken(memory: &[u8], unneeded: &[Range<u32>]) -> SnapshotModule {
    snapshot(&module(), memory, &plan(unneeded)).expect("taken")
}

#[test]
fn cut_data_becomes_zeros() {
    let memory = memory(2, &[(100, b"keep"), (200, b"cut!"), (204, b"keep")]);
    let cut = std::slice::from_ref(&(200..204));
    let plan = Snapshot { cut, ..plan(&[]) };
    let taken = snapshot(&module(), &memory, &plan).expect("taken");
    let seen = see(&taken.module).memory;
    assert_eq!(&seen[100..104], b"keep");
    assert_eq!(&seen[200..208], b"\0\0\0\0keep");
    let outside = std::slice::from_ref(&(2 * PAGE as u32..2 * PAGE as u32 + 4));
    let plan = Snapshot { cut: outside, ..plan };
    assert!(snapshot(&module(), &memory, &plan).is_err());
}

#[test]
fn the_memory_replaces_all_data_and_the_entry_is_renamed() {
    let memory = memory(3, &[(100, b"a"), (109, b"b"), (119, b"c"), (3 * PAGE - 1, b"z")]);
    let taken = taken(&memory, &[]);
    let seen = see(&taken.module);
    assert_eq!(seen.memory, memory, "nothing is left of `old`");
    assert_eq!((seen.pages, seen.segments), (3, 3));
    assert_eq!(seen.exports, ["memory", "_start", "other", "box"]);
    assert_eq!(seen.live, ["resume", "other"], "names stay");
    assert_eq!(taken.segments, 3);
    assert_eq!((taken.bytes.live, taken.bytes.total), (12, 3 * 65_536));
    let again = snapshot(&module(), &memory, &plan(&[])).expect("taken");
    assert_eq!(taken.module, again.module);
}

#[test]
fn an_empty_memory_needs_no_segment() {
    let seen = see(&taken(&memory(2, &[]), &[]).module);
    assert_eq!((seen.pages, seen.segments), (2, 0));
}

#[test]
fn segments_are_few_and_the_closest_are_joined() {
    let mut memory = memory(20, &[]);
    for index in 0..12_000 {
        memory[index * 100 + index % 7] = 1;
    }
    let taken = taken(&memory, &[]);
    let seen = see(&taken.module);
    assert_eq!(
        (taken.segments, seen.segments, seen.memory == memory),
        (10_000, 10_000, true)
    );
    // 1,714 gaps are of 93 bytes, the others of 100.
    assert_eq!(taken.bytes.live, 12_000 + 1_714 * 93 + 286 * 100);
}

#[test]
fn unneeded_bytes_stay_if_something_points_to_them() {
    let ranges = [2000..2100, 3000..3100, 4000..4100, 5000..5100];
    let kept = |contents: &[(usize, u32)]| {
        let mut bytes = memory(2, &[]);
        for range in &ranges {
            bytes[range.start as usize..range.end as usize].fill(0xff);
        }
        for (at, value) in contents {
            bytes[*at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        let taken = taken(&bytes, &ranges);
        let seen = see(&taken.module).memory;
        let mut stay = Vec::new();
        for range in &ranges {
            let (start, end) = (range.start as usize, range.end as usize);
            match seen[start..end] == bytes[start..end] {
                true => stay.push(range.start),
                false => assert!(seen[start..end].iter().all(|&byte| byte == 0)),
            }
            bytes[start..end].fill(0);
        }
        assert_eq!(
            taken.unneeded,
            Share {
                live: 100 * stay.len() as u64,
                total: 400
            }
        );
        let mut rest = seen;
        ranges
            .iter()
            .for_each(|range| rest[range.start as usize..range.end as usize].fill(0));
        assert_eq!(rest, bytes, "all else stays");
        stay
    };
    assert_eq!(kept(&[]), [0_u32; 0]);
    for address in [1984, 2000, 2001, 2099, 2100] {
        assert_eq!(kept(&[(60_000, address)]), [2000], "{address}");
    }
    for address in [1983, 2101] {
        assert_eq!(kept(&[(60_000, address)]), [0_u32; 0], "{address}");
    }
    assert_eq!(kept(&[(60_002, 3000)]), [3000], "at an address that is even");
    assert_eq!(
        kept(&[(60_001, 3000)]),
        [0_u32; 0],
        "nothing keeps pointers at odd ones"
    );
    assert_eq!(kept(&[(2 * PAGE - 4, 3000)]), [3000], "the last word counts");
    assert_eq!(kept(&[(0, 3000)]), [3000], "and the first");
    assert_eq!(
        kept(&[(60_000, 5000), (5040, 3050), (3096, 2000)]),
        [2000, 3000, 5000],
        "what is pointed to points on, forwards and backwards"
    );
    assert_eq!(
        kept(&[(2000, 3000), (3000, 2000), (4000, 4000)]),
        [0_u32; 0],
        "what only points among itself leaves"
    );
}

#[test]
fn ranges_may_overlap_and_come_in_any_order() {
    let mut memory = memory(2, &[(3000, &[1; 300]), (60_000, &3010_u32.to_le_bytes())]);
    let taken = taken(
        &memory,
        &[3200..3300, 3000..3100, 3050..3150, 3100..3100, 3200..3210],
    );
    memory[3200..3300].fill(0);
    assert_eq!(see(&taken.module).memory, memory);
    assert_eq!((taken.unneeded.live, taken.unneeded.total), (150, 250));
}

#[test]
fn ranges_that_touch_are_looked_at_one_by_one() {
    let mut memory = memory(2, &[(3000, &[1; 200]), (60_000, &3050_u32.to_le_bytes())]);
    let taken = taken(&memory, &[3000..3100, 3100..3200]);
    memory[3100..3200].fill(0);
    assert_eq!(see(&taken.module).memory, memory);
}

#[test]
fn a_memory_that_cannot_be_the_twins_is_refused() {
    let refuse = |memory: &[u8], unneeded: &[Range<u32>]| {
        let error = snapshot(&module(), memory, &plan(unneeded)).expect_err("refused");
        assert!(error.hint().is_some_and(|hint| hint.contains("together with")));
        error.to_string()
    };
    assert_eq!(
        refuse(&[0; 2 * PAGE + 1], &[]),
        "the snapshot has 131073 bytes, which is no whole number of pages"
    );
    assert_eq!(
        refuse(&[0; PAGE], &[]),
        "the snapshot has 1 pages, and the module starts with 2"
    );
    assert_eq!(
        refuse(&[], &[]),
        "the snapshot has 0 pages, and the module starts with 2"
    );
    let two = [0; 2 * PAGE];
    let (reversed, huge, beyond) = (Range { start: 9, end: 8 }, 5..u32::MAX, 131_071..131_073);
    assert_eq!(
        refuse(&two, &[beyond]),
        "the snapshot has no bytes 0x1ffff..0x20001"
    );
    assert_eq!(
        refuse(&two, &[0..4, huge]),
        "the snapshot has no bytes 0x5..0xffffffff"
    );
    assert_eq!(refuse(&two, &[reversed]), "the snapshot has no bytes 0x9..0x8");
    taken(&two, &[131_071..131_072, 0..0, 0..131_072]);
}

#[test]
fn the_entry_must_be_a_function_and_the_new_name_free() {
    let refuse = |from, to| {
        let plan = Snapshot {
            from,
            to,
            ..Snapshot::default()
        };
        snapshot(&module(), &[0; 2 * PAGE], &plan)
            .expect_err("refused")
            .to_string()
    };
    assert_eq!(refuse("resmue", "_start"), "the export `resmue` is not there");
    assert_eq!(refuse("resume", "other"), "the export `other` already exists");
    assert_eq!(
        refuse("memory", "_start"),
        "the export `memory` is not a function"
    );
    let same = Snapshot {
        from: "resume",
        to: "resume",
        ..Snapshot::default()
    };
    snapshot(&module(), &[0; 2 * PAGE], &same).expect("a name may stay");
}

/// What a module without the linker's sections has besides a memory and `resume`.
#[derive(Default)]
struct Bare {
    mutable_globals: usize,
    imported_global: bool,
    imported_table: bool,
    start: bool,
    /// A passive data segment, and code that names it.
    names_data: bool,
    data_count: bool,
    memory: Option<MemoryType>,
}

const MEMORY: MemoryType = MemoryType {
    minimum: 1,
    maximum: Some(2),
    memory64: false,
    shared: false,
    page_size_log2: None,
};

impl Bare {
    fn build(&self) -> Vec<u8> {
        let mut module = Module::new();
        let global = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        if self.imported_global {
            imports.import("env", "global", EntityType::Global(global));
        }
        if self.imported_table {
            let table = TableType {
                element_type: RefType::FUNCREF,
                table64: false,
                minimum: 0,
                maximum: None,
                shared: false,
            };
            imports.import("env", "table", EntityType::Table(table));
        }
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut memories = MemorySection::new();
        memories.memory(self.memory.unwrap_or(MEMORY));
        let mut globals = GlobalSection::new();
        for _ in 0..self.mutable_globals {
            globals.global(global, &ConstExpr::i32_const(0));
        }
        let mut exports = ExportSection::new();
        exports.export("resume", ExportKind::Func, 0);
        let mut body = Function::new([]);
        if self.names_data {
            body.instructions().data_drop(0);
        }
        body.instructions().end();
        let mut code = CodeSection::new();
        code.function(&body);
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&memories)
            .section(&globals)
            .section(&exports);
        if self.start {
            module.section(&StartSection { function_index: 0 });
        }
        let mut data = DataSection::new();
        if self.names_data {
            data.passive(*b"x");
        }
        if self.data_count || self.names_data {
            module.section(&DataCountSection { count: data.len() });
        }
        module.section(&code);
        if self.names_data {
            module.section(&data);
        }
        module.finish()
    }

    fn snapshot(&self, memory: &[u8]) -> Result<SnapshotModule, Error> {
        let module = self.build();
        validate(&module).expect("the input is valid");
        snapshot(&module, memory, &plan(&[]))
    }
}

#[test]
fn a_module_without_data_gets_a_data_section() {
    for data_count in [false, true] {
        let bare = Bare {
            data_count,
            mutable_globals: 1,
            ..Bare::default()
        };
        let memory = memory(2, &[(7, b"text")]);
        let seen = see(&bare.snapshot(&memory).expect("taken").module);
        assert_eq!(seen.memory, memory);
        assert_eq!(seen.data_count, data_count.then_some(1));
    }
}

#[test]
fn state_besides_the_memory_is_refused() {
    let refuse = |bare: Bare| bare.snapshot(&[0; PAGE]).expect_err("refused").to_string();
    let unsupported = |what: &str| format!("not supported: {what}: a snapshot holds only the memory");
    let none = Bare::default;
    assert_eq!(
        refuse(Bare {
            mutable_globals: 2,
            ..none()
        }),
        unsupported("a mutable global other than the stack pointer")
    );
    assert_eq!(
        refuse(Bare {
            imported_global: true,
            ..none()
        }),
        unsupported("an imported global that can change")
    );
    assert_eq!(
        refuse(Bare {
            imported_table: true,
            ..none()
        }),
        unsupported("an imported table")
    );
    assert_eq!(
        refuse(Bare {
            start: true,
            ..none()
        }),
        unsupported("a start function, which would run a second time")
    );
    assert_eq!(
        refuse(Bare {
            names_data: true,
            ..none()
        }),
        unsupported("code that names data segments by their index")
    );
    let wide = MemoryType {
        memory64: true,
        ..MEMORY
    };
    assert_eq!(
        refuse(Bare {
            memory: Some(wide),
            ..none()
        }),
        "the module's memory is not a plain 32-bit memory"
    );
    let grown = none().snapshot(&[0; 3 * PAGE]).expect_err("refused");
    assert_eq!(
        grown.to_string(),
        "the module's memory may have 2 pages, and 3 are needed"
    );
}
