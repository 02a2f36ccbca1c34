//! What the resolver is asked: where a program starts, where modules are looked for, and what
//! the interpreter itself has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use pywasm_project::{Entry, ModulePattern};
use serde::Serialize;

/// Whom a module belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The project itself.
    App,
    /// Python's standard library, as the base has it.
    Stdlib,
    /// Something that the project depends on.
    Dependency,
}

impl Origin {
    /// The word for it, as the reports have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Stdlib => "stdlib",
            Self::Dependency => "dependency",
        }
    }
}

/// A folder that modules are imported from: one element of `sys.path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The folder.
    pub path: PathBuf,
    /// Whom its modules belong to.
    pub origin: Origin,
    /// What messages and reports put before a file's path in it, `""` or ending in `/`: no path
    /// of the build host may get into them.
    pub label: String,
}

/// What to resolve.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where the program starts. A script's path has to be below one of the roots.
    pub entry: Entry,
    /// Where modules are looked for, in the order of `sys.path`.
    pub roots: Vec<Root>,
    /// The names of the builtin modules.
    pub builtins: BTreeSet<String>,
    /// Which modules the C code of a builtin module imports; the key `""` is the core.
    pub c_imports: BTreeMap<String, Vec<String>>,
    /// Every module name that CPython has on some platform, top level only.
    pub stdlib_names: BTreeSet<String>,
    /// The Python version.
    pub python: (u8, u8, u8),
    /// Modules to bring though nothing seems to import them.
    pub include: Vec<ModulePattern>,
    /// Modules to leave out though something imports them.
    pub exclude: Vec<ModulePattern>,
    /// Whether the artifact holds sources beside the bytecode, so that tracebacks show lines.
    pub keeps_sources: bool,
    /// The project's declared dependencies, as `[project] dependencies` has them; for hints only.
    pub dependencies: Vec<String>,
}
