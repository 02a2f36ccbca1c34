//! Runs scripts with a native Python 3.13.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The compiler that runs in the base; any Python 3.13 can run it.
pub(crate) const COMPILE: &str = include_str!("../../../../pywasm-engine/src/compile.py");

fn python() -> PathBuf {
    match std::env::var_os("PYWASM_NATIVE_PYTHON") {
        Some(path) => path.into(),
        None => {
            panic!("PYWASM_NATIVE_PYTHON names no Python 3.13: run `scripts/test.sh base`, which builds one")
        }
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
