//! Everything that can go wrong with a base, each with the path, address or name that it is
//! about, its cause, and, where there is one, the cure as a hint.

use std::io;
use std::path::{Path, PathBuf};

use pywasm_digest::Digest;
use pywasm_host::{Cancelled, program};

/// An error of this crate. `Display` says what happened; [`Error::hint`] says what to do.
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

    /// The platform's cache folder is not known.
    #[error("this user has no home folder, so there is no place to keep a base")]
    NoHome,

    /// A manifest that is not one.
    #[error("`{}` is not the manifest of a base", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        source: ManifestError,
    },

    /// A base for another version of this tool.
    #[error("base `{id}` has ABI {found}, this pywasm works with ABI {wanted}")]
    WrongAbi {
        /// The base.
        id: String,
        /// What it has.
        found: u32,
        /// What this tool wants.
        wanted: u32,
    },

    /// Nothing in the store fits.
    #[error("no base fits `{selector}`{}", list(" (there are: ", known, ")"))]
    NoSuchBase {
        /// What was asked for.
        selector: String,
        /// The ids that are there.
        known: Vec<String>,
    },

    /// More than one base fits.
    #[error("`{selector}` fits more than one base: {}", candidates.join(", "))]
    AmbiguousBase {
        /// What was asked for.
        selector: String,
        /// The ids that fit.
        candidates: Vec<String>,
    },

    /// A base whose files are not what its manifest says.
    #[error("base `{id}` is damaged:{}", lines(problems))]
    Damaged {
        /// The base.
        id: String,
        /// What differs, in the order of the paths.
        problems: Vec<crate::verify::Problem>,
    },

    /// An archive that cannot be a base.
    #[error("`{name}` cannot be unpacked: {reason}")]
    Archive {
        /// The archive's file or address.
        name: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The bytes are not the ones that were asked for.
    #[error("`{name}` has the SHA-256 {found}, but {expected} was asked for")]
    WrongHash {
        /// The file or address.
        name: String,
        /// What was asked for.
        expected: Digest,
        /// What came.
        found: Digest,
    },

    /// A download failed.
    #[error("cannot download {url}: {reason}")]
    Download {
        /// The address as it was given.
        url: String,
        /// What happened.
        reason: String,
        /// The HTTP client's error.
        #[source]
        source: Option<reqwest::Error>,
    },

    /// An address was given without the digest of what stands there.
    #[error("{url} is a download, and a download needs its SHA-256")]
    HashNeeded {
        /// The address.
        url: String,
    },

    /// `--offline` stands against something that has to be fetched.
    #[error("--offline, and these are not here:{}", lines(missing))]
    Offline {
        /// What is missing, each with where it was looked for.
        missing: Vec<String>,
    },

    /// A file that was named for packing has a name that pywasm would not read back.
    #[error("`{}` does not end in `.tar.br`", path.display())]
    PackName {
        /// The file.
        path: PathBuf,
    },

    /// A base of before extension modules could be compiled.
    #[error("base {id} has no headers, and an extension module is compiled with them")]
    NoHeaders {
        /// The base's id.
        id: String,
    },

    /// Parts of the toolchain are missing.
    #[error("a base cannot be built here, these are missing:{}", lines(missing))]
    Toolchain {
        /// What is missing, with what it is for.
        missing: Vec<String>,
        /// The cure.
        hint: String,
    },

    /// There is nothing to compile an extension module with.
    #[error("a C file cannot be compiled here, these are missing:{}", lines(missing))]
    NoCompiler {
        /// What is missing.
        missing: Vec<String>,
        /// The cure.
        hint: String,
    },

    /// The C compiler refused an extension module.
    #[error("the extension module `{name}` does not compile:{}", lines(said))]
    Refused {
        /// The module.
        name: String,
        /// What the compiler said.
        said: Vec<String>,
    },

    /// Source archives could not be had.
    #[error("cannot get these sources:{}", lines(missing))]
    Sources {
        /// Each with its digest, what was tried, and why that did not work.
        missing: Vec<String>,
    },

    /// The recipe does not know this Python version.
    #[error("there is no recipe for Python {wanted} (there is one for {})", known.join(", "))]
    NoRecipe {
        /// The version that was asked for.
        wanted: String,
        /// What the recipe has.
        known: Vec<String>,
    },

    /// `sources.json` of the recipe is not what this crate expects. A bug of pywasm.
    #[error("the recipe's sources.json is wrong: {0}")]
    Recipe(String),

    /// A program that this crate runs did not succeed.
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
        /// Where the whole log was kept.
        log: PathBuf,
    },

    /// A folder for a build that is not empty.
    #[error("the work folder `{}` is not empty", path.display())]
    WorkNotEmpty {
        /// The folder.
        path: PathBuf,
    },

    /// The caller's [`Progress::cancelled`](pywasm_host::Progress::cancelled) said so.
    #[error("stopped")]
    Cancelled,
}

/// What is wrong with a `manifest.json`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is no JSON, or a key is missing or has the wrong type.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It was written by a newer pywasm.
    #[error("its schema is {0}, this pywasm reads schema {known}", known = crate::manifest::SCHEMA)]
    Schema(u32),
    /// A value is not what its key asks for.
    #[error("`{key}` is wrong: {reason}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    /// What to do about it, as one sentence, where there is something to do.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoHome => format!("set {} to a folder", crate::HOME_VARIABLE),
            Self::WrongAbi { .. } | Self::NoSuchBase { .. } => {
                "`pywasm base list` shows what is there, `pywasm base build` makes one".into()
            }
            Self::Manifest {
                source: ManifestError::Schema(_),
                ..
            } => "this base is for a newer pywasm: update pywasm, or run `pywasm base build`".into(),
            Self::NoHeaders { .. } => "`pywasm base build` makes one that has them".into(),
            Self::AmbiguousBase { .. } => "give more digits of the id".into(),
            Self::Damaged { .. } => "remove it with `pywasm base remove` and build or add it again".into(),
            Self::Archive { .. } => "a base archive is a `.tar.br` as `pywasm base pack` writes it".into(),
            Self::WrongHash { .. } => {
                "the file is not the one that the digest was made for: get both again from the same place"
                    .into()
            }
            Self::HashNeeded { .. } => "give it with --sha256".into(),
            Self::Offline { .. } => "run it once without --offline, or bring the files along: \
                 `pywasm base build --sources FOLDER` or `pywasm base add FILE`"
                .into(),
            Self::PackName { .. } => "give it a name that ends in `.tar.br`".into(),
            Self::Toolchain { hint, .. } | Self::NoCompiler { hint, .. } => hint.clone(),
            Self::Sources { .. } => {
                "put the files into a folder and run `pywasm base build --sources FOLDER`".into()
            }
            Self::Build { log, .. } => format!("the whole log is in {}", log.display()),
            Self::WorkNotEmpty { .. } => "give a folder that is empty or does not exist".into(),
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

/// Gives an I/O error the path that it is about.
pub(crate) trait IoContext<T> {
    fn at(self, action: &'static str, path: &Path) -> Result<T, Error>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn at(self, action: &'static str, path: &Path) -> Result<T, Error> {
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
