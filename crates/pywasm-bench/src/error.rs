//! Defines the errors of a comparison, each with a hint if the user can do something.

use std::{borrow::Cow, io, path::PathBuf};

use pywasm_diagnostic::{Explain, Fault};
use pywasm_engine::bench::BenchError;
use pywasm_host::Cancelled;

const BUILD: &str = "build one first, for example with `pywasm build app.py`";

/// Why a comparison failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The same file is compared with itself.
    #[error("{} is given twice", .0.display())]
    GivenTwice(PathBuf),
    /// The file has another form of an artifact.
    #[error("{} is not a .wasm file", path.display())]
    OtherForm {
        /// The file.
        path: PathBuf,
        /// What to give instead.
        hint: &'static str,
    },
    /// The file does not exist.
    #[error("{} is not there", .0.display())]
    NotThere(PathBuf),
    /// The file is not WebAssembly.
    #[error("{} is not a WebAssembly module or component", .0.display())]
    NotWasm(PathBuf),
    /// A folder to mount does not exist.
    #[error("--dir {host}: there is no folder {host}", host = .0.display())]
    NoMount(PathBuf),
    /// The chart's name does not end in `.svg`.
    #[error("--plot {}: charts are SVG files", .0.display())]
    NotSvg(PathBuf),
    /// The chart's path is a folder.
    #[error("--plot {}: this is a folder", .0.display())]
    ChartIsFolder(PathBuf),
    /// The folder of the chart does not exist.
    #[error("--plot {}: there is no folder {}", path.display(), folder.display())]
    NoChartFolder {
        /// The chart.
        path: PathBuf,
        /// Its folder.
        folder: PathBuf,
    },
    /// An artifact cannot be compiled, started or measured.
    #[error("{}", file.display())]
    Artifact {
        /// The artifact.
        file: PathBuf,
        /// Why not.
        #[source]
        cause: Box<Error>,
    },
    /// The engine cannot measure an artifact.
    #[error(transparent)]
    Engine(#[from] BenchError),
    /// The process that measures memory failed with a message.
    #[error("{message}")]
    Child {
        /// Its message.
        message: String,
        /// Its hint.
        hint: Option<String>,
    },
    /// The process that measures memory did not get a job.
    #[error("`pywasm bench` uses this option by itself, with a job on standard input")]
    NoJob(#[source] serde_json::Error),
    /// The process that measures memory wrote something else.
    #[error("the process that measures memory gave no figures")]
    NoFigures(#[source] serde_json::Error),
    /// A job cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// This system does not report the memory of a process.
    #[error("/proc/self/status has no VmHWM")]
    NoPeak,
    /// The chart cannot be drawn.
    #[error("the chart cannot be drawn: {0}")]
    Chart(String),
    /// The operating system refused an operation.
    #[error("cannot {action}")]
    Io {
        /// A verb and its object.
        action: String,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl Error {
    /// Makes a function for `map_err` that adds what failed.
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let action = action.into();
        move |source| Self::Io { action, source }
    }
}

impl From<pywasm_engine::Error> for Error {
    fn from(error: pywasm_engine::Error) -> Self {
        Self::Engine(error.into())
    }
}

impl Explain for Error {
    fn hint(&self) -> Option<Cow<'_, str>> {
        let hint = match self {
            Self::GivenTwice(_) => "name each artifact once; --runs says how often it is started",
            Self::OtherForm { hint, .. } => hint,
            Self::NotThere(_) | Self::NotWasm(_) => BUILD,
            Self::NoMount(_) => "make it, or name another as HOST::GUEST",
            Self::NotSvg(_) => "give a name that ends in .svg",
            Self::ChartIsFolder(path) => {
                let inside = path.join("bench.svg");
                return Some(format!("name a file in it, for example {}", inside.display()).into());
            }
            Self::NoChartFolder { .. } => "make it first",
            // A box hides the cause's type from the chain.
            Self::Artifact { cause, .. } => return cause.hint(),
            Self::Engine(error) => return error.hint(),
            Self::Child { hint, .. } => return hint.as_deref().map(Into::into),
            _ => return None,
        };
        Some(hint.into())
    }

    fn fault(&self) -> Fault {
        match self {
            Self::GivenTwice(_)
            | Self::OtherForm { .. }
            | Self::NotThere(_)
            | Self::NotWasm(_)
            | Self::NoMount(_)
            | Self::NotSvg(_)
            | Self::ChartIsFolder(_)
            | Self::NoChartFolder { .. } => Fault::Usage,
            _ => Fault::Work,
        }
    }
}
