//! What can go wrong between a module and its exit code.

use std::{
    io,
    path::{Path, PathBuf},
};

use pywasm_interpreter::{Mismatch, RecordError};

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
    /// The interpreter did not come through its start at build time.
    #[error(
        "the interpreter ended with exit code {code} when it was started at build time{}{stderr}",
        colon(stderr)
    )]
    Preinit {
        /// Its exit code; 134 when it trapped.
        code: u32,
        /// The end of what it wrote to its standard error, and the trap.
        stderr: String,
    },
    /// A module that is started at build time wants more than there is at that time.
    #[error("at build time there is nothing but WASI preview 1, but the module imports {}; build with `--preinit none`", .0.join(", "))]
    Imports(Vec<String>),
    /// A module that is started at build time lacks an export.
    #[error("the module's export `{name}` {problem}")]
    Export {
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A module that is started at build time does not do as agreed.
    #[error(
        "the base does not keep to the agreement on snapshots: {0}; use a base of this version of pywasm"
    )]
    Agreement(String),
    /// A module that is started at build time takes too much memory.
    #[error(
        "a start at build time may take 1 GiB of memory, and {wanted} bytes are asked for; \
         let the app take them after its start, or build with `--preinit none`"
    )]
    Memory {
        /// Bytes in all.
        wanted: usize,
    },
    /// A start at build time asks for too many different things.
    #[error(
        "the clock, files or environment are read in too many different ways when the app is started \
         at build time; build with `--preinit none`"
    )]
    Notices,
    /// A file of machine code, its record or its module cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        #[source]
        cause: io::Error,
    },
    /// Machine code without a record, and nobody said that it can be trusted.
    #[error("there is no {}, so this machine code cannot be verified", record.display())]
    NoRecord {
        /// Where the record should be.
        record: PathBuf,
    },
    /// The record of machine code cannot be read.
    #[error("cannot use {}", record.display())]
    Record {
        /// The record.
        record: PathBuf,
        /// Why.
        #[source]
        cause: RecordError,
    },
    /// Machine code that its record does not fit, or that does not fit this machine.
    #[error("the record of this machine code does not match{}", list(wrong))]
    Mismatch {
        /// What does not match.
        wrong: Vec<Mismatch>,
    },
    /// wasmtime refused machine code.
    #[error("the machine code cannot be loaded: {0:#}")]
    Code(wasmtime::Error),
    /// The cache folder or a thread failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn colon(text: &str) -> &'static str {
    if text.is_empty() { "" } else { ":\n" }
}

impl Error {
    pub(crate) fn read(path: &Path, cause: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            cause,
        }
    }

    /// What helps.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoRecord { .. } => Some(
                "a build writes the record beside the code: copy both, or build again with `pywasm build --aot`; \
                 --trust runs the file as it is, which is as safe as running any program of the same origin",
            ),
            Self::Mismatch { .. } | Self::Code(_) => {
                Some("build it again, on this machine or for it, with `pywasm build --aot`")
            }
            Self::Record { cause, .. } => Some(match cause {
                RecordError::Newer { .. } => {
                    "use the pywasm that wrote it, or build again with `pywasm build --aot`"
                }
                _ => "build again with `pywasm build --aot`",
            }),
            _ => None,
        }
    }
}

impl pywasm_diagnostic::Explain for Error {
    fn hint(&self) -> Option<std::borrow::Cow<'_, str>> {
        Self::hint(self).map(Into::into)
    }
}

fn list(wrong: &[Mismatch]) -> String {
    wrong.iter().map(|mismatch| format!("\n    {mismatch}")).collect()
}
