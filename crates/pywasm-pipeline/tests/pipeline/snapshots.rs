//! Tests what becomes of programs that do something while they are loaded that no snapshot can hold.

use pywasm_interpreter::NoticeKind;
use pywasm_report::{RehearsalEnd, StartReport};
use pywasm_testkit::TestInterpreter;

use crate::case::Case;

const PACKAGES: &str = "paths = ['deps']\n";

const FILE: &str = "/pywasm/lib/python3.13/site-packages/token_maker.py";

/// A program with a dependency that does something at a line while it is imported.
fn case(config: &str, kind: NoticeKind, what: &str) -> Case {
    let mut case = Case::new(
        config,
        &[
            ("main.py", "import token_maker\n"),
            ("deps/token_maker.py", "import os\nSEED = os.urandom(4)\n"),
        ],
    );
    case.interpreter = TestInterpreter::default().noticing(FILE, 2, kind, what);
    case
}

fn start(case: &Case) -> StartReport {
    let output = case.output();
    assert!(output.warnings.is_empty(), "{:?}", output.warnings);
    output.report.start.expect("there is a snapshot")
}

#[test]
fn a_rehearsal_stops_where_numbers_are_drawn() {
    let case = case(PACKAGES, NoticeKind::Entropy, "");
    let start = start(&case);
    let RehearsalEnd::Stopped(place) = start.rehearsal else {
        panic!("it does not stop: {start:?}");
    };
    assert_eq!(place.action, "draws random numbers");
    assert_eq!(place.module.as_deref(), Some("token_maker"));
    assert!(place.file.is_some_and(|file| file.ends_with("token_maker.py")));
    assert_eq!(place.line, Some(2));
    assert!(
        place
            .hint
            .is_some_and(|hint| hint.contains("entropy:token_maker"))
    );
    assert_eq!(case.interpreter.starts(), [true]);
}

#[test]
fn what_is_allowed_stays_in_the_snapshot() {
    let config = format!("{PACKAGES}allow = ['entropy:token_maker']\n");
    let start = start(&case(&config, NoticeKind::Entropy, ""));
    assert_eq!(start.rehearsal, RehearsalEnd::Whole);
}

#[test]
fn a_variable_does_not_end_a_rehearsal() {
    let start = start(&case(PACKAGES, NoticeKind::Environment, "HOME"));
    assert_eq!(start.rehearsal, RehearsalEnd::Whole);
}

#[test]
fn nothing_is_rehearsed_with_the_interpreter_alone() {
    let config = format!("{PACKAGES}preinit = 'interpreter'\n");
    let case = case(&config, NoticeKind::Entropy, "");
    assert_eq!(start(&case).rehearsal, RehearsalEnd::None);
    assert_eq!(case.interpreter.starts(), [false]);
}

#[test]
fn without_a_snapshot_nothing_starts() {
    let config = format!("{PACKAGES}preinit = 'none'\n");
    let case = case(&config, NoticeKind::Entropy, "");
    assert_eq!(case.output().report.start, None);
    assert!(case.interpreter.starts().is_empty());
}
