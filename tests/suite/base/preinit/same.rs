//! What has one right answer, whatever the mode: the checks of `testdata/preinit/state`.

use std::collections::BTreeSet;

use super::{artifact, built, native, project, run, told};
use crate::setup;

/// Checks that `renewed.rs` makes in its own way.
const OTHERS: &[&str] = &[
    "clocks",
    "drawn",
    "exit_at_once",
    "files",
    "interrupt",
    "mounted",
    "order",
    "seeks",
    "temporary",
];

/// Checks whose standard error holds addresses or the place of the standard library.
const PATHS: &[&str] = &[
    "again",
    "bundled",
    "closed_output",
    "exit_group",
    "exit_in_atexit",
    "raise_in_atexit",
    "uncaught",
];

const STDIN: &str = "one\ntwo\nthree\nfoür";

/// The names behind `def check_`.
fn checks() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in setup::list(&project("state").join("state")) {
        if file.extension().is_some_and(|end| end == "py") {
            let text = setup::text(&file);
            let definitions = text.lines().filter_map(|line| line.strip_prefix("def check_"));
            names.extend(definitions.filter_map(|line| line.split('(').next().map(str::to_owned)));
        }
    }
    assert!(OTHERS.iter().chain(PATHS).all(|name| names.contains(*name)));
    names.retain(|name| !OTHERS.contains(&name.as_str()));
    assert!(names.len() > 40, "{names:?}");
    names
}

fn compare(mode: &str) {
    let built = built("state", &["--profile", "dev", "--preinit", mode]);
    let mut different = Vec::new();
    for check in checks() {
        let arguments = [check.as_str(), "argument", "b c", ""];
        let (one, other) = (setup::temporary(), setup::temporary());
        let mut theirs = native("state", one.path());
        theirs.env("GIVEN", "given").env("EMPTY", "").args(arguments);
        let mut ours = artifact(&built, other.path());
        ours.args(["--env", "GIVEN=given", "--env", "EMPTY=", "--"])
            .args(arguments);
        let mut theirs = told("state", &run(theirs, STDIN));
        let mut ours = told("state", &run(ours, STDIN));
        if PATHS.contains(&check.as_str()) {
            theirs.2.clear();
            ours.2.clear();
        }
        if ours != theirs {
            different.push(format!("{check}\n  artifact {ours:?}\n  native   {theirs:?}"));
        }
    }
    assert!(different.is_empty(), "preinit {mode}\n{}", different.join("\n"));
}

#[test]
fn as_a_native_python_with_the_app_in_the_snapshot() {
    compare("app");
}

#[test]
fn as_a_native_python_with_the_standard_library_in_the_snapshot() {
    compare("stdlib");
}

/// Lines that the app's modules are known by, though they ran when the artifact was built.
#[test]
fn tracebacks_name_file_and_line() {
    let told_by = |mode| {
        let built = built("state", &["--profile", "dev", "--preinit", mode]);
        let folder = setup::temporary();
        let mut command = artifact(&built, folder.path());
        command.args(["--", "uncaught"]);
        told("state", &run(command, "")).2
    };
    let (with, without) = (told_by("app"), told_by("none"));
    assert_eq!(with, without);
    assert!(
        with.contains("/pywasm/app/state/failures.py\", line ") && with.contains("return 1 / value"),
        "{with}"
    );
}
