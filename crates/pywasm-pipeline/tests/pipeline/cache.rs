//! What a second build does again: nothing for the same input, and only what depends on a change.

use std::fs;

use pywasm_digest::Digest;

use crate::case::Case;

#[test]
fn the_same_input_is_made_once() {
    let case = Case::new("", &[("main.py", "import json\n")]);
    let first = case.output();
    let compiled = case.interpreter.compiled().len();
    assert!(compiled > 0);
    let second = case.output();
    assert_eq!(first.files, second.files);
    assert_eq!(case.interpreter.compiled().len(), compiled);
    assert_eq!(case.optimizer.optimized(), 1);
}

#[test]
fn a_changed_line_compiles_one_file_again() {
    let case = Case::new(
        "",
        &[("main.py", "import json, helper\n"), ("helper.py", "x = 1\n")],
    );
    case.output();
    let before = case.interpreter.compiled();
    case.write("helper.py", "x = 2\n");
    case.output();
    let after = case.interpreter.compiled();
    assert_eq!(after[before.len()..], ["/pywasm/app/helper.py"]);
    // Neither the base nor the set of builtin modules changed.
    assert_eq!(case.optimizer.optimized(), 1);
}

#[test]
fn another_builtin_module_needs_another_interpreter() {
    let case = Case::new("", &[("main.py", "import json\n")]);
    case.output();
    case.write("main.py", "import json, time\n");
    case.output();
    assert_eq!(case.optimizer.optimized(), 2);
    case.write("main.py", "import json\n");
    case.output();
    assert_eq!(case.optimizer.optimized(), 2);
}

#[test]
fn an_option_that_changes_bytecode_compiles_again() {
    let case = Case::new("docstrings = 'none'\n", &[("main.py", "import json\n")]);
    case.output();
    let before = case.interpreter.compiled();
    let config = std::fs::read_to_string(case.path("pyproject.toml")).expect("a file");
    case.write("pyproject.toml", &config.replace("'none'", "'app'"));
    case.output();
    let after = case.interpreter.compiled();
    assert_eq!(after[before.len()..], ["/pywasm/app/main.py"]);
}

#[test]
fn a_changed_line_changes_one_pack_of_scans() {
    let case = Case::new(
        "",
        &[
            ("main.py", "import json, shop.prices\n"),
            ("shop/__init__.py", ""),
            ("shop/prices.py", "x = 1\n"),
        ],
    );
    let first = case.output();
    let before = case.entries("scan");
    // The app's own modules, those of its package, those of the standard library and of its package.
    assert!(before.len() >= 4);
    assert_eq!(case.output().files, first.files);
    assert_eq!(case.entries("scan"), before);
    case.write("shop/prices.py", "import time\n");
    assert_ne!(case.output().files, first.files);
    let after = case.entries("scan");
    let changed: Vec<_> = after
        .iter()
        .filter(|(path, content)| before.get(*path) != Some(content))
        .collect();
    assert_eq!(changed.len(), 1);
    // As it was: the scan is still there.
    case.write("shop/prices.py", "x = 1\n");
    assert_eq!(case.output().files, first.files);
    assert_eq!(case.entries("scan"), after);
}

/// What can happen to an entry, each in another way.
fn damage(entry: &[u8]) -> [Vec<u8>; 6] {
    let signed = |content: &[u8]| [Digest::compute(content).to_string().as_bytes(), content].concat();
    let content = &entry[64..];
    let all_but_one = &content[..content.len() - 1];
    [
        Vec::new(),
        entry[..entry.len() / 2].to_vec(),
        [&entry[..entry.len() - 1], &[0xff]].concat(),
        // The digest is right, but the content is no pack, or its last scan is none.
        signed(&[0xff; 40]),
        signed(all_but_one),
        signed(&[all_but_one, &[0xff]].concat()),
    ]
}

#[test]
fn a_damaged_pack_of_scans_is_made_again() {
    let case = Case::new(
        "",
        &[("main.py", "import json, helper\n"), ("helper.py", "x = 1\n")],
    );
    let first = case.output();
    let entries = case.entries("scan");
    for way in 0..6 {
        for (path, entry) in &entries {
            fs::write(path, &damage(entry)[way]).expect("an entry");
        }
        assert_eq!(case.output().files, first.files);
        assert_eq!(case.entries("scan"), entries);
    }
}
