//! Programs that run in part when they are built: each folder of `testdata/rehearsal` in, the same
//! output and exit code as under a native CPython out, in every run that its `runs.toml` names.
//!
//! The programs differ in where they stop and in what they have made by then. What has to be new at
//! each start is told by lines that differ between two starts of one artifact.

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde::Deserialize;

use crate::{app::App, setup};

/// The runs of a program; one without arguments where there is no such file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Runs {
    run: Vec<Run>,
}

/// One start of a program.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Run {
    args: Vec<String>,
    env: BTreeMap<String, String>,
    stdin: String,
    /// Whether each line but the first differs between two starts.
    differs: bool,
}

fn folder() -> PathBuf {
    setup::root().join("testdata/rehearsal")
}

fn runs(project: &Path) -> Vec<Run> {
    let path = project.join("runs.toml");
    if !path.is_file() {
        return vec![Run::default()];
    }
    let runs: Runs =
        toml::from_str(&setup::text(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    runs.run
}

/// Where the native Python has its standard library.
fn native_library() -> String {
    let mut command = setup::bare(setup::native_python(), setup::root());
    command.args(["-c", "import os; print(os.path.dirname(os.__file__))"]);
    let output = setup::succeed(&mut command);
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A program under the native Python, which reads no bytecode that an earlier run kept: with it,
/// the garbage collector would run at other times.
fn native(app: &App, dir: &Path) -> Command {
    let mut command = setup::limited(setup::native_python(), dir);
    let is_script = app.entry.ends_with(".py");
    let search = (!is_script).then(|| app.dir.clone());
    let search: Vec<_> = search.into_iter().chain([app.dir.join("vendor")]).collect();
    command
        .env(
            "PYTHONPATH",
            std::env::join_paths(search).expect("no colon in a path"),
        )
        .args(["-B", "-s", "-X", "utf8", "-X"])
        .arg(format!("pycache_prefix={}", dir.join("no-bytecode").display()));
    if is_script {
        command.arg(app.dir.join(&app.entry));
    } else if let Some((module, function)) = app.entry.split_once(':') {
        let start = format!("import sys, {module}; sys.exit({module}.{function}())");
        command.args(["-c", &start]);
    } else {
        command.args(["-m", &app.entry]);
    }
    command
}

fn artifact(wasm: &Path, run: &Run, dir: &Path) -> Command {
    let mut command = setup::pywasm(dir);
    command.args(["run", "--quiet"]).arg(wasm);
    for (name, value) in &run.env {
        command.arg("--env").arg(format!("{name}={value}"));
    }
    command.arg("--").args(&run.args);
    command
}

fn end(mut command: Command, stdin: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    // A program that does not read its input may be gone before it is written.
    let _gone = child
        .stdin
        .take()
        .expect("it is piped")
        .write_all(stdin.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// Exit code and both streams as text, with the places of files as in an artifact.
fn told(app: &App, library: &str, output: &Output) -> String {
    let places = [
        (
            app.dir.join("vendor").display().to_string(),
            "/pywasm/lib/python3.13/site-packages",
        ),
        (app.dir.display().to_string(), "/pywasm/app"),
        (library.to_owned(), "/pywasm/lib/python3.13"),
    ];
    let text = |bytes: &[u8]| {
        // What is no UTF-8 stays visible.
        let text: String = bytes.utf8_chunks().fold(String::new(), |text, chunk| {
            let invalid = chunk.invalid().escape_ascii();
            format!("{text}{}{invalid}", chunk.valid())
        });
        let replace = |text: String, (from, to): &(String, &str)| text.replace(from, to);
        places.iter().fold(text, replace)
    };
    format!(
        "exit {:?}\n--- stdout\n{}--- stderr\n{}",
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr)
    )
}

/// All lines but the first.
fn drawn(output: &Output) -> Vec<String> {
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().skip(1).map(str::to_owned).collect()
}

/// Builds a program and compares all of its runs.
fn check(name: &str) {
    let app = App::in_folder(&folder().join(name));
    let dist = app.build(&["--profile", "dev", "--preinit", "stdlib"]);
    let library = native_library();
    let mut different = Vec::new();
    for (at, run) in runs(&app.dir).iter().enumerate() {
        let (one, other) = (setup::temporary(), setup::temporary());
        let mut theirs = native(&app, one.path());
        theirs.envs(&run.env).args(&run.args);
        let theirs = end(theirs, &run.stdin);
        let start = || end(artifact(&dist.wasm(), run, other.path()), &run.stdin);
        if run.differs {
            let (first, second) = (drawn(&start()), drawn(&start()));
            assert_eq!(first.len(), drawn(&theirs).len(), "{name}: {first:?}");
            for (left, right) in first.iter().zip(&second) {
                assert_ne!(left, right, "{name}: the same in two starts");
            }
            continue;
        }
        let (theirs, ours) = (told(&app, &library, &theirs), told(&app, &library, &start()));
        if theirs != ours {
            different.push(format!(
                "{name}, run {at}\n=== native\n{theirs}\n=== artifact\n{ours}"
            ));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// One test for each folder, so that they run side by side.
macro_rules! programs {
    ($($name:ident)*) => {
        const PROGRAMS: &[&str] = &[$(stringify!($name)),*];
        $(#[test] fn $name() { check(stringify!($name)); })*
    };
}

programs! {
    arguments
    asynchronous
    clocks
    compound_imports
    docstrings
    doctests
    ends_late
    ends_unawaited
    exit_early
    exits
    expected
    fallback
    fallback_import
    files
    finalizers
    half_imported
    half_packages
    hooks
    hooks_audit
    hooks_audit_half
    hooks_monitoring
    hooks_profile
    life
    life_package
    loaders
    modules
    named_modules
    order
    own_metadata
    own_state
    own_values
    patch_builtins
    patch_import
    patch_signal
    patch_stdlib
    patches
    pickles
    proxies
    renewed
    renewed_gone
    renewed_values
    replaced
    statements
    stream_closed
    stream_detached
    stream_order
    streams
    surroundings
    terminals
    threads
    traceback_early
    tracebacks
    unittests
    vendored
    whole
    whole_environment
}

#[test]
fn every_folder_is_a_test() {
    let found: Vec<_> = setup::list(&folder())
        .into_iter()
        .filter(|path| path.join("pyproject.toml").is_file())
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, PROGRAMS);
}
