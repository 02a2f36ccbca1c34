//! The wheel that `scripts/wheel.sh` makes, as people install it: by pip and by uv into a clean
//! environment, with no compiler on the path and no network.

use std::{fs, path::Path, process::Command};

use crate::setup::{self, succeed};

/// What a user types, in a folder with nothing but `hello.py`.
const SESSION: &str = "pywasm build hello.py --quiet && pywasm run dist/hello.wasm -- Ada";

#[test]
fn the_wheel_builds_without_a_compiler_and_without_a_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let environment = folder.path().join("environment");
    let made = Command::new("python3")
        .args(["-m", "venv"])
        .arg(&environment)
        .output();
    assert!(
        made.expect("python3 runs").status.success(),
        "a virtual environment"
    );
    succeed(
        Command::new(environment.join("bin/python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-index",
                "--disable-pip-version-check",
            ])
            .arg(setup::tool_wheel()),
    );
    let installed = environment.join("bin");

    let output = succeed(&mut session(folder.path(), &installed, SESSION));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Hello, Ada!\n");

    // The base is in the user's cache now, whole.
    let output = succeed(&mut session(
        folder.path(),
        &installed,
        "pywasm base verify && pywasm base list",
    ));
    let id = setup::base().file_name().expect("a name").to_string_lossy();
    assert!(String::from_utf8_lossy(&output.stdout).contains(&*id));
}

#[test]
fn uv_installs_the_wheel_as_a_tool() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    succeed(
        Command::new(setup::venv("uv"))
            .args([
                "tool",
                "install",
                "--quiet",
                "--offline",
                "--no-index",
                "--no-config",
            ])
            .arg(setup::tool_wheel())
            .env("UV_TOOL_DIR", place("tools"))
            .env("UV_TOOL_BIN_DIR", place("bin"))
            .env("UV_CACHE_DIR", place("cache")),
    );
    let output = succeed(&mut session(folder.path(), &place("bin"), "pywasm --version"));
    let version = format!("pywasm {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8_lossy(&output.stdout), version);
}

/// A shell in a clean environment: an empty home, `commands` and the shell's own tools on the
/// path, and where this user may cut it, no network.
fn session(folder: &Path, commands: &Path, script: &str) -> Command {
    fs::copy(
        setup::root().join("testdata/apps/hello/hello.py"),
        folder.join("hello.py"),
    )
    .expect("copies");
    let cut = ["/usr/bin/unshare", "--map-root-user", "--net"];
    let may_cut = Command::new(cut[0]).args(&cut[1..]).arg("/bin/true").output();
    let mut command = if may_cut.is_ok_and(|output| output.status.success()) {
        let mut command = Command::new(cut[0]);
        command.args(&cut[1..]).arg("/bin/sh");
        command
    } else {
        Command::new("/bin/sh")
    };
    command
        .args(["-c", script])
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", commands)
        .env("PYWASM_OFFLINE", "1");
    command
}
