//! What a program finds at its start of what it made while it was imported: `testdata/preinit`
//! is built once for each mode, with the same checks, and started many times. What is right is
//! what a native CPython prints.

mod absent;
mod deterministic;
pub(crate) mod modes;
pub(crate) mod renewed;
mod same;
mod sizes;

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex, OnceLock},
};

use tempfile::TempDir;

use crate::setup;

/// The folder of a project.
fn project(name: &str) -> PathBuf {
    setup::root().join("testdata/preinit").join(name)
}

/// An artifact, as long as somebody holds it.
pub(crate) struct Built {
    _temporary: TempDir,
    pub(crate) wasm: PathBuf,
}

/// A project of `testdata/preinit` as a release or, with `--profile dev` among the options, without
/// the work of Binaryen; built when it is first asked for.
fn built(name: &str, options: &[&str]) -> Arc<Built> {
    type Slot = Arc<OnceLock<Arc<Built>>>;
    static BUILT: Mutex<BTreeMap<String, Slot>> = Mutex::new(BTreeMap::new());
    let slot = {
        let mut built = BUILT.lock().expect("no test panics while it holds this lock");
        let key = format!("{name} {}", options.join(" "));
        built.entry(key).or_default().clone()
    };
    slot.get_or_init(|| {
        let temporary = setup::temporary();
        let mut command = setup::pywasm(temporary.path());
        command.arg("build").arg(project(name)).args(options);
        setup::succeed(command.args(["--name", "case", "--out-dir", "dist"]));
        let wasm = temporary.path().join("dist/case.wasm");
        Arc::new(Built {
            _temporary: temporary,
            wasm,
        })
    })
    .clone()
}

/// The native Python with the module of a project, without arguments yet. It reads no bytecode that
/// an earlier run kept: with it, the garbage collector would run at other times, and finalizers in
/// another order.
fn native(name: &str, dir: &Path) -> Command {
    let mut command = setup::limited(setup::native_python(), dir);
    command
        .env("PYTHONPATH", project(name))
        .args(["-B", "-X", "utf8", "-X"])
        .arg(format!("pycache_prefix={}", dir.join("no-bytecode").display()))
        .args(["-m", name]);
    command
}

/// `pywasm run`, without arguments of the program yet.
fn artifact(built: &Built, dir: &Path) -> Command {
    let mut command = setup::pywasm(dir);
    command.arg("run").arg(&built.wasm);
    command
}

/// Exit code and both streams, with the project's folder called as in an artifact.
fn told(name: &str, output: &Output) -> (Option<i32>, String, String) {
    let folder = project(name).display().to_string();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&folder, "/pywasm/app");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Runs a command to its end, with bytes in a pipe as its input.
fn run(mut command: Command, stdin: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    // A program that does not read its input may be gone before it is written.
    let _gone = child
        .stdin
        .take()
        .expect("it is piped")
        .write_all(stdin.as_bytes());
    child.wait_with_output().expect("it ends")
}
