//! Lists everything that ends the work of this crate; what the other crates report stays attached.

use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
};

use pywasm_diagnostic::{Diagnostic, Explain, Fault};

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The project's configuration is wrong.
    #[error("{0}")]
    Project(#[from] pywasm_project::Error),
    /// A base is damaged, does not fit, or cannot be built.
    #[error("{0}")]
    Base(#[from] pywasm_base::Error),
    /// There is no base, and the policy forbids to build one.
    #[error(
        "there is no base{} in {}, and none may be built",
        python.as_ref().map_or_else(String::new, |python| format!(" for Python {python}")),
        folder.display()
    )]
    NoBase {
        /// The version that the project needs.
        python: Option<String>,
        /// Where bases are looked for.
        folder: PathBuf,
    },
    /// The size that PYWASM_CACHE_SIZE names is wrong.
    #[error("PYWASM_CACHE_SIZE: {0}")]
    CacheSize(pywasm_report::InvalidSize),
    /// A release needs a version.
    #[error("the release of {0} needs a version")]
    NoVersion(String),
    /// The version cannot name files.
    #[error("`{0}` cannot be part of a file's name")]
    InvalidVersion(String),
    /// The dependencies cannot be installed.
    #[error("{0}")]
    Dependencies(#[from] pywasm_deps::Error),
    /// A stage of the build failed.
    #[error("{0}")]
    Build(#[from] pywasm_pipeline::Error),
    /// wasmtime cannot work here, or the program cannot be run.
    #[error("{0}")]
    Engine(#[from] pywasm_engine::Error),
    /// The bills of materials of a release cannot be made.
    #[error("{0}")]
    Bill(#[from] pywasm_release::sbom::Error),
    /// The licences of a release cannot be collected.
    #[error("{0}")]
    Licences(#[from] pywasm_release::licences::Error),
    /// The report of a release has no form in JSON.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// The sources that a release names cannot be loaded.
    #[error("the sources of the release cannot be loaded; --project names them")]
    Sources(#[source] pywasm_project::Error),
    /// The operating system refused something.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// A verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
}

impl Error {
    /// An error of the operating system, with what was done to what.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}

impl Error {
    /// What the error of another crate knows about itself.
    fn inner(&self) -> Option<&dyn Explain> {
        match self {
            Self::Project(error) | Self::Sources(error) => Some(error),
            Self::Base(error) => Some(error),
            Self::Dependencies(error) => Some(error),
            Self::Build(error) => Some(error),
            Self::Engine(error) => Some(error),
            Self::Bill(error) => Some(error),
            Self::NoBase { .. }
            | Self::CacheSize(_)
            | Self::NoVersion(_)
            | Self::InvalidVersion(_)
            | Self::Licences(_)
            | Self::Json(_)
            | Self::Io { .. } => None,
        }
    }
}

impl Explain for Error {
    fn hint(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::NoBase { .. } => Some("add or build one with `pywasm base`".into()),
            Self::CacheSize(_) => Some("write a size such as `PYWASM_CACHE_SIZE=20GB`".into()),
            Self::NoVersion(_) => {
                Some("write `version = \"1.0.0\"` under [project], or give --version 1.0.0".into())
            }
            Self::InvalidVersion(_) => {
                Some("a version is made of digits, letters, `.`, `+` and `-`, such as 1.0.0".into())
            }
            _ => self.inner()?.hint(),
        }
    }

    fn fault(&self) -> Fault {
        match self {
            Self::NoBase { .. } | Self::CacheSize(_) | Self::NoVersion(_) | Self::InvalidVersion(_) => {
                Fault::Usage
            }
            _ => self.inner().map_or(Fault::Work, Explain::fault),
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            // Its own message comes first.
            Self::Sources(_) => &[],
            _ => self.inner().map_or(&[], Explain::diagnostics),
        }
    }
}
