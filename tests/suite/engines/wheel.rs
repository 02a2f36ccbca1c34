//! The wheel that `scripts/wheel.sh` makes, as people install it: by pip and by uv into a clean
//! environment, with no compiler on the path and no network; and the bill of materials beside it.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::Value;

use super::sbom::{json, validate};
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

/// The bill of pywasm itself, as `scripts/sbom.sh` makes it for the wheel.
#[test]
fn the_tool_has_a_bill_of_its_own() {
    let path = setup::tool_wheel().with_file_name("pywasm.cdx.json");
    let (valid, words) = validate(&[&path]);
    assert!(valid, "{words}");
    let bill = json(&path);
    let components: Vec<&Value> = bill["components"].as_array().expect("a list").iter().collect();
    let named = |name: &str| {
        let found = components.iter().find(|component| component["name"] == name);
        found.unwrap_or_else(|| panic!("no {name}"))
    };
    for name in ["AWS-LC", "Binaryen", "cpython", "rust-std", "wasi-libc", "zstd"] {
        assert!(named(name)["version"].is_string(), "{name}");
    }
    let recipe = pywasm_base::recipe_digest().to_string();
    assert_eq!(named("pywasm-recipe")["hashes"][0]["content"], recipe);

    // Each crate has the digest that cargo compares its file with.
    let lock = setup::text(&setup::root().join("Cargo.lock"));
    let lock: toml::Value = toml::from_str(&lock).expect("TOML");
    let pinned: BTreeMap<(&str, &str), &str> = lock["package"]
        .as_array()
        .expect("packages")
        .iter()
        .filter_map(|package| {
            let text = |key: &str| package.get(key).and_then(toml::Value::as_str);
            Some(((text("name")?, text("version")?), text("checksum")?))
        })
        .collect();
    let mut crates = 0;
    for component in components {
        let text = |value: &'_ Value| value.as_str().unwrap_or_default().to_owned();
        if text(&component["purl"]).starts_with("pkg:cargo/") {
            let (name, version) = (text(&component["name"]), text(&component["version"]));
            assert_eq!(
                component["hashes"][0]["content"],
                pinned[&(&*name, &*version)],
                "{name}"
            );
            crates += 1;
        }
    }
    assert!(crates > 200, "{crates} crates");
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
