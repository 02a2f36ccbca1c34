//! What the tests find on this machine: the command, a home with a base, a native Python and
//! the engines. Out: paths, or a panic with the command that sets them up.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

pub(crate) use pywasm_testkit::{copy, list};

/// The command under test.
pub(crate) const PYWASM: &str = env!("CARGO_BIN_EXE_pywasm");

/// The project's own folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A path that `scripts/test.sh` sets, in this tier and those above it.
fn given(variable: &str, tier: &str) -> PathBuf {
    let value = env::var_os(variable).filter(|value| !value.is_empty());
    let Some(value) = value else {
        panic!("{variable} is not set: run `scripts/test.sh {tier}`, which sets up what the test needs");
    };
    let path = PathBuf::from(value);
    assert!(
        path.exists(),
        "{variable} names {}, which is not there: run `scripts/test.sh {tier}`",
        path.display()
    );
    path
}

/// The home folder whose store holds the base.
pub(crate) fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| given("PYWASM_HOME", "base"))
}

/// The folder of the base that builds use by default.
pub(crate) fn base() -> &'static Path {
    static BASE: OnceLock<PathBuf> = OnceLock::new();
    BASE.get_or_init(|| {
        let output = succeed(pywasm(root()).args(["base", "path"]));
        PathBuf::from(String::from_utf8(output.stdout).expect("a UTF-8 path").trim())
    })
}

/// A native CPython 3.13 with all the modules that the apps use.
pub(crate) fn native_python() -> PathBuf {
    given("PYWASM_NATIVE_PYTHON", "base")
}

/// The files of time zones that the base has, where its build unpacked them.
pub(crate) fn zones() -> PathBuf {
    let python = native_python();
    let work = python
        .parent()
        .and_then(Path::parent)
        .expect("the work folder of a base");
    work.join("tzdata/tzdata/zoneinfo")
}

/// A Python with the `wasmtime` package.
pub(crate) fn wasmtime_python() -> PathBuf {
    given("PYWASM_TEST_VENV", "engines").join("bin/python")
}

/// A program of the environment that holds the `wasmtime` package.
pub(crate) fn venv(program: &str) -> PathBuf {
    given("PYWASM_TEST_VENV", "engines").join("bin").join(program)
}

/// The wheel that `scripts/wheel.sh` made of this tool.
pub(crate) fn tool_wheel() -> PathBuf {
    given("PYWASM_TOOL_WHEEL", "engines")
}

/// The rclone command, which serves a folder as S3 does.
pub(crate) fn rclone() -> PathBuf {
    given("PYWASM_TEST_VENV", "engines").join("bin/rclone")
}

/// The unpacked source distribution of a package.
pub(crate) fn sdist(name: &str) -> PathBuf {
    given("PYWASM_TEST_SDISTS", "engines").join(name)
}

/// The wasmi command.
pub(crate) fn wasmi() -> PathBuf {
    given("PYWASM_WASMI", "engines")
}

/// The folder of the wasmedge command.
pub(crate) fn wasmedge() -> PathBuf {
    given("PYWASM_WASMEDGE", "engines")
}

/// The wheels that projects of the tests depend on.
pub(crate) fn wheels() -> PathBuf {
    given("PYWASM_WHEELS", "engines")
}

/// The folder with the packages that each case of `testdata/packages` needs, one folder a case.
pub(crate) fn packages() -> PathBuf {
    given("PYWASM_PACKAGES", "engines")
}

/// The folder with the packages whose own tests run.
pub(crate) fn package_tests() -> PathBuf {
    given("PYWASM_PACKAGE_TESTS", "engines")
}

/// A command that inherits nothing but PATH.
pub(crate) fn bare(program: impl AsRef<OsStr>, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().current_dir(dir).stdin(Stdio::null());
    if let Some(path) = env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// The same for a program that runs an app: one that hangs is ended, with 124 as its exit code.
pub(crate) fn limited(program: impl AsRef<OsStr>, dir: &Path) -> Command {
    let mut command = bare("timeout", dir);
    command.arg("300").arg(program.as_ref());
    command
}

/// A program of the folder `scripts` under the native Python, in a folder, with the home of the tests.
pub(crate) fn script(name: &str, dir: &Path) -> Command {
    let mut command = bare(native_python(), dir);
    command
        .env("PYWASM_HOME", home())
        .args(["-B", "-E", "-s", "-X", "utf8"])
        .arg(root().join("scripts").join(name));
    command
}

/// `pywasm` in a folder, with the home of the tests and offline, so that a test never provisions.
pub(crate) fn pywasm(dir: &Path) -> Command {
    let mut command = bare(PYWASM, dir);
    command.env("PYWASM_HOME", home()).env("PYWASM_OFFLINE", "1");
    command
}

/// Runs a command to its end; it has to succeed.
pub(crate) fn succeed(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n--- stdout\n{}--- stderr\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output
}

/// A temporary folder that goes when the value does.
pub(crate) fn temporary() -> tempfile::TempDir {
    tempfile::Builder::new()
        .prefix("pywasm-test-")
        .tempdir()
        .expect("a temporary folder")
}

/// Every file and folder below a folder, sorted, as paths relative to it.
pub(crate) fn tree(dir: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(dir).min_depth(1).sort_by_file_name();
    entries
        .into_iter()
        .map(|entry| {
            entry
                .expect("an entry")
                .path()
                .strip_prefix(dir)
                .expect("it is below")
                .to_owned()
        })
        .collect()
}

/// A file's text.
pub(crate) fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// A file's bytes.
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}
