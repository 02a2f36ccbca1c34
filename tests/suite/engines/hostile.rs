//! Hostile input under a limit of memory, and what works far down in calls: `testdata/hostile` and `testdata/depth`.

use std::{path::Path, process::Command};

use crate::{
    app::App,
    case::check_app,
    engine::{Engine, driver},
    setup,
};

/// How a case may end: well, or with an exception that says what there was too much of.
const ENDS: [&str; 6] = [
    "fine",
    "RecursionError",
    "MemoryError",
    "ValueError",
    "OverflowError",
    "SyntaxError",
];

/// 64 MB in pages of WebAssembly.
const PAGES: u64 = 64_000_000 >> 16;

/// The outcomes that are exceptions of another kind, or texts; the same under a native Python.
fn others() -> Vec<String> {
    let file = setup::root().join("testdata/hostile/others.txt");
    setup::text(&file).lines().map(str::to_owned).collect()
}

fn app(folder: &str) -> App {
    App::in_folder(&setup::root().join("testdata").join(folder)).otherwise(&["--profile", "dev"])
}

/// Runs all cases. One that ends in another way, or the program, fails the test.
fn check(mut command: Command) {
    let output = setup::succeed(&mut command);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let others = others();
    let mut lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.pop(), Some("ok"));
    lines.retain(|line| {
        let end = line.split_once(": ").map_or("", |(_, end)| end);
        !ENDS.contains(&end) && !others.iter().any(|other| other == line)
    });
    assert!(lines.is_empty(), "{command:?}\n{}", lines.join("\n"));
}

fn node(wasm: &Path, dir: &Path) -> Command {
    let mut command = setup::limited("node", dir);
    command
        .arg("--no-warnings")
        .arg(format!("--wasm-max-mem-pages={PAGES}"))
        .arg(driver("run_node.mjs"))
        .arg(wasm);
    command
}

#[test]
fn hostile_input_ends_in_an_exception() {
    let app = app("hostile");
    let folder = setup::temporary();
    let mut command = setup::pywasm(folder.path());
    command
        .args(["run", "--max-memory", "64MB"])
        .arg(app.dist().wasm());
    check(command);
    check(node(&app.dist().wasm(), folder.path()));
}

#[test]
fn a_program_that_needs_more_memory_at_once_says_so() {
    let app = App::named("hello");
    let folder = setup::temporary();
    let mut command = setup::pywasm(folder.path());
    command
        .args(["run", "--max-memory", "1MB"])
        .arg(app.dist().wasm());
    let output = command.output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("memory minimum size of"), "{told}");
}

#[test]
fn everything_works_far_down() {
    let app = app("depth");
    for engine in [
        Engine::Pywasm,
        Engine::WasmtimePython,
        Engine::Node,
        Engine::Wasmi,
    ] {
        check_app(&app, engine);
    }
}
