//! What can go wrong between a module and its exit code.

use std::{io, path::PathBuf};

/// Why a module could not be compiled or run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// wasmtime refused the module.
    #[error("the module cannot be compiled: {0:#}")]
    Compile(wasmtime::Error),
    /// The module asks for something that WASI preview 1 does not have.
    #[error("the module cannot be instantiated: {0:#}")]
    Instantiate(wasmtime::Error),
    /// A host folder that should be mounted cannot be opened.
    #[error("cannot mount {path}: {cause:#}", path = host.display())]
    Mount {
        /// The folder as the user named it.
        host: PathBuf,
        /// Why.
        cause: wasmtime::Error,
    },
    /// The guest trapped: a fault in the module, not an exception of its program.
    #[error("the module trapped: {0:#}")]
    Trap(wasmtime::Error),
    /// The base's interpreter stopped while it compiled bytecode.
    #[error("the base's interpreter stopped with exit code {code} while it compiled bytecode:\n{stderr}")]
    Compiler {
        /// Its exit code.
        code: u32,
        /// What it wrote to its standard error.
        stderr: String,
    },
    /// The cache folder or a thread failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}
