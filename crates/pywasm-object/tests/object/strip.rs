//! Names leave the module and stay in the symbol file.

use std::collections::BTreeSet;

use pywasm_object::{SymbolFile, strip, symbol_file, target_features};

use pywasm_testkit::program::{Program, Segment, Step, function};
use pywasm_testkit::seen::see;

fn program() -> Program {
    Program {
        imports: vec!["host"],
        functions: vec![function("_start", vec![Step::Call("f")]), function("f", vec![])],
        exports: vec!["_start"],
        segments: vec![Segment {
            name: ".data",
            address: 1024,
            bytes: b"data".to_vec(),
        }],
        custom: vec![
            ("producers", vec![0]),
            (
                "target_features",
                b"\x03+\x08sign-ext-\x07atomics+\x0bbulk-memory".to_vec(),
            ),
            (".debug_info", b"debug".to_vec()),
            ("sourceMappingURL", b"\x01x".to_vec()),
            ("licence", b"text".to_vec()),
            ("pywasm", b"{}".to_vec()),
        ],
        ..Program::default()
    }
}

#[test]
fn custom_sections_leave_but_for_those_kept() {
    let module = program().build();
    let stripped = strip(&module, &BTreeSet::new()).expect("stripped");
    let seen = see(&stripped.module);
    assert_eq!(seen.customs, ["pywasm"]);
    assert_eq!(
        (seen.exports, seen.segments),
        (vec!["memory".to_owned(), "_start".to_owned()], 1)
    );
    let stripped = strip(&module, &BTreeSet::from(["licence".to_owned()])).expect("stripped");
    assert_eq!(see(&stripped.module).customs, ["licence", "pywasm"]);
}

#[test]
fn the_symbol_file_knows_functions_and_data() {
    let module = program().build();
    let symbols = strip(&module, &BTreeSet::new()).expect("stripped").symbols;
    assert_eq!(symbols, symbol_file(&module).expect("read"));
    let text = serde_json::to_string(&symbols).expect("serializes");
    assert_eq!(
        text,
        "{\"schema\":1,\"functions\":[{\"index\":0,\"name\":\"host\",\"size\":0},\
         {\"index\":1,\"name\":\"_start\",\"size\":8},{\"index\":2,\"name\":\"f\",\"size\":2}],\
         \"data\":[{\"offset\":1024,\"size\":4}]}"
    );
    assert_eq!(
        serde_json::from_str::<SymbolFile>(&text).expect("deserializes"),
        symbols
    );
    assert_eq!(
        symbols.function(2).and_then(|function| function.name.as_deref()),
        Some("f")
    );
    assert_eq!(symbols.function(3), None);
}

#[test]
fn a_function_without_a_name_has_none_and_an_import_has_its_own() {
    let mut program = program();
    program.without = vec!["name"];
    let symbols = symbol_file(&program.build()).expect("read");
    let names: Vec<_> = symbols
        .functions
        .iter()
        .map(|function| function.name.as_deref())
        .collect();
    assert_eq!(names, [Some("env.host"), None, None]);
}

#[test]
fn a_broken_name_section_counts_as_none() {
    let mut program = program();
    program.without = vec!["name"];
    program.custom.push(("name", b"\x01\x7f\xff\xff".to_vec()));
    assert_eq!(symbol_file(&program.build()).expect("read").functions.len(), 3);
}

#[test]
fn features_are_those_that_the_code_uses() {
    assert_eq!(
        target_features(&program().build()).expect("read"),
        ["bulk-memory", "sign-ext"]
    );
    let mut none = program();
    none.custom.clear();
    assert!(target_features(&none.build()).expect("read").is_empty());
    none.custom = vec![("target_features", b"\x09+\x08sign".to_vec())];
    assert_eq!(
        target_features(&none.build()).expect_err("cut short").to_string(),
        "the section `target_features` is malformed"
    );
}
