//! Runs the commands of the guides. Those that install packages are in the tier `engines`.

use std::{path::Path, process::Command};

use crate::{guide, setup};

#[test]
fn the_commands_of_projects_run() {
    guide::run("projects.md", bash);
}

#[test]
fn the_commands_of_snapshots_run() {
    guide::run("snapshots.md", bash);
}

#[test]
fn the_commands_of_smaller_artifacts_run() {
    guide::run("smaller-artifacts.md", bash);
}

#[test]
fn the_commands_of_c_extensions_run() {
    guide::run("c-extensions.md", bash);
}

#[test]
fn the_commands_of_components_run() {
    guide::run("components.md", bash);
}

#[test]
fn the_commands_of_workspaces_run() {
    guide::run("workspaces.md", bash);
}

#[test]
fn the_commands_of_release_and_verify_run() {
    guide::run("release-and-verify.md", bash);
}

/// A shell in which pywasm uses the home of the tests, and no network.
fn bash(folder: &Path) -> Command {
    let mut bash = setup::bare("bash", folder);
    bash.env("PYWASM_HOME", setup::home()).env("PYWASM_OFFLINE", "1");
    bash
}
