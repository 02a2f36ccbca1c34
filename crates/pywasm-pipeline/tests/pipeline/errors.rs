//! Who can mend what went wrong: the exit code of the command follows from it.

use pywasm_diagnostic::{Explain as _, Fault};
use pywasm_testkit::TestInterpreter;

use crate::case::{Case, chain};

/// The fault of a build that fails, and what the error says.
fn failure(case: &Case) -> (Fault, String) {
    let error = case.run().expect_err("the build fails");
    (error.fault(), chain(&error))
}

fn is_failure(case: &Case, fault: Fault, part: &str) {
    let (found, text) = failure(case);
    assert!(text.contains(part), "{part} is not in {text}");
    assert_eq!(found, fault, "{text}");
}

#[test]
fn wrong_configuration_is_a_usage_error() {
    let main = [("main.py", "import json\n")];
    is_failure(
        &Case::new("include = ['nowhere']\n", &main),
        Fault::Usage,
        "nowhere",
    );
    is_failure(
        &Case::new("allow = ['entropy:nowhere']\n", &main),
        Fault::Usage,
        "nowhere",
    );
    let extension = "\n[tool.pywasm.extension.time]\nsources = ['time.c']\n";
    let mut files = main.to_vec();
    files.push(("time.c", "PyObject *PyInit_time(void) { return 0; }\n"));
    is_failure(&Case::new(extension, &files), Fault::Usage, "time");
}

#[test]
fn wrong_programs_are_work_that_failed() {
    for (text, part) in [
        ("import nowhere\n", "nowhere"),
        ("import ssl\n", "ssl"),
        ("def\n", "main.py"),
    ] {
        is_failure(&Case::new("", &[("main.py", text)]), Fault::Work, part);
    }
}

#[test]
fn a_failing_smoke_test_names_the_module_and_its_traceback() {
    let mut case = Case::new(
        "smoke = true\n",
        &[("main.py", "import helper\n"), ("helper.py", "")],
    );
    case.interpreter = TestInterpreter::default().failing("helper", "ValueError: no");
    let (fault, text) = failure(&case);
    assert_eq!(fault, Fault::Work);
    for part in ["`helper`", "ValueError: no"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    case.interpreter = TestInterpreter::default();
    case.output();
    assert_eq!(case.interpreter.runs(), 1);
}
