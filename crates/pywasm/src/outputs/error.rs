//! Lists why the outputs of a build cannot be found or read.

use std::{borrow::Cow, io, path::PathBuf};

use pywasm_diagnostic::{Diagnostic, Explain, Fault};

/// Why there is nothing to show of a build.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A report or the project cannot be read.
    #[error("{0}")]
    Report(#[from] pywasm_project::Error),
    /// There is no such report.
    #[error("there is no report `{0}`")]
    NoReport(String),
    /// A folder holds nothing of a build.
    #[error("`{}` holds no report and no module", .0.display())]
    NoBuild(PathBuf),
    /// A folder holds more than one build.
    #[error("`{}` holds several builds: {}", folder.display(), names.join(", "))]
    SeveralBuilds {
        /// The folder.
        folder: PathBuf,
        /// Their files.
        names: Vec<String>,
    },
    /// A file is neither a report nor an artifact.
    #[error("`{}` is no build: neither a report (NAME.report.json) nor an artifact (NAME.{})", path.display(), endings.join(", NAME."))]
    NotABuild {
        /// The file.
        path: PathBuf,
        /// How names of artifacts end.
        endings: &'static [&'static str],
    },
    /// Neither a folder nor its `dist` has a report.
    #[error("there is no NAME.report.json in {} or its dist/", .0.display())]
    NoReportIn(PathBuf),
    /// There is more than one report in a folder and its `dist`.
    #[error("there is more than one report: {} and {}", .0.display(), .1.display())]
    SeveralReports(PathBuf, PathBuf),
    /// A report is of a build without a module.
    #[error("{} lists no module", .0.display())]
    NoModule(PathBuf),
    /// The module beside a report is of another build.
    #[error("{} is not the module of {}", module.display(), report.display())]
    OtherModule {
        /// The module.
        module: PathBuf,
        /// The report.
        report: PathBuf,
    },
    /// A symbol file cannot be understood.
    #[error("{} {cause}", path.display())]
    Symbols {
        /// The symbol file.
        path: PathBuf,
        /// What is wrong with it; the end of a sentence.
        cause: String,
    },
    /// The parts of a module cannot be told apart.
    #[error("cannot tell {} apart", path.display())]
    Analysis {
        /// The module.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: pywasm_size::Error,
    },
    /// A module is larger than may be.
    #[error("{} has {size} bytes, and what has more than {most} is not pulled again", path.display())]
    TooLarge {
        /// The module.
        path: PathBuf,
        /// Its size.
        size: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// A file is not a module.
    #[error("{} is no WebAssembly module", .0.display())]
    NotAModule(PathBuf),
    /// A file that is to be run is not a module.
    #[error("{} is no WebAssembly module", .0.display())]
    NotAProgram(PathBuf),
    /// A compressed module cannot be decompressed.
    #[error("cannot decompress {}", path.display())]
    Compressed {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: pywasm_dist::DecompressError,
    },
    /// There is no module where a build writes it.
    #[error("there is no {}", .0.display())]
    NotBuilt(PathBuf),
    /// A module is damaged.
    #[error("{} is not valid", path.display())]
    InvalidModule {
        /// The module.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: pywasm_object::Error,
    },
    /// A folder may be another tool's.
    #[error("{} holds no report of pywasm, so it may be another tool's", .0.display())]
    NotOurs(PathBuf),
    /// The operating system refused something.
    #[error("cannot {action}")]
    Io {
        /// A verb and its object.
        action: String,
        /// Whose fault it is.
        fault: Fault,
        /// The operating system's reason.
        source: io::Error,
    },
}

impl Error {
    /// Makes an error of the operating system's reason; for `map_err`.
    pub(super) fn io(action: String) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            action,
            fault: Fault::Work,
            source,
        }
    }

    /// The same, where the user has named the wrong file.
    pub(super) fn named(action: String) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            action,
            fault: Fault::Usage,
            source,
        }
    }
}

impl Explain for Error {
    fn hint(&self) -> Option<Cow<'_, str>> {
        use pywasm_size::Error as Size;
        let hint = match self {
            Self::Report(error) => return error.hint(),
            Self::NoReport(_) => "`pywasm build` writes it, or name another",
            Self::NoBuild(_) => "name the folder that a build wrote, such as dist/",
            Self::SeveralBuilds { .. } => "name the one that is meant",
            Self::NotABuild { .. } => "name a file of dist/, or the folder itself",
            Self::NoReportIn(_) => "`pywasm build` writes one; or name a .wasm file",
            Self::SeveralReports(..) => "name the one that you mean",
            Self::OtherModule { .. } => "build again, or name the .wasm file",
            Self::Symbols { .. } => "build again, or take it away",
            Self::Analysis { cause, .. } => match cause {
                Size::OtherModule | Size::Damaged(_) => "build again, or take NAME.symbols.json away",
                Size::Layout(_) => return None,
            },
            Self::NotAModule(_) => "publish the `.wasm` file that `pywasm build` writes",
            Self::NotAProgram(_) => "build one first, for example with `pywasm build app.py`",
            Self::NotBuilt(_) => "run `pywasm build` first, or name the module",
            Self::NotOurs(_) => "remove it by hand if it is not",
            Self::TooLarge { .. }
            | Self::InvalidModule { .. }
            | Self::Compressed { .. }
            | Self::NoModule(_)
            | Self::Io { .. } => return None,
        };
        Some(hint.into())
    }

    fn fault(&self) -> Fault {
        match self {
            Self::Report(error) => error.fault(),
            Self::NoReport(_)
            | Self::NoBuild(_)
            | Self::SeveralBuilds { .. }
            | Self::NotABuild { .. }
            | Self::NoReportIn(_)
            | Self::SeveralReports(..)
            | Self::TooLarge { .. }
            | Self::NotAModule(_)
            | Self::NotAProgram(_)
            | Self::NotBuilt(_)
            | Self::InvalidModule { .. }
            | Self::NotOurs(_) => Fault::Usage,
            Self::Io { fault, .. } => *fault,
            Self::NoModule(_)
            | Self::OtherModule { .. }
            | Self::Symbols { .. }
            | Self::Compressed { .. }
            | Self::Analysis { .. } => Fault::Work,
        }
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Report(error) => error.diagnostics(),
            _ => &[],
        }
    }
}
