//! Shared modules of other shapes than `wasm-ld` gives them, as generators of glue may write them.

use pywasm_object::{SideModule, link};

use super::clang::{Running, base, linked_and_shaken, live, plan};

fn module(text: &str) -> SideModule {
    SideModule {
        name: "side".to_owned(),
        wasm: wat::parse_str(text).expect("the text is right"),
        is_open: false,
    }
}

const IMPORTS: &str = r#"
    (import "env" "memory" (memory 1))
    (import "env" "__indirect_function_table" (table 1 funcref))
    (import "env" "__memory_base" (global $memory i32))
    (import "env" "__table_base" (global $table i32))
    (import "env" "apply" (func $apply (param i32 i32) (result i32)))
"#;

#[test]
fn relocations_of_an_unknown_shape_run_at_the_start() {
    let text = format!(
        r#"(module (@dylink.0 (mem-info (memory 16 2) (table 2 0))) {IMPORTS}
        (global $counter (mut i32) (i32.const 40))
        (global $wide i64 (i64.const 3))
        (func $plus (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func $minus (param i32) (result i32) (i32.sub (local.get 0) (i32.wrap_i64 (global.get $wide))))
        (func $never (param i32) (result i32) unreachable)
        (elem (offset (global.get $table)) func $plus $minus)
        (data (offset (i32.add (global.get $memory) (i32.const 4))) "\05\00\00\00")
        (func (export "__wasm_apply_data_relocs")
          (if (i32.const 1) (then (i32.store offset=8 (global.get $memory) (global.get $table)))))
        (func (export "count") (param i32) (result i32)
          (global.set $counter (i32.add (global.get $counter) (local.get 0)))
          (global.get $counter))
        (func (export "stored") (param i32) (result i32)
          (call $apply (i32.load offset=8 (global.get $memory)) (local.get 0)))
        (func (export "computed") (param i32) (result i32)
          (call $apply (i32.add (i32.const 1) (global.get $table)) (local.get 0)))
        (func (export "datum") (param i32) (result i32) (i32.load offset=4 (global.get $memory))))"#
    );
    let records = [
        ("count", 0, "count"),
        ("stored", 0, "stored"),
        ("computed", 0, "computed"),
        ("datum", 0, "datum"),
    ];
    for linked in linked_and_shaken(&plan(vec![module(&text)], &records)) {
        let mut running = Running::new(&linked);
        assert_eq!([running.call(0, 1), running.call(0, 2)], [41, 43]);
        assert_eq!(
            [running.call(1, 5), running.call(2, 5), running.call(3, 0)],
            [6, 2, 5]
        );
    }
}

#[test]
fn only_the_slot_that_the_code_names_stays() {
    let text = format!(
        r#"(module (@dylink.0 (mem-info (table 2 0))) {IMPORTS}
        (func $plus (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func $minus (param i32) (result i32) (i32.sub (local.get 0) (i32.const 1)))
        (elem (offset (global.get $table)) func $plus $minus)
        (func (export "f") (param i32) (result i32)
          (call $apply (i32.add (global.get $table) (i32.const 1)) (local.get 0))))"#
    );
    let [linked, shaken] = linked_and_shaken(&plan(vec![module(&text)], &[("f", 0, "f")]));
    let count = |module: &[u8]| {
        live(module)
            .iter()
            .filter(|name| name.starts_with("side:"))
            .count()
    };
    assert_eq!([count(&linked), count(&shaken)], [3, 2]);
    assert_eq!(Running::new(&shaken).call(0, 5), 4);
}

#[test]
fn what_cannot_be_linked_is_refused() {
    let refused = |text: &str| {
        let error = link(&base(), &plan(vec![module(text)], &[])).expect_err("it is refused");
        error.to_string()
    };
    let cases = [
        (
            "(memory 1)",
            "does not import the one 32-bit memory that it may have",
        ),
        (
            "(table 1 funcref)",
            "does not import the one table that it may have",
        ),
        ("(tag)", "has tags: exceptions are not supported"),
        (
            "(import \"env\" \"memory\" (memory 1)) (data \"passive\")",
            "has a data segment that is passive, or does not start at __memory_base + N",
        ),
        (
            "(import \"env\" \"memory\" (memory 1)) (import \"env\" \"__memory_base\" (global $m i32))
             (data (offset (global.get $m)) \"12345678\") (data (offset (global.get $m)) \"1\")",
            "has data segments that overlap, or are not in the order of their addresses",
        ),
        (
            "(import \"env\" \"memory\" (memory 1)) (import \"env\" \"__memory_base\" (global $m i32))
             (data (offset (global.get $m)) \"123456789\")",
            "has data outside the memory that it requests",
        ),
        (
            "(import \"env\" \"__tls_base\" (global i32))",
            "imports the global env.__tls_base, which is not an import that a linker makes",
        ),
        (
            "(import \"env\" \"memory\" (memory 1 1 shared))",
            "needs a shared memory: threads are not supported",
        ),
    ];
    for (text, problem) in cases {
        let text = format!("(module (@dylink.0 (mem-info (memory 8 2) (table 0 0))) {text})");
        assert_eq!(refused(&text), format!("the module `side` {problem}"), "{text}");
    }
    let sizes = [
        (
            "memory 4294967295 2",
            "needs 4294967295 bytes of memory, which the base does not have",
        ),
        ("memory 8 17", "needs an alignment of more than 65,536"),
        (
            "table 4294967295 0",
            "needs 4294967295 table slots, but the limit is 10000000",
        ),
    ];
    for (size, problem) in sizes {
        let text = format!("(module (@dylink.0 (mem-info ({size}))))");
        assert_eq!(refused(&text), format!("the module `side` {problem}"));
    }
}
