//! Defines the module graph: what is in an artifact, and why.

use std::collections::{BTreeMap, VecDeque};
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
    /// By a statement that runs when the importing module is imported.
    Static,
    /// Inside of a function.
    Lazy,
    /// In a `try` that goes on without it.
    Optional,
    /// By a call with a literal name.
    Dynamic,
    /// By the C code of a builtin module.
    CCode,
    /// By a codec's name.
    Codec,
    /// As the table of the stdlib's own hidden imports says, or a package's hook.
    Table,
    /// Because the project's `include` asks for it.
    Include,
    /// Because the interpreter needs it to start.
    Core,
    /// Because the program starts there.
    Entry,
}

impl EdgeKind {
    /// The word for it, as the reports have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Lazy => "lazy",
            Self::Optional => "optional",
            Self::Dynamic => "dynamic",
            Self::CCode => "c-code",
            Self::Codec => "codec",
            Self::Table => "table",
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

/// The importer of this name; the tables call the core `""`.
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

/// As a module's name, which is empty where it is none.
impl Serialize for Importer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.module().unwrap_or_default())
    }
}

/// A line as its number, which is 0 where there is none.
fn serialize_line<S: Serializer>(line: &Option<Line>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32(line.map_or(0, Line::number))
}

/// One import of a module that is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edge {
    /// The imported module.
    pub target: String,
    /// The line of the import, if a line says it.
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
        /// Below its root and so in the guest, with `/`: `json/__init__.py`.
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
    /// The word for it, as the reports have it.
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
    /// Whose it is.
    pub origin: Origin,
    /// Where it is on the host.
    pub path: PathBuf,
    /// Below its root and so in the guest, with `/`.
    pub relative: String,
}

/// A module that is in the artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Its dotted name.
    pub name: String,
    /// What it is made of.
    pub kind: ModuleKind,
    /// Whom it belongs to.
    pub origin: Origin,
    /// Its file as messages call it, never a path of the host's; empty without a file.
    pub shown: String,
    /// What it imports: one edge a module, the first by line.
    pub imports: Vec<Edge>,
    /// What it imports while it is imported, each module once for each certainty.
    pub loads: Vec<Load>,
}

/// A module that is not there, though something would import it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnresolvedImport {
    /// The module.
    pub module: String,
    /// Who would import it.
    pub importer: Importer,
    /// Where.
    #[serde(serialize_with = "serialize_line")]
    pub line: Option<Line>,
    /// How.
    pub kind: EdgeKind,
    /// Why it is not there.
    pub reason: String,
    /// What is at the bottom of it: the module itself, or one that it cannot do without.
    #[serde(skip)]
    pub needs: String,
    /// Why that one is not there.
    #[serde(skip)]
    pub cause: Cause,
    /// What it means for the program.
    #[serde(skip)]
    pub severity: Severity,
}

/// Why a module cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The project leaves it out.
    Excluded,
    /// It raises `ImportError` by itself.
    Refuses,
    /// It is compiled code: the file, as messages call it.
    Native(String),
    /// CPython has it on other systems.
    NotOnWasi,
    /// Nobody has it.
    Nowhere,
}

/// What a failing import means for the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It goes on without the module.
    Note,
    /// It fails if it gets there.
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
    /// What is there without an importer.
    pub roots: Vec<Edge>,
    /// What would be imported and is not there. In a graph without errors, none of these is one.
    pub misses: Vec<UnresolvedImport>,
    /// Whether `site` has to be imported at start.
    pub needs_site: bool,
    /// Whether the program may hand source text to the interpreter's compiler.
    pub needs_compiler: bool,
    /// What the hooks of its packages say of them.
    pub hooks: HookEffects,
    /// What leads to the compiler.
    pub(crate) uses: Uses,
}

/// One step of a chain of imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Who imports; `None` for a root.
    pub importer: Option<String>,
    /// The importer's file as messages call it; empty without a file.
    pub file: String,
    /// What is imported, where, and how.
    #[serde(flatten)]
    pub edge: Edge,
}

/// The shortest chain of imports that brings a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// From a root to the module; at least one.
    pub steps: Vec<Step>,
}

impl ModuleGraph {
    /// The shortest chain of imports that leads to the module, if it is there. Of chains of the
    /// same length, the one that is found first: roots in their order, then imports by line.
    pub fn why(&self, module: &str) -> Option<Chain> {
        let mut came: BTreeMap<&str, (Option<&str>, &Edge)> = BTreeMap::new();
        let mut open: VecDeque<&str> = VecDeque::new();
        // The program first: that is what the user knows.
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

    /// The modules that import this one, with the edge, sorted.
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

    /// The folders of the reached packages of this origin, for their data files: where they are,
    /// and where they stand below the guest's folder of the origin.
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

    /// The folders that packages look for beside a module that imports them.
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

/// One line a step: `app imports json (main.py:3)`.
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
