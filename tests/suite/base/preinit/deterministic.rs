//! The snapshot of one project, taken in two folders by two users: the same bytes, and nothing of
//! either user in them, though the project's modules read all they can while they are imported.

use std::path::Path;

use super::project;
use crate::setup;

/// The module that a build in this folder, with these surroundings, leaves.
fn snapshot(folder: &Path, canary: &str, zone: &str) -> Vec<u8> {
    let source = folder.join(canary);
    setup::copy(&project("state"), &source);
    let mut command = setup::pywasm(&source);
    command
        .args(["build", "--profile", "dev", "--preinit", "app"])
        .args(["--base", setup::base().to_str().expect("a UTF-8 path")])
        .env("PYWASM_HOME", folder.join("home"))
        .env("HOME", folder)
        .env("GIVEN", canary)
        .env(canary, "1")
        .env("TZ", zone)
        .env("PYTHONHASHSEED", canary);
    setup::succeed(&mut command);
    let wasm = setup::bytes(&source.join("dist/state.wasm"));
    for trace in [canary.as_bytes(), folder.to_string_lossy().as_bytes()] {
        let found = wasm.windows(trace.len()).any(|window| window == trace);
        assert!(!found, "the artifact holds {:?}", String::from_utf8_lossy(trace));
    }
    wasm
}

#[test]
fn two_users_take_the_same_snapshot() {
    let (one, other) = (setup::temporary(), setup::temporary());
    let first = snapshot(one.path(), "canary-3f9a1c", "Asia/Kolkata");
    let second = snapshot(other.path(), "canary-b07e55-longer", "America/St_Johns");
    assert!(first == second, "two snapshots of one project differ");
}
