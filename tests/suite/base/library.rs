//! Compiles and runs the program that `docs/guides/library.md` shows.

use std::{env, fs, process::ExitCode};

use crate::setup;

mod program {
    include!("library/build_and_run.rs");

    pub(super) fn run() -> Result<ExitCode, Error> {
        main()
    }
}

const PROGRAM: &str = include_str!("library/build_and_run.rs");

const APP: &str = "import sys\n\nprint('hello,', sys.argv[1])\n";

#[test]
fn the_page_shows_the_program_that_is_tested() {
    let page = setup::text(&setup::root().join("docs/guides/library.md"));
    assert!(
        page.contains(&format!("```rust\n{PROGRAM}```\n")),
        "docs/guides/library.md has to show tests/suite/base/library/build_and_run.rs"
    );
}

#[test]
fn the_program_of_the_page_builds_and_runs_an_app() {
    let folder = setup::temporary();
    fs::write(folder.path().join("app.py"), APP).expect("a writable folder");
    let tests = env::current_exe().expect("the tests have a path");
    let mut program = setup::bare(tests, folder.path());
    program
        .args([
            "--exact",
            "base::library::the_program_itself",
            "--ignored",
            "--nocapture",
        ])
        .env("PYWASM_HOME", setup::home())
        .env("PYWASM_OFFLINE", "1");
    let output = setup::succeed(&mut program);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("hello, world\n"), "{stdout}");
    for name in ["app.wasm", "app.wasm.br", "app.report.json", "SHA256SUMS"] {
        assert!(folder.path().join("dist").join(name).is_file(), "{name}");
    }
}

#[test]
#[ignore = "runs in a process and a folder of its own, started by the test above"]
fn the_program_itself() {
    let code = program::run().expect("the program ends well");
    assert_eq!(code, ExitCode::SUCCESS);
}
