//! Lists everything that ends a build, each with the file, module or stage that it is about.

use pywasm_diagnostic::{Diagnostic, Explain, Fault};
use pywasm_dist::WriteError;
use pywasm_interpreter::{InterpreterError, ToolError};
use pywasm_report::Stage;
use pywasm_target::Series;
use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
};

/// Why a build failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
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
    /// The configuration is wrong, or a data file cannot be taken.
    #[error(transparent)]
    Project(#[from] pywasm_project::Error),
    /// The baseline of the budget is no report.
    #[error(transparent)]
    Baseline(pywasm_project::Error),
    /// What is installed cannot be read.
    #[error(transparent)]
    Dependencies(#[from] pywasm_deps::Error),
    /// An import leads nowhere, or a source cannot be parsed.
    #[error(transparent)]
    Resolve(#[from] pywasm_resolve::ResolveError),
    /// An extension module cannot be compiled.
    #[error("the stage `{}` failed", Stage::Link)]
    Extension(#[source] pywasm_base::Error),
    /// A C file was saved while the compiler ran, so nobody knows what was compiled.
    #[error("{} changed while it was compiled", .0.display())]
    Changed(PathBuf),
    /// The extension modules cannot be linked into the base.
    #[error("the stage `{}` failed", Stage::Link)]
    Link(#[source] pywasm_object::LinkError),
    /// The base cannot be shaken, or a pass wrote an invalid module.
    #[error("the stage `{}` failed", Stage::Shake)]
    Shake(#[source] pywasm_object::Error),
    /// The optimizer failed.
    #[error("the stage `{}` failed", Stage::Optimize)]
    Optimize(#[source] ToolError),
    /// The interpreter that compiles bytecode failed.
    #[error("the base cannot compile bytecode")]
    Compile(#[source] InterpreterError),
    /// The interpreter that compiles bytecode gave answers that make no sense.
    #[error("the base's answers make no sense")]
    Answers(#[source] pywasm_bundle::bytecode::Error),
    /// Bytecode that is not what this version of Python writes.
    #[error("the bytecode of {file} is not what CPython {} writes", Series::SUPPORTED)]
    Bytecode {
        /// The guest path of the source.
        file: String,
        /// What is wrong with it.
        source: pywasm_bundle::marshal::Error,
    },
    /// A source that the parser took and CPython refuses.
    #[error("{}", refused.join("\n\nerror: "))]
    Refused {
        /// One text for each source.
        refused: Vec<String>,
    },
    /// Two things want the same place in the image.
    #[error("the stage `{}` failed", Stage::Bundle)]
    Image(#[from] pywasm_bundle::image::BuildError),
    /// The image does not fit behind the module's memory.
    #[error("the stage `{}` failed", Stage::Bundle)]
    Place(#[source] pywasm_object::Error),
    /// The interpreter could not be started, or a module not be imported, at build time.
    #[error("the stage `{}` failed", Stage::Preinit)]
    Preinit(#[source] InterpreterError),
    /// The memory cannot take the place of the module's data.
    #[error("the stage `{}` failed", Stage::Preinit)]
    Snapshot(#[source] pywasm_object::Error),
    /// What was imported at build time must not be fixed in a snapshot.
    #[error("{}", Diagnostic::list(.0))]
    Watched(Vec<Diagnostic>),
    /// The artifact cannot be started to import the app's modules.
    #[error("the stage `{}` failed", Stage::Smoke)]
    Smoke(#[source] InterpreterError),
    /// Modules of the app cannot be imported in the artifact.
    #[error("{}", Diagnostic::list(.0))]
    Imports(Vec<Diagnostic>),
    /// The program cannot be traced.
    #[error("the program cannot be traced")]
    Trace(#[source] InterpreterError),
    /// There is more to bundle than a traced program has room for.
    #[error(
        "the project and its dependencies have more than {} MiB of files, too many for a trace",
        limit >> 20
    )]
    TooMuch {
        /// How many bytes there is room for.
        limit: u64,
    },
    /// The module cannot be stripped.
    #[error("the stage `{}` failed", Stage::Strip)]
    Strip(#[source] pywasm_object::Error),
    /// The module does not fit its world.
    #[error("the stage `{}` failed", Stage::Component)]
    Component(#[source] pywasm_component::Error),
    /// The finished module cannot be compiled for a machine.
    #[error("the stage `{}` failed", Stage::Aot)]
    Aot(#[source] ToolError),
    /// Another engine's compiler failed.
    #[error("the stage `{}` failed: `{program}` ended with {status}{tail}", Stage::Aot)]
    Tool {
        /// The compiler.
        program: &'static str,
        /// How it ended.
        status: String,
        /// The last lines of what it said.
        tail: String,
    },
    /// The user asked to stop.
    #[error("stopped")]
    Cancelled,
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}

impl From<WriteError> for Error {
    fn from(error: WriteError) -> Self {
        Self::Io {
            action: error.action,
            path: error.path,
            source: error.source,
        }
    }
}

impl Error {
    /// What this only hands on: a transparent error hides its kind from the chain of causes.
    fn inner(&self) -> Option<&dyn Explain> {
        match self {
            Self::Project(error) | Self::Baseline(error) => Some(error),
            Self::Dependencies(error) => Some(error),
            Self::Resolve(error) => Some(error),
            _ => None,
        }
    }
}

impl Explain for Error {
    fn hint(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Changed(_) => Some("build again".into()),
            Self::TooMuch { .. } => Some("take large ones away: --data '!FOLDER/**'".into()),
            _ => self.inner()?.hint(),
        }
    }

    fn fault(&self) -> Fault {
        self.inner().map_or(Fault::Work, Explain::fault)
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Watched(diagnostics) | Self::Imports(diagnostics) => diagnostics,
            _ => self.inner().map_or(&[], Explain::diagnostics),
        }
    }
}
