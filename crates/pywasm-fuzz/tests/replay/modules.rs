//! Seeds of WebAssembly: a linked program, a shared module for it, an artifact's record and symbols.

use pywasm_bundle::image::ImageBuilder;
use pywasm_digest::Digest;
use pywasm_dist::record;
use pywasm_report::InputEntry;
use pywasm_testkit::program::{ABSOLUTE, Program, Segment, Step, Symbol, function, symbol};

fn program() -> Program {
    Program {
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
                bytes: b"one\0two\0text\0".to_vec(),
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
            symbol("text", 0, 8, 5),
            symbol("table", 1, 0, 24),
            symbol("image", 1, 32, 8),
            symbol("list", 1, 56, 8),
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
    }
}

const SIDE: &str = r#"(module (@dylink.0 (mem-info (memory 16 2) (table 2 0)) (import-info "env" "b" binding-weak))
    (import "env" "memory" (memory 1))
    (import "env" "__indirect_function_table" (table 1 funcref))
    (import "env" "__memory_base" (global $memory i32))
    (import "env" "__table_base" (global $table i32))
    (import "GOT.mem" "text" (global $text (mut i32)))
    (import "GOT.func" "a" (global $a (mut i32)))
    (import "env" "b" (func $b))
    (global $counter (mut i32) (i32.const 40))
    (func $plus (param i32) (global.set $counter (i32.add (local.get 0) (global.get $text))))
    (func $minus (param i32) (call_indirect (param i32) (local.get 0) (global.get $table)))
    (elem (offset (global.get $table)) func $plus $minus)
    (data (offset (i32.add (global.get $memory) (i32.const 4))) "\05\00\00\00")
    (func (export "__wasm_apply_data_relocs")
      (i32.store offset=8 (global.get $memory) (i32.add (global.get $table) (i32.const 1))))
    (func (export "__wasm_call_ctors") (call $b))
    (func (export "PyInit_side") (call $plus (i32.load offset=4 (global.get $memory)))))"#;

/// Imports from the host, of a type that the base has and of one that it has not.
const OPEN: &str = r#"(module (@dylink.0 (import-info "host" "maybe" binding-weak))
    (import "env" "a" (func $a))
    (import "krun:kv@1.0.0" "[method]bucket.get" (func $get (param i32 i64) (result f64)))
    (import "$root" "[waitable-set-drop]" (func $drop (param i32)))
    (import "host" "maybe" (func $maybe))
    (func (export "__wasm_call_ctors") (call $drop (i32.const 1)))
    (func (export "PyInit_side") (call $a) (call $maybe) (drop (call $get (i32.const 2) (i64.const 3)))))"#;

const PLAIN: &str = r#"(module (type (func (param i32) (result i32))) (memory 1 4) (table 2 funcref)
    (global (mut i32) (i32.const 65536)) (func $f (type 0) (local.get 0)) (func $main (export "_start")
    (drop (call_indirect (type 0) (i32.const 1) (i32.const 0)))) (elem (i32.const 0) func $f)
    (data (i32.const 8) "hello") (data "passive"))"#;

const SYMBOLS: &str = r#"{"schema":1,"functions":[{"index":0,"name":"f","size":4,"file":0,"keeper":4},{"index":1,"name":"main","size":11}],
"data":[{"offset":8,"size":5},{"size":7}],"symbols":[{"address":8,"size":5,"name":"hello","file":0,"keeper":1}],
"others":[{"name":"app","kind":"module","keeper":1},{"name":"x","kind":"data","keeper":3}],"files":["Objects/a.c"],
"builtins":{"b":[0]},"program":[8,13],"state":[0,4]}"#;

fn split(one: &[u8], two: &[u8]) -> Vec<u8> {
    let length = u32::try_from(one.len()).expect("it is short").to_le_bytes();
    [&length[..3], one, two].concat()
}

pub(crate) fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let (linked, plain) = (program().build(), wat::parse_str(PLAIN).expect("it is right"));
    let side = wat::parse_str(SIDE).expect("it is right");
    let open = wat::parse_str(OPEN).expect("it is right");
    let inputs = [InputEntry {
        path: "project/a.py".to_owned(),
        sha256: Digest::compute(b""),
    }];
    let record = record::ModuleRecord::new("0.1.0", "cpython-3.13.15-0123456789ab", &inputs);
    let sealed = record::seal(b"\0asm\x01\0\0\0".to_vec(), &record);
    let mut image = ImageBuilder::new();
    for path in [
        "app/main.pyc",
        "lib/python3.13/json/__init__.pyc",
        "app/data/words.txt",
    ] {
        image.add_file(path, path.as_bytes()).expect("a good path");
    }
    let image = image.build().expect("it is small");
    let hex: String = image.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let with_image = format!(r#"(module (memory 3) (data (i32.const 65536) "{hex}"))"#);
    let with_image = wat::parse_str(with_image).expect("it is right");
    vec![
        ("module", "linked", linked.clone()),
        ("module", "plain", plain.clone()),
        ("link", "side", split(&linked, &side)),
        ("link", "open", split(&linked, &open)),
        ("module-record", "sealed", sealed),
        ("size", "plain", split(&plain, SYMBOLS.as_bytes())),
        ("size", "image", split(&with_image, b"{}")),
        ("symbols", "module", SYMBOLS.as_bytes().to_vec()),
        ("image", "three", image),
    ]
}
