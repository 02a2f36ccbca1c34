//! Defines the module graph: what is in an artifact, and why.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::path::PathBuf;

use pywasm_project::PackageFolder;
use pywasm_scan::Line;
use serde::{Serialize, Serializer};

use crate::compiler::Uses;
use crate::hook_file::FoldersBeside;
use crate::hooks::HookEffects;
use crate::loads::Load;
use crate::request::Origin;

/// How an import is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EdgeKind {
    /// By a statement that runs during the import of the importing module.
    Static,
    /// Inside a function.
    Lazy,
    /// In a `try` that continues without it.
    Optional,
    /// By a call with a literal name.
    Dynamic,
    /// By the C code of a builtin module.
    CCode,
    /// By a codec's name.
    Codec,
    /// By a row of the stdlib's table of hidden imports, or of a package's hook.
    Table,
    /// Because packages come whole that may import any of their modules.
    Whole,
    /// Because the project's `include` names it.
    Include,
    /// Because the interpreter needs it to start.
    Core,
    /// Because the program starts there.
    Entry,
}

impl EdgeKind {
    /// The word for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Lazy => "lazy",
            Self::Optional => "optional",
            Self::Dynamic => "dynamic",
            Self::CCode => "c-code",
            Self::Codec => "codec",
            Self::Table => "table",
            Self::Whole => "whole",
            Self::Include => "include",
            Self::Core => "core",
            Self::Entry => "entry",
        }
    }
}

/// Who imports a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importer {
    /// The project: its entry, or its `include`.
    Project,
    /// The interpreter's core.
    Core,
    /// A module.
    Module(String),
}

impl Importer {
    /// The module's name, if it is a module.
    pub fn module(&self) -> Option<&str> {
        match self {
            Self::Project | Self::Core => None,
            Self::Module(name) => Some(name),
        }
    }
}

/// The importer of this name. The tables use `""` for the core.
impl From<String> for Importer {
    fn from(name: String) -> Self {
        match name.is_empty() {
            true => Self::Core,
            false => Self::Module(name),
        }
    }
}

impl From<&str> for Importer {
    fn from(name: &str) -> Self {
        name.to_owned().into()
    }
}

/// Writes the module's name, or an empty text if the importer is not a module.
impl Serialize for Importer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.module().unwrap_or_default())
    }
}

/// Writes a line as its number, or 0 if there is none.
fn serialize_line<S: Serializer>(line: &Option<Line>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32(line.map_or(0, Line::number))
}

/// One import of a module that exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edge {
    /// The imported module.
    pub target: String,
    /// The line of the import, if a line makes it.
    #[serde(serialize_with = "serialize_line")]
    pub line: Option<Line>,
    /// How.
    pub kind: EdgeKind,
}

/// What a module is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModuleKind {
    /// A source file.
    Source {
        /// Where it is on the host.
        path: PathBuf,
        /// The path below its root, and in the guest, with `/`: `json/__init__.py`.
        relative: String,
        /// Whether it is a package's `__init__.py`.
        is_package: bool,
        /// Its length in bytes.
        size: u64,
    },
    /// A package without an `__init__.py`: its folders.
    Namespace {
        /// In the order of the roots.
        folders: Vec<NamespaceFolder>,
    },
    /// Part of the interpreter.
    Builtin,
}

impl ModuleKind {
    /// The word for it in reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Source { is_package: true, .. } => "package",
            Self::Source { .. } => "module",
            Self::Namespace { .. } => "namespace",
            Self::Builtin => "builtin",
        }
    }
}

/// One folder of a namespace package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceFolder {
    /// Its owner.
    pub origin: Origin,
    /// Where it is on the host.
    pub path: PathBuf,
    /// The path below its root, and in the guest, with `/`.
    pub relative: String,
}

/// A module that is in the artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Its dotted name.
    pub name: String,
    /// What it is made of.
    pub kind: ModuleKind,
    /// Its owner.
    pub origin: Origin,
    /// The name that messages use for its file, never a path on the host; empty if it has no file.
    pub shown: String,
    /// Its imports: one edge for each imported module, the first by line.
    pub imports: Vec<Edge>,
    /// The imports that run during its own import, each module once for each certainty.
    pub loads: Vec<Load>,
    /// Whether it is there only because packages come whole, itself or a module that leads to it.
    pub is_whole: bool,
}

/// An import of a module that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnresolvedImport {
    /// The module.
    pub module: String,
    /// Who imports it.
    pub importer: Importer,
    /// Where.
    #[serde(serialize_with = "serialize_line")]
    pub line: Option<Line>,
    /// How.
    pub kind: EdgeKind,
    /// Why it cannot be imported, in words.
    pub reason: String,
    /// The module that makes the import fail: this one, or one that it needs.
    #[serde(skip)]
    pub needs: String,
    /// Why that one cannot be imported.
    #[serde(skip)]
    pub cause: Cause,
    /// What the failure means for the program.
    #[serde(skip)]
    pub severity: Severity,
}

/// Why a module cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The project excludes it.
    Excluded,
    /// It raises `ImportError` itself.
    Refuses,
    /// It is compiled code, in the file that messages name so.
    Native(String),
    /// CPython has it on other systems.
    NotOnWasi,
    /// It does not exist anywhere.
    Nowhere,
}

/// What a failing import means for the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It continues without the module.
    Note,
    /// It fails if it reaches the import.
    Warning,
    /// It fails.
    Error,
}

/// How the program starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// As a file.
    Script,
    /// As `python -m` does.
    Module,
    /// By a call of a function.
    Function,
}

/// Where the program starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryPoint {
    /// How.
    pub kind: EntryKind,
    /// The module whose code runs: for a package, its `__main__`; for a script, the file's name
    /// without its suffix.
    pub module: String,
    /// A dotted path of attributes, for a function.
    pub function: Option<String>,
}

/// The modules of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleGraph {
    /// Where the program starts.
    pub entry: EntryPoint,
    /// All modules, by name.
    pub modules: BTreeMap<String, Module>,
    /// The modules that are there without an importer.
    pub roots: Vec<Edge>,
    /// Imports of modules that cannot be imported. In a graph without errors, none is an error.
    pub misses: Vec<UnresolvedImport>,
    /// Whether the program imports `site` at start.
    pub needs_site: bool,
    /// Whether the program may hand source text to the interpreter's compiler.
    pub needs_compiler: bool,
    /// Whether the program can see files that the runtime makes, such as those in `/tmp`.
    pub needs_files: bool,
    /// Whether the program can ask for time zones, which the base has as files.
    pub reads_zones: bool,
    /// Packages whose folders the program lists to find sources.
    pub listed: BTreeSet<String>,
    /// Modules of the standard library whose docstrings the app reads.
    pub documented: BTreeSet<String>,
    /// Whether only a run can tell which codecs the program asks for.
    pub computes_codecs: bool,
    /// What the hooks say about its modules.
    pub hooks: HookEffects,
    /// What leads to the compiler.
    pub(crate) uses: Uses,
}

/// One step of a chain of imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The importer; `None` for a root.
    pub importer: Option<String>,
    /// The name that messages use for the importer's file; empty if it has none.
    pub file: String,
    /// The imported module, the line and the kind of the import.
    #[serde(flatten)]
    pub edge: Edge,
}

/// The shortest chain of imports that leads to a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// The steps from a root to the module; at least one.
    pub steps: Vec<Step>,
}

impl ModuleGraph {
    /// Whether the program may look for the source of this module in a folder.
    pub fn lists_sources(&self, module: &str) -> bool {
        let ends = module.match_indices('.').map(|(at, _)| at);
        ends.chain([module.len()])
            .any(|end| self.listed.contains(&module[..end]))
    }

    /// Finds the shortest chain of imports that leads to the module, if the graph has it. Of chains of
    /// the same length it takes the first: roots in their order, then imports by line.
    pub fn why(&self, module: &str) -> Option<Chain> {
        let mut came: BTreeMap<&str, (Option<&str>, &Edge)> = BTreeMap::new();
        let mut open: VecDeque<&str> = VecDeque::new();
        // The program comes first, since its user knows it.
        let mut roots: Vec<&Edge> = self.roots.iter().collect();
        roots.sort_by_key(|edge| edge.kind != EdgeKind::Entry);
        for edge in roots {
            if !came.contains_key(edge.target.as_str()) {
                came.insert(&edge.target, (None, edge));
                open.push_back(&edge.target);
            }
        }
        while let Some(name) = open.pop_front() {
            if name == module {
                break;
            }
            for edge in self.modules.get(name).map_or(&[][..], |module| &module.imports) {
                if !came.contains_key(edge.target.as_str()) {
                    came.insert(&edge.target, (Some(name), edge));
                    open.push_back(&edge.target);
                }
            }
        }
        let mut steps = Vec::new();
        let mut next = Some(module);
        while let Some(name) = next {
            let (importer, edge) = came.get(name)?;
            let file = importer.and_then(|name| self.modules.get(name));
            steps.push(Step {
                importer: importer.map(str::to_owned),
                file: file.map_or_else(String::new, |module| module.shown.clone()),
                edge: (*edge).clone(),
            });
            next = *importer;
        }
        steps.reverse();
        Some(Chain { steps })
    }

    /// Lists the modules that import this one, with the edges, sorted.
    pub fn importers(&self, module: &str) -> Vec<(&Module, &Edge)> {
        let imports = |importer: &Module| importer.imports.iter().any(|edge| edge.target == module);
        self.modules
            .values()
            .filter(|importer| imports(importer))
            .flat_map(|importer| {
                let edges = importer.imports.iter().filter(|edge| edge.target == module);
                edges.map(move |edge| (importer, edge))
            })
            .collect()
    }

    /// Lists the folders of the reached packages of this origin, for their data files: the path on the
    /// host, and the path below the guest's folder of the origin.
    pub fn package_folders(&self, origin: Origin) -> Vec<PackageFolder> {
        let mut folders = Vec::new();
        for module in self.modules.values() {
            match &module.kind {
                ModuleKind::Source {
                    path,
                    relative,
                    is_package: true,
                    ..
                } if module.origin == origin => {
                    let (host, guest) = (path.parent(), relative.rsplit_once('/'));
                    if let (Some(host), Some((guest, _))) = (host, guest) {
                        folders.push(PackageFolder {
                            host: host.to_path_buf(),
                            guest: guest.to_owned(),
                        });
                    }
                }
                ModuleKind::Namespace { folders: parts } => {
                    let own = parts.iter().filter(|part| part.origin == origin);
                    folders.extend(own.map(|part| PackageFolder {
                        host: part.path.clone(),
                        guest: part.relative.clone(),
                    }));
                }
                _ => {}
            }
            if module.origin == origin {
                folders.extend(self.folders_beside(module));
            }
        }
        folders.sort();
        folders.dedup();
        folders
    }

    /// Lists the folders that packages look for beside a module that imports them.
    fn folders_beside(&self, module: &Module) -> Vec<PackageFolder> {
        let ModuleKind::Source { path, relative, .. } = &module.kind else {
            return Vec::new();
        };
        let host = path.parent().unwrap_or(path);
        let guest = relative.rsplit_once('/').map_or("", |(folder, _)| folder);
        let counts = |beside: &&FoldersBeside| {
            let mut imports = module.imports.iter();
            imports.any(|edge| beside.is_imported_by(&edge.target))
        };
        let names = self
            .hooks
            .beside
            .iter()
            .filter(counts)
            .flat_map(|beside| &beside.folders);
        let folders = names.map(|name| PackageFolder {
            host: host.join(name),
            guest: [guest, name].join("/").trim_start_matches('/').to_owned(),
        });
        folders.filter(|folder| folder.host.is_dir()).collect()
    }
}

/// Writes a step as one line: `app imports json (main.py:3)`.
impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{step}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = &self.edge.target;
        let Some(importer) = &self.importer else {
            return match self.edge.kind {
                EdgeKind::Entry => write!(f, "{target} is where the program starts"),
                EdgeKind::Include => write!(f, "{target} is in `include`"),
                EdgeKind::Whole => write!(f, "{target} is a package of the project"),
                _ => write!(f, "{target} is needed by the interpreter itself"),
            };
        };
        let how = match self.edge.kind {
            EdgeKind::Static => "imports",
            EdgeKind::Lazy => "imports, in a function,",
            EdgeKind::Optional => "imports, if it is there,",
            EdgeKind::Dynamic => "imports by name",
            EdgeKind::CCode => "imports from C code",
            EdgeKind::Codec => "uses the codec of",
            EdgeKind::Whole => "may import, since its package comes whole,",
            _ => "imports at run time",
        };
        write!(f, "{importer} {how} {target}")?;
        match (self.file.is_empty(), self.edge.line) {
            (true, _) => Ok(()),
            (false, None) => write!(f, " ({})", self.file),
            (false, Some(line)) => write!(f, " ({}:{line})", self.file),
        }
    }
}
