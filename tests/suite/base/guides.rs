//! Runs the commands of `docs/guides/getting-started.md` in a temporary folder, in order: blocks
//! that begin with `sh run` have to succeed, those with `sh fails` have to fail.

use std::{env, path::Path};

use crate::setup;

/// What runs before each block, so that a block goes on in the folder where the last one ended.
const PREFIX: &str = "set -eo pipefail\ncd \"$(cat \"$STATE\")\"\n";

#[test]
fn the_commands_of_the_first_guide_run() {
    let page = setup::text(&setup::root().join("docs/guides/getting-started.md"));
    let blocks = blocks(&page);
    assert!(blocks.len() > 5, "the page has blocks to run");
    let folder = setup::temporary();
    let state = folder.path().join("state");
    std::fs::write(&state, folder.path().to_string_lossy().as_bytes()).expect("a writable folder");
    let command = Path::new(setup::PYWASM)
        .parent()
        .expect("the command is in a folder");
    let path = env::var_os("PATH").unwrap_or_default();
    let path =
        env::join_paths(std::iter::once(command.to_owned()).chain(env::split_paths(&path))).expect("a PATH");
    for (has_to_succeed, script) in blocks {
        let script = format!("{PREFIX}{script}pwd > \"$STATE\"\n");
        let mut bash = setup::bare("bash", folder.path());
        bash.args(["-c", &script])
            .env("PATH", &path)
            .env("STATE", &state)
            .env("PYWASM_HOME", setup::home())
            .env("PYWASM_OFFLINE", "1");
        let output = bash.output().expect("bash starts");
        assert_eq!(
            output.status.success(),
            has_to_succeed,
            "{script}ended with {}\n--- stdout\n{}--- stderr\n{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
    }
}

/// The blocks to run, and whether they have to succeed.
fn blocks(page: &str) -> Vec<(bool, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let has_to_succeed = match line {
            "```sh run" => true,
            "```sh fails" => false,
            _ => continue,
        };
        let script = lines.by_ref().take_while(|line| *line != "```");
        blocks.push((has_to_succeed, script.map(|line| format!("{line}\n")).collect()));
    }
    blocks
}
