//! What a second build does again: nothing for the same input, and only what depends on a change.

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
