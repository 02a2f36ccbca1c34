//! Defines the errors of measuring an artifact.

use std::{
    borrow::Cow,
    fmt,
    path::{Path, PathBuf},
};

use pywasm_diagnostic::Explain;

use crate::Error;

/// Why an artifact could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The artifact cannot be compiled, or a folder cannot be mounted.
    #[error(transparent)]
    Engine(#[from] Error),
    /// The module is not a command.
    #[error("{}", not_a_command(exports))]
    NotACommand {
        /// Its exports.
        exports: Vec<String>,
    },
    /// Nothing says what to call of a component.
    #[error(
        "the component is no command, and {} of its functions take no arguments{}",
        calls.len(),
        list(calls)
    )]
    WhichCall {
        /// The functions without arguments.
        calls: Vec<String>,
    },
    /// A call was given for a core module.
    #[error("this is a core module, and only functions of components can be called")]
    NoCalls,
    /// The artifact imports more than WASI.
    #[error("the artifact cannot be linked: {0:#}")]
    Link(wasmtime::Error),
    /// The memory, tables or instances of the artifact cannot be created.
    #[error("the artifact cannot be instantiated: {0:#}")]
    Instantiate(wasmtime::Error),
    /// The program ended with an exit code other than 0.
    #[error("the program ended with exit code {code}{}", StderrLines(stderr))]
    Exit {
        /// Its exit code.
        code: u32,
        /// Its standard error.
        stderr: String,
    },
    /// The program trapped.
    #[error("the program trapped: {cause:#}{}", StderrLines(stderr))]
    Trap {
        /// The trap.
        cause: wasmtime::Error,
        /// Its standard error.
        stderr: String,
    },
    /// This engine cannot load the file of machine code.
    #[error("cannot load machine code from {path}: {cause:#}", path = path.display())]
    Load {
        /// The file.
        path: PathBuf,
        /// The reason.
        cause: wasmtime::Error,
    },
}

impl BenchError {
    pub(super) fn load(path: &Path, cause: wasmtime::Error) -> Self {
        Self::Load {
            path: path.to_owned(),
            cause,
        }
    }
}

impl Explain for BenchError {
    fn hint(&self) -> Option<Cow<'_, str>> {
        let hint = match self {
            Self::Engine(error) => return Explain::hint(error),
            Self::NotACommand { .. } => "build a WASI command; a library or reactor cannot be started",
            Self::WhichCall { .. } => "name the call: `--invoke 'NAME(ARGUMENTS)'`",
            Self::NoCalls => "leave out --invoke, or compare components only",
            Self::Link(_) => {
                "build a program that imports only the WASI command interfaces (preview 1, or 0.2 for a component)"
            }
            Self::Exit { .. } => {
                "pass what the program needs with --env, --dir, and arguments after `--`; its standard input is empty"
            }
            Self::Instantiate(_) | Self::Trap { .. } | Self::Load { .. } => return None,
        };
        Some(hint.into())
    }
}

/// Formats the standard error of a program on its own lines, unless it is empty.
struct StderrLines<'a>(&'a str);

impl fmt::Display for StderrLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.trim_end();
        if text.is_empty() {
            return Ok(());
        }
        write!(f, "; its standard error:\n{text}")
    }
}

fn list(calls: &[String]) -> String {
    if calls.is_empty() {
        return String::new();
    }
    format!(": {}", calls.join(", "))
}

fn not_a_command(exports: &[String]) -> String {
    /// The number of exports that the message lists.
    const SHOWN: usize = 5;
    let mut listed = exports
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if exports.len() > SHOWN {
        listed += &format!(" and {} more", exports.len() - SHOWN);
    }
    if listed.is_empty() {
        listed = "nothing".to_owned();
    }
    format!("the module does not export `_start`; it exports {listed}")
}
