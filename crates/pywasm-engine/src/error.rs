//! Defines the errors of compiling, loading and running modules.

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
    /// The module imports something that WASI preview 1 does not have.
    #[error("the module cannot be instantiated: {0:#}")]
    Instantiate(wasmtime::Error),
    /// A folder of the host cannot be mounted.
    #[error("cannot mount {path}: {cause:#}", path = host.display())]
    Mount {
        /// The folder, as the user wrote it.
        host: PathBuf,
        /// The reason.
        cause: wasmtime::Error,
    },
    /// The guest was to be stopped when it writes, and does.
    #[error("the program writes")]
    Written,
    /// The guest trapped, which is a fault of the module and not an exception of its program.
    #[error("the module trapped: {0:#}")]
    Trap(wasmtime::Error),
    /// A function of a component cannot be called as the user wrote it.
    #[error("`{call}` cannot be called: {problem}")]
    Invoke {
        /// What the user wrote.
        call: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The program left in the middle of a call.
    #[error("the program ended with exit code {0}")]
    Exited(u32),
    /// The base's interpreter stopped while it compiled bytecode.
    #[error("the base's interpreter stopped with exit code {code} while it compiled bytecode:\n{stderr}")]
    Compiler {
        /// Its exit code.
        code: u32,
        /// Its standard error.
        stderr: String,
    },
    /// The interpreter failed when it was started at build time.
    #[error(
        "the interpreter ended with exit code {code} when it was started at build time{}{stderr}",
        colon(stderr)
    )]
    Preinit {
        /// Its exit code; 134 when it trapped.
        code: u32,
        /// The end of its standard error, and the trap.
        stderr: String,
    },
    /// A module that is started at build time imports something that does not exist then.
    #[error("the module imports {}, but only WASI preview 1 is available at build time; build with `--preinit none`", .0.join(", "))]
    Imports(Vec<String>),
    /// A module that is started at build time does not have an export that it needs.
    #[error("the module's export `{name}` {problem}")]
    Export {
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A module that is started at build time violates the snapshot protocol.
    #[error("the base violates the snapshot protocol: {0}; use a base for this version of pywasm")]
    Agreement(String),
    /// A module that is started at build time needs too much memory.
    #[error(
        "the app requests {wanted} bytes of memory at build time, but only 1 GiB is allowed; \
         allocate the memory after the start, or build with `--preinit none`"
    )]
    Memory {
        /// The total number of bytes.
        wanted: usize,
    },
    /// A start at build time makes too many different requests.
    #[error(
        "the app reads the clock, files or the environment in too many different places at build time; \
         build with `--preinit none`"
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
    /// Machine code does not have a record, and the user does not trust it.
    #[error("{} does not exist, so this machine code cannot be verified", record.display())]
    NoRecord {
        /// The path of the missing record.
        record: PathBuf,
    },
    /// The record of machine code cannot be read.
    #[error("cannot use {}", record.display())]
    Record {
        /// The record.
        record: PathBuf,
        /// The reason.
        #[source]
        cause: RecordError,
    },
    /// Machine code does not match its record or this machine.
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

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoRecord { .. } => Some(
                "copy the record, which a build writes next to the code, or build again with `pywasm build --aot`; \
                 --trust runs the file without a check, like any other program",
            ),
            Self::Mismatch { .. } | Self::Code(_) => {
                Some("build it again with `pywasm build --aot`, on this machine or for it")
            }
            Self::Record { cause, .. } => Some(match cause {
                RecordError::Newer { .. } => {
                    "use the pywasm that wrote the record, or build again with `pywasm build --aot`"
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
