//! Runs the commands of the guides that install packages, which come from the folder of wheels.
//! `ci.rs` runs the commands of the guide on CI.

use super::dependencies::Notes;
use crate::guide;

#[test]
fn the_commands_of_getting_started_run() {
    run("getting-started.md");
}

#[test]
fn the_commands_of_dependencies_run() {
    run("dependencies.md");
}

fn run(page: &str) {
    let home = Notes::new("");
    guide::run(page, |_| home.command("bash"));
}
