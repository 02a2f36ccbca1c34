//! Defines the resolver's input: where a program starts, where modules are looked for, and what the
//! interpreter itself has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pywasm_project::{Docstrings, Entry, ModulePattern, Project, Spanned, Trim};
use pywasm_target::Target;
use serde::Serialize;

/// Who owns a module.
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
    /// The word for it in reports.
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
    /// The owner of its modules.
    pub origin: Origin,
    /// What messages and reports put before the path of a file in it: `""`, or a text that ends in `/`.
    /// They never show a path on the host.
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
    /// Which modules the C code of the interpreter's core imports.
    pub core_imports: Vec<String>,
    /// Which modules the C code of a builtin module imports.
    pub c_imports: BTreeMap<String, Vec<String>>,
    /// Every module name that CPython has on some platform, top level only.
    pub stdlib_names: BTreeSet<String>,
    /// The platform, and the base's Python.
    pub target: Target,
    /// Modules to include although nothing seems to import them.
    pub include: Vec<ModulePattern>,
    /// Modules to exclude although something imports them.
    pub exclude: Vec<ModulePattern>,
    /// Encodings that the artifact carries besides those that are found: names, and groups of them.
    pub codecs: Vec<Spanned<String>>,
    /// Modules that only a folder of the host will have, when the program runs.
    pub external: Vec<ModulePattern>,
    /// The packages and modules of the project's own wheel, top level only.
    pub own_packages: Vec<String>,
    /// The entry points of the project itself: their groups and modules.
    pub own_entry_points: Vec<(String, String)>,
    /// Which parts of packages the project keeps, by package.
    pub keep: Vec<(Spanned<String>, Vec<String>)>,
    /// Which packages come whole.
    pub trim: Trim,
    /// Whether the artifact holds sources besides the bytecode, so that tracebacks show lines.
    pub keeps_sources: bool,
    /// Whether the artifact holds docstrings that the app reads.
    pub keeps_docstrings: bool,
    /// The project's declared dependencies, as `[project] dependencies` has them; for hints only.
    pub dependencies: Vec<String>,
    /// The project's own hooks.
    pub hooks: Vec<HookFile>,
}

/// A project's own hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookFile {
    /// Where it is.
    pub path: PathBuf,
    /// The name that messages use for it.
    pub shown: String,
}

impl Request {
    /// Makes the request for a project: its roots, entry and patterns. The caller adds what the base
    /// knows: builtin modules, C imports and names.
    pub fn for_project(project: &Project, stdlib: &Path, target: Target) -> Self {
        let mut roots = Vec::new();
        for path in &project.source_roots {
            let label = label(path.strip_prefix(&project.root).unwrap_or(Path::new("")));
            roots.push(Root {
                path: path.clone(),
                origin: Origin::App,
                label,
            });
        }
        roots.push(Root {
            path: stdlib.to_path_buf(),
            origin: Origin::Stdlib,
            label: "<stdlib>/".to_owned(),
        });
        for path in &project.paths {
            let label = match path.strip_prefix(&project.root) {
                Ok(below) => label(below),
                // A folder outside of the project has its own name, since messages show no host paths.
                Err(_) => label(Path::new(path.file_name().unwrap_or_default())),
            };
            roots.push(Root {
                path: path.clone(),
                origin: Origin::Dependency,
                label,
            });
        }
        Self {
            entry: project.entry.clone(),
            roots,
            builtins: BTreeSet::new(),
            core_imports: Vec::new(),
            c_imports: BTreeMap::new(),
            stdlib_names: BTreeSet::new(),
            target,
            include: project.include.clone(),
            exclude: project.exclude.clone(),
            codecs: project.codecs.clone(),
            external: project.external.clone(),
            own_packages: project.own_packages.clone(),
            own_entry_points: project.metadata.as_ref().map_or_else(Vec::new, |metadata| {
                let points = metadata.entry_points.iter();
                points
                    .map(|point| (point.group.clone(), point.module().to_owned()))
                    .collect()
            }),
            keep: project.keep.clone(),
            trim: project.trim.clone(),
            keeps_sources: false,
            keeps_docstrings: project.settings.docstrings != Docstrings::None,
            dependencies: project
                .dependencies
                .declared
                .iter()
                .map(|declared| declared.value.clone())
                .collect(),
            hooks: project
                .hooks
                .iter()
                .map(|path| HookFile {
                    path: path.clone(),
                    shown: shown(path.strip_prefix(&project.root).unwrap_or(path)),
                })
                .collect(),
        }
    }
}

/// Makes the label of a folder: the start of the names of its files.
fn label(folder: &Path) -> String {
    let shown = shown(folder);
    if shown.is_empty() {
        shown
    } else {
        format!("{shown}/")
    }
}

/// Writes a path with `/`.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
