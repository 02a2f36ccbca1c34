//! The optimized form of a module loses what the shaken form of the same module has not.

use pywasm_object::{Error, shake_optimized, without_link};
use wasmparser::{Parser, Payload};

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("valid text")
}

/// `left` calls what an optimizer has put aside, `gone` and slot 2 are what shaking takes.
const OPTIMIZED: &str = r#"(module
    (memory 1) (table 4 funcref)
    (func $left (export "left") (result i32) (call $called) (call_indirect (type 0) (i32.const 1)))
    (func $called)
    (func $first (result i32) (i32.const 1))
    (func $second (result i32) (call $deep) (i32.const 2))
    (func $deep)
    (func $gone (export "gone"))
    (elem (i32.const 1) func $first $second)
    (data (i32.const 8) "live") (data (i32.const 16) "dead"))"#;

const SHAKEN: &str = r#"(module
    (memory 1) (table 4 funcref)
    (func $gone unreachable)
    (func $left (export "left") (result i32) (i32.const 0))
    (func $first (result i32) (i32.const 1))
    (elem (i32.const 1) func $first)
    (data (i32.const 8) "live")
    (@custom "target_features" (after data) "\00"))"#;

/// Which functions have a body of their own, and the bytes of the data segments.
fn anatomy(module: &[u8]) -> (Vec<bool>, Vec<Vec<u8>>, Vec<String>) {
    let (mut bodies, mut data, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.expect("parses") {
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes() != [0, 0x00, 0x0b]),
            Payload::DataSection(section) => {
                data.extend(section.into_iter().map(|one| one.expect("parses").data.to_vec()));
            }
            Payload::ExportSection(section) => {
                names.extend(
                    section
                        .into_iter()
                        .map(|one| one.expect("parses").name.to_owned()),
                );
            }
            Payload::CustomSection(section) => names.push(section.name().to_owned()),
            _ => {}
        }
    }
    (bodies, data, names)
}

#[test]
fn what_the_shaken_module_does_not_have_leaves() {
    let module = shake_optimized(&wat(OPTIMIZED), &wat(SHAKEN)).expect("shakes");
    let (bodies, data, names) = anatomy(&module);
    assert_eq!(bodies, [true, true, true, false, false, false]);
    assert_eq!(data, [b"live"]);
    assert!(
        names.contains(&"left".to_owned()) && !names.contains(&"gone".to_owned()),
        "{names:?}"
    );
    assert!(names.contains(&"target_features".to_owned()), "{names:?}");
}

#[test]
fn another_module_is_refused() {
    let refuses = |optimized: &str, shaken: &str| {
        matches!(
            shake_optimized(&wat(optimized), &wat(shaken)),
            Err(Error::Unsupported(_))
        )
    };
    assert!(refuses("(module)", SHAKEN));
    assert!(refuses(OPTIMIZED, "(module (func (export \"other\")))"));
    assert!(refuses(OPTIMIZED, "(module (memory 1) (data \"passive\"))"));
    assert!(refuses("(module (func $start) (start $start))", "(module)"));
    assert!(shake_optimized(b"no module", &wat(SHAKEN)).is_err());
}

#[test]
fn what_describes_the_link_leaves_before_the_optimizer() {
    let module = wat(r#"(module (func $named) (memory 1) (data $text (i32.const 0) "a")
        (@custom "linking" (after data) "\02") (@custom ".debug_info" (after data) "x")
        (@custom "target_features" (after data) "\00"))"#);
    let module = without_link(&module).expect("valid");
    assert_eq!(anatomy(&module).2, ["target_features", "name"]);
    let has = |name: &str| module.windows(name.len()).any(|part| part == name.as_bytes());
    assert!(has("named") && !has("text"));
}
