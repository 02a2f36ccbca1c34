//! Python sources in, bytecode out, both in the framing of `pywasm_bundle::bytecode`.
//!
//! The base's own interpreter compiles: the bytecode is of the right version by
//! construction, and no Python of the host is used.

use std::path::Path;

use crate::{Command, Engine, Error, Input, Mount, Output, Program};

/// Changes when the guest's half of the compiler gives other bytecode for the same source.
pub const COMPILE_VERSION: u32 = 1;

/// The guest's half; its head comment documents the framing.
const SCRIPT: &str = include_str!("compile.py");

/// Where the base's interpreter looks for its standard library.
const STDLIB: &str = "/usr/local/lib/python3.13";

/// The most that one batch may answer with, in bytes.
const ANSWER_LIMIT: usize = 1 << 30;

/// Runs the base's interpreter over `requests` and returns its answers.
///
/// `stdlib` is the base's library folder on the host; the guest sees it read-only.
///
/// # Errors
/// When the interpreter does not start or stops early; faults of single sources are
/// answers, not errors.
pub fn compile(engine: &Engine, base: &Program, stdlib: &Path, requests: Vec<u8>) -> Result<Vec<u8>, Error> {
    let command = Command {
        function: "pywasm_python".to_owned(),
        args: ["python", "-s", "-S", "-P", "-B", "-c", SCRIPT]
            .map(str::to_owned)
            .to_vec(),
        env: vec![
            ("PYTHONHOME".to_owned(), "/usr/local".to_owned()),
            // Set literals in constants are stored in hash order.
            ("PYTHONHASHSEED".to_owned(), "0".to_owned()),
            ("PYTHONUTF8".to_owned(), "1".to_owned()),
        ],
        mounts: vec![Mount {
            host: stdlib.to_owned(),
            guest: STDLIB.to_owned(),
            writable: false,
        }],
        input: Input::Bytes(requests),
        output: Output::Capture(ANSWER_LIMIT),
    };
    let exit = base.run(engine, &command)?;
    if exit.code != 0 {
        return Err(Error::Compiler {
            code: exit.code,
            stderr: String::from_utf8_lossy(&exit.stderr).into_owned(),
        });
    }
    Ok(exit.stdout)
}
