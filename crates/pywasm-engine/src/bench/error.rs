//! Why an artifact has no figures.

use std::{fmt, path::PathBuf};

use crate::{Error, bench::Kind};

/// Why an artifact could not be compiled, started, or run to a good end.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// It could not be compiled, or a folder cannot be mounted.
    #[error(transparent)]
    Engine(#[from] Error),
    /// There is nothing in it to start.
    #[error("{}", not_a_command(*kind, exports))]
    NotACommand {
        /// What it is.
        kind: Kind,
        /// What it exports instead.
        exports: Vec<String>,
    },
    /// It asks for more than WASI.
    #[error(
        "it cannot be linked: {0:#}\nhint: `pywasm bench` gives it WASI's command interfaces (preview 1, or 0.2 for a component) and nothing else"
    )]
    Link(wasmtime::Error),
    /// Its memory, tables or instances could not be made.
    #[error("it cannot be instantiated: {0:#}")]
    Instantiate(wasmtime::Error),
    /// The program ended with an exit code other than 0.
    #[error(
        "the program ended with exit code {code}{}\nhint: give it what it needs: arguments behind `--`, --env, --dir; its standard input is empty",
        Told(stderr)
    )]
    Exit {
        /// Its exit code.
        code: u32,
        /// What it wrote to its standard error.
        stderr: String,
    },
    /// The program trapped.
    #[error("the program trapped: {cause:#}{}", Told(stderr))]
    Trap {
        /// What the trap was.
        cause: wasmtime::Error,
        /// What it wrote to its standard error.
        stderr: String,
    },
    /// The file of machine code is not this engine's.
    #[error("cannot load machine code from {path}: {cause:#}", path = path.display())]
    Load {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: wasmtime::Error,
    },
}

/// What a program said, if it said anything, on lines of its own.
struct Told<'a>(&'a str);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.trim_end();
        if text.is_empty() {
            return Ok(());
        }
        write!(f, "; its standard error:\n{text}")
    }
}

fn not_a_command(kind: Kind, exports: &[String]) -> String {
    /// How many exports are told.
    const MOST: usize = 5;
    let (wanted, cure) = match kind {
        Kind::Module => (
            "`_start`",
            "only WASI commands can be started; a library or reactor has none",
        ),
        Kind::Component => (
            "`wasi:cli/run` of WASI 0.2",
            "only commands can be started; build it for the world `wasi:cli/command`",
        ),
    };
    let mut told = exports
        .iter()
        .take(MOST)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if exports.len() > MOST {
        told += &format!(" and {} more", exports.len() - MOST);
    }
    if told.is_empty() {
        told = "nothing".to_owned();
    }
    format!("the {kind} does not export {wanted}; it exports {told}\nhint: {cure}")
}
