//! Runs the commands of a guide in a folder of its own, in order: blocks that begin with `sh run`
//! have to succeed, those with `sh fails` have to fail.

use std::{path::Path, process::Command};

use crate::setup;

/// What runs before each block, so that a block goes on in the folder where the last one ended.
const PREFIX: &str = "set -eo pipefail\nPATH=$COMMAND:$PATH\ncd \"$(cat \"$STATE\")\"\n";

/// Runs the blocks of `docs/guides/PAGE` by the shells that `bash` makes.
pub(crate) fn run(page: &str, bash: impl Fn(&Path) -> Command) {
    let page = setup::text(&setup::root().join("docs/guides").join(page));
    let blocks = blocks(&page);
    assert!(!blocks.is_empty(), "the page has blocks to run");
    let folder = setup::temporary();
    let start = folder.path().join("guide");
    std::fs::create_dir(&start).expect("a folder");
    let state = folder.path().join("state");
    std::fs::write(&state, start.to_string_lossy().as_bytes()).expect("a writable folder");
    let command = Path::new(setup::PYWASM)
        .parent()
        .expect("the command is in a folder");
    for (has_to_succeed, script) in blocks {
        let script = format!("{PREFIX}{script}pwd > \"$STATE\"\n");
        let mut bash = bash(folder.path());
        bash.args(["-c", &script])
            .env("COMMAND", command)
            .env("STATE", &state);
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
