//! Defines the errors of this crate. Each names the path, address or base that it is about, keeps
//! its cause, and has a hint if the user can do something.

use std::io;
use std::path::{Path, PathBuf};

use pywasm_digest::Digest;
use pywasm_host::{Cancelled, program};

/// An error of this crate. `Display` says what happened, and [`Error::hint`] says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused something.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What failed, as a verb: "read", "create", ...
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },

    /// The platform's cache folder is not known.
    #[error("this user has no home folder, so pywasm cannot store a base")]
    NoHome,

    /// A file that is not a valid manifest.
    #[error("`{}` is not the manifest of a base", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        source: ManifestError,
    },

    /// A base for another version of this tool.
    #[error("base `{id}` has ABI {found}, but this pywasm needs ABI {wanted}")]
    WrongAbi {
        /// The base.
        id: String,
        /// Its ABI.
        found: u32,
        /// The ABI that this tool needs.
        wanted: u32,
    },

    /// No base in the store matches.
    #[error("no base matches `{selector}`{}", list(" (available: ", known, ")"))]
    NoSuchBase {
        /// The requested base.
        selector: String,
        /// The ids of the bases in the store.
        known: Vec<String>,
    },

    /// More than one base matches.
    #[error("`{selector}` matches more than one base: {}", candidates.join(", "))]
    AmbiguousBase {
        /// The requested base.
        selector: String,
        /// The ids that match.
        candidates: Vec<String>,
    },

    /// A base whose files differ from its manifest.
    #[error("base `{id}` is damaged:{}", lines(problems))]
    Damaged {
        /// The base.
        id: String,
        /// What differs, in the order of the paths.
        problems: Vec<crate::verify::Problem>,
    },

    /// A file that is not the archive of a base.
    #[error("`{name}` cannot be unpacked: {reason}")]
    Archive {
        /// The archive's file or address.
        name: String,
        /// What is wrong with it.
        reason: String,
    },

    /// A file whose digest is not the expected one.
    #[error("`{name}` has the SHA-256 {found}, but {expected} was expected")]
    WrongHash {
        /// The file or address.
        name: String,
        /// The expected digest.
        expected: Digest,
        /// The digest of the file.
        found: Digest,
    },

    /// A download failed.
    #[error("cannot download {url}: {reason}")]
    Download {
        /// The address.
        url: String,
        /// What happened.
        reason: String,
        /// The HTTP client's error.
        #[source]
        source: Option<reqwest::Error>,
    },

    /// An address without a digest.
    #[error("the download {url} needs a SHA-256 digest")]
    HashNeeded {
        /// The address.
        url: String,
    },

    /// With `--offline`, pywasm cannot download what it needs.
    #[error("these files are not available offline:{}", lines(missing))]
    Offline {
        /// The missing files, each with the places where pywasm looked.
        missing: Vec<String>,
    },

    /// The name of a new archive does not have the ending that `pywasm base add` needs.
    #[error("`{}` does not end in `.tar.br`", path.display())]
    PackName {
        /// The file.
        path: PathBuf,
    },

    /// A base from a time before extension modules.
    #[error("base {id} does not contain the headers that extension modules need")]
    NoHeaders {
        /// The base's id.
        id: String,
    },

    /// A base from a time before components.
    #[error("base {id} does not contain the glue that components need")]
    NoComponents {
        /// The base's id.
        id: String,
    },

    /// Parts of the toolchain are missing.
    #[error("cannot build a base on this machine; missing:{}", lines(missing))]
    Toolchain {
        /// What is missing, and what it is needed for.
        missing: Vec<String>,
        /// How to install what is missing.
        hint: String,
    },

    /// Parts of the compiler for extension modules are missing.
    #[error("cannot compile C files on this machine; missing:{}", lines(missing))]
    NoCompiler {
        /// What is missing.
        missing: Vec<String>,
        /// How to install what is missing.
        hint: String,
    },

    /// An extension module has errors.
    #[error("the extension module `{name}` does not compile:{}", lines(output))]
    DoesNotCompile {
        /// The module.
        name: String,
        /// The first lines that the compiler wrote.
        output: Vec<String>,
    },

    /// Source archives could not be downloaded.
    #[error("cannot get these sources:{}", lines(missing))]
    Sources {
        /// The missing files, each with its digest, the attempts and why they failed.
        missing: Vec<String>,
    },

    /// The recipe does not know this Python version.
    #[error("pywasm has no recipe for Python {wanted} (it has recipes for {})", known.join(", "))]
    NoRecipe {
        /// The requested version.
        wanted: String,
        /// The versions that the recipe knows.
        known: Vec<String>,
    },

    /// The recipe's `sources.json` is invalid, which is a bug of pywasm.
    #[error("the recipe's sources.json is invalid: {0}")]
    Recipe(String),

    /// A program that this crate runs failed.
    #[error(transparent)]
    Program(program::Error),

    /// The recipe's script failed.
    #[error("the base build failed at step `{step}` ({status}):{}", lines(tail))]
    Build {
        /// The last step that it announced.
        step: String,
        /// The script's exit status.
        status: String,
        /// The last lines of the log.
        tail: Vec<String>,
        /// The file with the whole log.
        log: PathBuf,
    },

    /// The interpreter cannot be optimized.
    #[error("the new base cannot be optimized: {0}")]
    Optimize(String),

    /// The work folder of a build is not empty.
    #[error("the work folder `{}` is not empty", path.display())]
    WorkNotEmpty {
        /// The folder.
        path: PathBuf,
    },

    /// The build's folder has white space in its path.
    #[error("cannot build a base in {path:?}: CPython's makefiles accept no white space in a path")]
    WorkPath {
        /// The folder.
        path: PathBuf,
    },

    /// The caller's [`Progress::cancelled`](pywasm_host::Progress::cancelled) returned true.
    #[error("stopped")]
    Cancelled,
}

/// What is wrong with a `manifest.json`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The file is not JSON, or a key is missing or has the wrong type.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A newer pywasm wrote it.
    #[error("the manifest has schema {0}, but this pywasm reads schema {known}", known = crate::manifest::SCHEMA)]
    Schema(u32),
    /// A value is not valid for its key.
    #[error("`{key}` is invalid: {reason}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoHome => format!("set {} to a folder", crate::HOME_VARIABLE),
            Self::WrongAbi { .. } | Self::NoSuchBase { .. } => {
                "run `pywasm base list` to see the available bases, or `pywasm base build` to build one"
                    .into()
            }
            Self::Manifest {
                source: ManifestError::Schema(_),
                ..
            } => "update pywasm to use this base, or run `pywasm base build`".into(),
            Self::NoHeaders { .. } => "run `pywasm base build` to build a base with headers".into(),
            Self::NoComponents { .. } => "run `pywasm base build` to build a base with it".into(),
            Self::AmbiguousBase { .. } => "give more digits of the id".into(),
            Self::Damaged { .. } => {
                "remove the base with `pywasm base remove`, then build or add it again".into()
            }
            Self::Archive { .. } => "use a `.tar.br` archive that `pywasm base pack` wrote".into(),
            Self::WrongHash { .. } => "get the file and its digest again from the same source".into(),
            Self::HashNeeded { .. } => "pass the digest with --sha256".into(),
            Self::Offline { .. } => "run the command once without --offline, or provide the files with \
                 `pywasm base build --sources FOLDER` or `pywasm base add FILE`"
                .into(),
            Self::PackName { .. } => "choose a name that ends in `.tar.br`".into(),
            Self::Toolchain { hint, .. } | Self::NoCompiler { hint, .. } => hint.clone(),
            Self::Sources { .. } => {
                "put the files into a folder and run `pywasm base build --sources FOLDER`".into()
            }
            Self::Build { log, .. } => format!("read the whole log in {}", log.display()),
            Self::WorkNotEmpty { .. } => "choose a folder that is empty or does not exist".into(),
            Self::WorkPath { .. } => {
                "name another work folder with `--work`, or another home with `--home`".into()
            }
            _ => return None,
        })
    }
}

impl Error {
    /// Whether the command line or the configuration is wrong.
    fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::NoSuchBase { .. }
                | Self::AmbiguousBase { .. }
                | Self::HashNeeded { .. }
                | Self::PackName { .. }
                | Self::NoRecipe { .. }
                | Self::WorkNotEmpty { .. }
                | Self::WorkPath { .. }
        )
    }
}

impl pywasm_diagnostic::Explain for Error {
    fn hint(&self) -> Option<std::borrow::Cow<'_, str>> {
        Self::hint(self).map(Into::into)
    }

    fn fault(&self) -> pywasm_diagnostic::Fault {
        if self.is_usage() {
            pywasm_diagnostic::Fault::Usage
        } else {
            pywasm_diagnostic::Fault::Work
        }
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<program::Error> for Error {
    fn from(error: program::Error) -> Self {
        match error {
            program::Error::Cancelled(_) => Self::Cancelled,
            error => Self::Program(error),
        }
    }
}

/// Adds the path that an I/O error is about.
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

fn lines<T: ToString>(items: &[T]) -> String {
    items
        .iter()
        .map(|item| format!("\n  {}", item.to_string()))
        .collect()
}

fn list(before: &str, items: &[String], after: &str) -> String {
    if items.is_empty() {
        String::new()
    } else {
        format!("{before}{}{after}", items.join(", "))
    }
}
