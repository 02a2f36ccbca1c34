//! Runs scripts with a native Python 3.13 and finds its standard library.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The compiler that runs in the base; any Python 3.13 can run it.
pub(crate) const COMPILE: &str = include_str!("../../../pywasm-engine/src/compile.py");

fn python() -> PathBuf {
    match std::env::var_os("PYWASM_NATIVE_PYTHON") {
        Some(path) => path.into(),
        None => panic!("PYWASM_NATIVE_PYTHON names no Python 3.13: run scripts/test.sh, which builds one"),
    }
}

/// The stdout of a script.
pub(crate) fn run(script: &str, hash_seed: &str, input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(python())
        .args(["-S", "-c", script])
        .env("PYTHONHASHSEED", hash_seed)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("PYWASM_NATIVE_PYTHON starts");
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    let output = std::thread::scope(|scope| {
        // It may stop reading when it fails; its status tells.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().expect("the script ends")
    });
    assert!(output.status.success(), "the script fails: {}", output.status);
    output.stdout
}

/// All Python files of the standard library, sorted, with their paths in it.
pub(crate) fn stdlib() -> Vec<(String, Vec<u8>)> {
    let script = "import os; print(os.path.dirname(os.__file__), end='')";
    let folder = String::from_utf8(run(script, "0", b"")).expect("a path in UTF-8");
    let mut files = Vec::new();
    collect(Path::new(&folder), "", &mut files);
    files.sort();
    files
}

fn collect(folder: &Path, inside: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("the standard library is readable") {
        let entry = entry.expect("the standard library is readable");
        let name = entry.file_name().into_string().expect("a name in UTF-8");
        let path = format!("{inside}{name}");
        if entry.file_type().expect("a file type").is_dir() {
            // The test suite holds files that are not meant to compile.
            if !matches!(name.as_str(), "test" | "tests" | "idle_test") {
                collect(&entry.path(), &format!("{path}/"), files);
            }
        } else if name.ends_with(".py") {
            files.push((path, std::fs::read(entry.path()).expect("a readable file")));
        }
    }
}
