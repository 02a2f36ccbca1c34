//! Bytes are placed after the memory, and the module learns where.

use pywasm_object::{Error, place, validate};
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, MemorySection, MemoryType, Module, TypeSection, ValType,
};

use pywasm_testkit::program::{Program, Segment, Step, function, symbol};
use pywasm_testkit::seen::see;

const IMAGE: &str = "image";

/// A module whose global `image` holds the address of 8 zero bytes at 1024.
fn program() -> Program {
    Program {
        functions: vec![function("_start", vec![Step::Data("image_data", 0)])],
        exports: vec!["_start"],
        segments: vec![Segment {
            name: ".data",
            address: 1020,
            bytes: b"====________====".to_vec(),
        }],
        symbols: vec![symbol("image_data", 0, 4, 8)],
        exported_globals: vec![(IMAGE, 1024)],
        ..Program::default()
    }
}

fn word(memory: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(memory[at..at + 4].try_into().expect("4 bytes"))
}

#[test]
fn bytes_stand_behind_the_memory_and_the_variable_points_to_them() {
    let module = program().build();
    let image = [7_u8; 70_000];
    let seen = see(&place(&module, IMAGE, &image).expect("placed"));
    assert_eq!(seen.pages, 2 + 2);
    assert_eq!(
        (word(&seen.memory, 1024), word(&seen.memory, 1028)),
        (131_072, 70_000)
    );
    assert_eq!(&seen.memory[1020..1024], b"====");
    assert_eq!(&seen.memory[1032..1036], b"====");
    assert_eq!(seen.memory[131_072..201_072], image);
    assert_eq!(seen.exports, ["memory", "_start"]);
    assert_eq!(
        seen.globals, 1,
        "the export's global was the last one, and leaves"
    );
    assert_eq!(seen.live, ["_start"]);
}

#[test]
fn a_global_that_is_not_the_last_stays() {
    let mut program = program();
    program.exported_globals = vec![(IMAGE, 1024), ("other", 5)];
    let seen = see(&place(&program.build(), IMAGE, b"x").expect("placed"));
    assert_eq!(
        (seen.globals, seen.exports),
        (
            3,
            vec!["memory".to_owned(), "_start".to_owned(), "other".to_owned()]
        )
    );
}

#[test]
fn nothing_can_be_placed_too() {
    let seen = see(&place(&program().build(), IMAGE, b"").expect("placed"));
    assert_eq!((seen.pages, seen.segments), (2, 2));
    assert_eq!((word(&seen.memory, 1024), word(&seen.memory, 1028)), (131_072, 0));
}

#[test]
fn two_images_need_two_exports() {
    let once = place(&program().build(), IMAGE, b"x").expect("placed");
    assert_eq!(
        place(&once, IMAGE, b"x")
            .expect_err("the export left")
            .to_string(),
        "the export `image` is not there"
    );
}

/// A module without data: a memory, and `image` with that value.
fn bare(
    memory: MemoryType,
    global: GlobalType,
    value: &ConstExpr,
    uses_global: bool,
    data_count: bool,
) -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut memories = MemorySection::new();
    memories.memory(memory);
    let mut globals = GlobalSection::new();
    globals.global(global, value);
    let mut exports = ExportSection::new();
    exports.export(IMAGE, ExportKind::Global, 0);
    let mut body = Function::new([]);
    if uses_global {
        body.instructions().global_get(0).drop();
    }
    body.instructions().end();
    let mut code = CodeSection::new();
    code.function(&body);
    module
        .section(&types)
        .section(&functions)
        .section(&memories)
        .section(&globals)
        .section(&exports);
    if data_count {
        module.section(&DataCountSection { count: 0 });
    }
    module.section(&code);
    module.finish()
}

const MEMORY: MemoryType = MemoryType {
    minimum: 1,
    maximum: Some(2),
    memory64: false,
    shared: false,
    page_size_log2: None,
};
const ADDRESS: GlobalType = GlobalType {
    val_type: ValType::I32,
    mutable: false,
    shared: false,
};

#[test]
fn a_module_without_data_gets_a_data_section() {
    let value = ConstExpr::i32_const(8);
    for data_count in [false, true] {
        let module = bare(MEMORY, ADDRESS, &value, false, data_count);
        let seen = see(&place(&module, IMAGE, b"bytes").expect("placed"));
        assert_eq!(seen.data_count, data_count.then_some(2));
        assert_eq!((word(&seen.memory, 8), word(&seen.memory, 12)), (65_536, 5));
        assert_eq!(seen.globals, 0);
    }
    let module = bare(MEMORY, ADDRESS, &value, true, false);
    assert_eq!(
        see(&place(&module, IMAGE, b"bytes").expect("placed")).globals,
        1,
        "code reads the global"
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let value = |address| ConstExpr::i32_const(address);
    let refuse = |memory, global, value: &ConstExpr, length: usize| {
        let module = bare(memory, global, value, false, false);
        validate(&module).expect("the input is valid");
        place(&module, IMAGE, &vec![0; length])
            .expect_err("refused")
            .to_string()
    };
    let mutable = GlobalType {
        mutable: true,
        ..ADDRESS
    };
    let wide = GlobalType {
        val_type: ValType::I64,
        ..ADDRESS
    };
    let wide_memory = MemoryType {
        memory64: true,
        ..MEMORY
    };
    let full = MemoryType {
        minimum: 65_535,
        maximum: None,
        ..MEMORY
    };
    assert_eq!(
        refuse(MEMORY, ADDRESS, &value(8), 65_537),
        "the module's memory may have 2 pages, and 3 are needed"
    );
    assert_eq!(
        refuse(full, ADDRESS, &value(8), 1),
        "the module's memory may have 65536 pages, and 65536 are needed"
    );
    assert_eq!(
        refuse(wide_memory, ADDRESS, &value(8), 1),
        "the module's memory is not a plain 32-bit memory"
    );
    assert_eq!(
        refuse(MEMORY, mutable, &value(8), 1),
        "the export `image` is not an immutable i32 global of the module itself"
    );
    assert_eq!(
        refuse(MEMORY, wide, &ConstExpr::i64_const(8), 1),
        "the export `image` is not an immutable i32 global of the module itself"
    );
    assert_eq!(
        refuse(MEMORY, ADDRESS, &value(65_529), 1),
        "the export `image` holds an address outside of the memory"
    );
    assert_eq!(
        refuse(MEMORY, ADDRESS, &value(-1), 1),
        "the export `image` holds an address outside of the memory"
    );
    assert_eq!(
        refuse(MEMORY, ADDRESS, &value(8).with_i32_const(1).with_i32_add(), 1),
        "the export `image` has no constant value"
    );
    let module = program().build();
    assert_eq!(
        place(&module, "memory", b"").expect_err("refused").to_string(),
        "the export `memory` is not a global"
    );
    assert!(matches!(place(b"", IMAGE, b""), Err(Error::Invalid(_))));
}
