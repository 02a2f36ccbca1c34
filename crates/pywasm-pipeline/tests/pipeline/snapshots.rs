//! What becomes of modules that do something at import that no snapshot can keep.

use pywasm_interpreter::NoticeKind;
use pywasm_testkit::TestInterpreter;

use crate::case::{Case, chain};

const PACKAGES: &str = "paths = ['deps']\n";

/// A program with a dependency that draws random numbers while it is imported.
fn drawing(config: &str) -> Case {
    let mut case = Case::new(
        config,
        &[
            ("main.py", "import token_maker\n"),
            ("deps/token_maker.py", "import os\nSEED = os.urandom(4)\n"),
        ],
    );
    case.interpreter = TestInterpreter::default().noticing(
        "token_maker",
        "/pywasm/lib/python3.13/site-packages/token_maker.py",
        2,
        NoticeKind::Entropy,
        "",
    );
    case
}

#[test]
fn a_dependency_is_left_to_the_start() {
    let case = drawing(PACKAGES);
    let output = case.output();
    let starts = case.interpreter.starts();
    let [first, second] = starts.as_slice() else {
        panic!("the snapshot is taken in two rounds: {starts:?}");
    };
    assert!(first.contains(&"token_maker".to_owned()), "{first:?}");
    assert!(!second.contains(&"token_maker".to_owned()), "{second:?}");
    assert!(output.warnings.is_empty(), "{:?}", output.warnings);
    // It is in the artifact all the same.
    let modules = &output.report.modules;
    assert!(modules.iter().any(|module| module.name == "token_maker"));
}

#[test]
fn what_is_allowed_stays_in_the_snapshot() {
    let case = drawing(&format!("{PACKAGES}allow = ['entropy:token_maker']\n"));
    case.output();
    assert_eq!(case.interpreter.starts().len(), 1);
}

#[test]
fn the_program_s_own_module_is_an_error_with_its_line() {
    let mut case = Case::new("", &[]);
    case.write(
        "pyproject.toml",
        "[project]\nname = 'app'\n\n[tool.pywasm]\nentry = 'main:run'\npreinit = 'app'\n",
    );
    case.write("main.py", "import os\nSEED = os.urandom(4)\ndef run(): pass\n");
    case.interpreter =
        TestInterpreter::default().noticing("main", "/pywasm/app/main.py", 2, NoticeKind::Entropy, "");
    let error = case.run().expect_err("a snapshot would fix the number");
    let text = chain(&error);
    for part in [
        "main",
        "random numbers",
        "main.py:2",
        "SEED = os.urandom(4)",
        "entropy:main",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn a_variable_that_is_read_is_a_warning() {
    let mut case = drawing(PACKAGES);
    case.interpreter = TestInterpreter::default().noticing(
        "token_maker",
        "/pywasm/lib/python3.13/site-packages/token_maker.py",
        2,
        NoticeKind::Environment,
        "HOME",
    );
    let output = case.output();
    let [warning] = output.warnings.as_slice() else {
        panic!("one warning: {:?}", output.warnings);
    };
    assert!(warning.message.contains("HOME"), "{}", warning.message);
    assert_eq!(case.interpreter.starts().len(), 1);
}

#[test]
fn without_a_snapshot_nothing_starts() {
    let case = drawing(&format!("{PACKAGES}preinit = 'none'\n"));
    case.output();
    assert!(case.interpreter.starts().is_empty());
}
