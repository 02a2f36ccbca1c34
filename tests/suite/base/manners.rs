//! The small commands on a real machine, where what they print is not the same everywhere.

use serde_json::Value;

use crate::{app::App, setup};

fn stdout(args: &[&str]) -> String {
    let output = setup::succeed(setup::pywasm(setup::root()).args(args));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn doctor_finds_what_the_tests_were_set_up_with() {
    let told = stdout(&["doctor"]);
    for part in ["clang-19", "make", "xz"] {
        assert!(told.contains(part), "doctor does not speak of {part}:\n{told}");
    }
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&["completions", shell]);
        for command in ["build", "run", "why", "graph", "base"] {
            assert!(script.contains(command), "{shell} does not complete {command}");
        }
    }
    let dir = setup::temporary();
    let file = dir.path().join("pywasm.bash");
    std::fs::write(&file, stdout(&["completions", "bash"])).expect("a file");
    setup::succeed(setup::bare("bash", dir.path()).arg("-n").arg(&file));
}

#[test]
fn the_graph_is_json_too() {
    let dir = App::named("lazy").dir;
    let graph: Value = serde_json::from_str(&stdout(&[
        "graph",
        "--format",
        "json",
        dir.to_str().expect("UTF-8"),
    ]))
    .expect("JSON");
    let text = graph.to_string();
    for module in ["lazy.app", "lazy.formats.ini", "colorsys", "xml.sax.saxutils"] {
        assert!(
            text.contains(&format!("\"{module}\"")),
            "the graph leaves out {module}"
        );
    }
}

#[test]
fn the_base_is_intact() {
    let id = setup::base().file_name().expect("an id").to_string_lossy();
    assert_eq!(stdout(&["base", "verify", &id]), format!("{id}: OK\n"));
}

#[test]
fn clean_takes_away_what_builds_wrote() {
    let (project, home) = (setup::temporary(), setup::temporary());
    setup::copy(&App::named("hello").dir, project.path());
    let before = setup::tree(project.path());
    let pywasm = |args: &[&str]| {
        let mut command = setup::pywasm(project.path());
        setup::succeed(command.args(args).env("PYWASM_HOME", home.path()));
    };
    let base = setup::base().to_str().expect("UTF-8");
    pywasm(&["build", "--profile", "dev", "--base", base]);
    pywasm(&["clean"]);
    assert_eq!(setup::tree(project.path()), before);

    std::fs::create_dir_all(home.path().join("bases/kept")).expect("a folder");
    pywasm(&["clean", "--cache"]);
    let left: Vec<_> = setup::tree(home.path())
        .into_iter()
        .filter(|path| home.path().join(path).is_file())
        .collect();
    assert!(left.is_empty(), "clean left {left:?}");
    assert!(home.path().join("bases/kept").is_dir(), "a base was swept away");
    pywasm(&["build", "--profile", "dev", "--base", base]);
}

#[test]
fn a_base_without_an_app_says_so() {
    let wasm = setup::base().join("base.wasm");
    let output = setup::pywasm(setup::root())
        .arg("run")
        .arg(&wasm)
        .output()
        .expect("pywasm starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(!output.stderr.is_empty(), "an empty base ends without a word");
}
