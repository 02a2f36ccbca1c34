//! Defines what can end an installation, each error with its file or distribution and a hint.

use std::io;
use std::path::{Path, PathBuf};

use pywasm_diagnostic::{Diagnostic, Explain, Fault};

/// Why the dependencies cannot be provided.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused something.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// A verb: "read", "create", ...
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// What the project requires is written wrong, or does not fit together.
    #[error("{}", Diagnostic::list(.0))]
    Project(Vec<Diagnostic>),
    /// A wheel or an installed distribution is not what it should be, or the installer failed.
    #[error("{0}")]
    Refused(Box<Diagnostic>),
    /// The user asked to stop.
    #[error("stopped")]
    Cancelled,
}

impl Error {
    /// One thing that is wrong with the project.
    pub(crate) fn project(diagnostic: Diagnostic) -> Self {
        Self::Project(vec![diagnostic])
    }

    /// One thing that is wrong with what comes from outside.
    pub(crate) fn refused(diagnostic: Diagnostic) -> Self {
        Self::Refused(Box::new(diagnostic))
    }
}

impl Explain for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Project(_) => Fault::Usage,
            _ => Fault::Work,
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Project(diagnostics) => diagnostics,
            Self::Refused(diagnostic) => std::slice::from_ref(diagnostic),
            _ => &[],
        }
    }
}

/// Adds to an operating system's error what was done to which path.
pub(crate) trait IoContext<T> {
    fn with_path(self, action: &'static str, path: &Path) -> Result<T, Error>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn with_path(self, action: &'static str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::Io {
            action,
            path: path.to_owned(),
            source,
        })
    }
}
