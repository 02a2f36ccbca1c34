//! Machine code that WasmEdge compiles and runs.

use std::{env, fs, path::PathBuf, process::Stdio, thread};

use crate::{
    app::App,
    base::aot::{greets, json_of},
    setup,
};

/// A PATH that finds WasmEdge first.
fn path_with_wasmedge() -> std::ffi::OsString {
    let rest = env::var_os("PATH").unwrap_or_default();
    let folders = [setup::wasmedge()].into_iter().chain(env::split_paths(&rest));
    env::join_paths(folders).expect("no colon in a path")
}

#[test]
fn wasmedge_compiles_and_runs_it() {
    let app = App::named("hello");
    let dist = setup::temporary();
    let mut command = setup::pywasm(&app.dir);
    command
        .env("PATH", path_with_wasmedge())
        .args(["build", "--aot=wasmedge", "--out-dir"])
        .arg(dist.path());
    setup::succeed(&mut command);

    let record = json_of(&dist.path().join("hello.wasmedge.so.json"));
    assert_eq!(record["engine"]["name"], "wasmedge");
    assert_eq!(record["code"]["file"], "hello.wasmedge.so");
    let said = setup::succeed(setup::bare(setup::wasmedge().join("wasmedge"), dist.path()).arg("--version"));
    let version = record["engine"]["version"].as_str().expect("a version");
    assert!(
        String::from_utf8_lossy(&said.stdout).contains(version),
        "{version}"
    );

    let mut wasmedge = setup::limited(setup::wasmedge().join("wasmedge"), dist.path());
    greets(&setup::succeed(wasmedge.args(["hello.wasmedge.so", "Ada"])));
}

#[test]
fn ctrl_c_stops_wasmedge_too() {
    let folder = setup::temporary();
    let at = |name: &str| folder.path().join(name);
    setup::copy(&App::named("hello").dir, &at("project"));
    fs::create_dir(at("tmp")).expect("a folder");
    let before = setup::tree(&at("project"));
    let mut child = setup::pywasm(&at("project"))
        .env("PATH", path_with_wasmedge())
        .env("TMPDIR", at("tmp"))
        .env("PYWASM_HOME", at("home"))
        .args(["build", "--profile", "dev", "--aot=wasmedge", "--base"])
        .arg(setup::base())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("pywasm starts");
    let compiling = || {
        let begun = setup::tree(&at("tmp"));
        begun.iter().any(|path| path.ends_with("module.wasm"))
    };
    while !compiling() {
        let ended = child.try_wait().expect("the child can be asked");
        assert!(
            ended.is_none(),
            "the build ended before WasmEdge began: {ended:?}"
        );
        thread::yield_now();
    }
    let interrupt = format!("kill -INT {}", child.id());
    setup::succeed(setup::bare("sh", folder.path()).args(["-c", &interrupt]));
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(setup::tree(&at("project")), before, "the project is as it was");
    assert_eq!(setup::tree(&at("tmp")), Vec::<PathBuf>::new());
}
