//! Compiles Python sources to bytecode. Requests and answers have the form that
//! `pywasm_bundle::bytecode` documents.
//!
//! The base's own interpreter compiles, so the bytecode always has the right version, and the host needs
//! no Python.

use std::{panic, path::Path, thread};

use pywasm_target::{
    Series,
    abi::{export, guest},
};

use crate::{Command, Engine, Error, Input, Mount, Output, Program};

/// Changes when [`SCRIPT`] gives other bytecode for the same source.
pub(crate) const COMPILE_VERSION: u32 = 1;

/// The part that runs in the guest. Its docstring documents the protocol.
const SCRIPT: &str = include_str!("compile.py");

/// The largest answer to one batch, in bytes.
const ANSWER_LIMIT: usize = 1 << 30;

/// Runs the base's interpreter over each batch of requests, side by side, and returns the answers.
///
/// # Errors
/// When an interpreter does not start or stops early.
pub(crate) fn compile(
    engine: &Engine,
    base: &[u8],
    stdlib: &Path,
    batches: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, Error> {
    let program = &engine.load(base)?;
    thread::scope(|scope| {
        let workers: Vec<_> = batches
            .into_iter()
            .map(|batch| scope.spawn(move || compile_batch(engine, program, stdlib, batch)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| panic::resume_unwind(panic)))
            .collect()
    })
}

fn compile_batch(
    engine: &Engine,
    base: &Program,
    stdlib: &Path,
    requests: Vec<u8>,
) -> Result<Vec<u8>, Error> {
    let command = Command {
        function: export::COMMAND_LINE.to_owned(),
        args: ["python", "-s", "-S", "-P", "-B", "-c", SCRIPT]
            .map(str::to_owned)
            .to_vec(),
        env: vec![
            ("PYTHONHOME".to_owned(), guest::PREFIX.to_owned()),
            // Set literals in constants are stored in hash order.
            ("PYTHONHASHSEED".to_owned(), "0".to_owned()),
            ("PYTHONUTF8".to_owned(), "1".to_owned()),
        ],
        mounts: vec![Mount {
            host: stdlib.to_owned(),
            guest: format!("{}/{}", guest::PREFIX, Series::SUPPORTED.stdlib_folder()),
            writable: false,
        }],
        input: Input::Bytes(requests),
        output: Output::Capture(ANSWER_LIMIT),
        most_memory: None,
        network: false,
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
