//! Resolves a request to a module graph: the steps, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pywasm_diagnostic::{Diagnostic, Explain, Fault};
use pywasm_project::{Entry, ModulePattern, closest};
use pywasm_scan::{Codecs, ImportTarget, Role, UnseenNames};

use crate::available::{Reason, Unavailable, unavailable};
use crate::discover::{Main, Universe, discover};
use crate::finder::{FoundModule, SourceFile};
use crate::graph::{EdgeKind, EntryKind, EntryPoint, ModuleGraph, ModuleKind};
use crate::hooks::Hooks;
use crate::lookup::{Lookup, ModulePlace};
use crate::missing::is_package;
use crate::reach::{RootImport, reach};
use crate::request::{Origin, Request};
use crate::tables::Tables;

/// What the resolver found.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The modules.
    pub graph: ModuleGraph,
    /// What may go wrong, sorted by place.
    pub warnings: Vec<Diagnostic>,
    /// Modules that the roots or the interpreter have and the graph does not. Those that
    /// cannot be imported on WASI are not among them.
    pub omitted: BTreeSet<String>,
    /// The source files of the graph's modules and the project's own hooks by their paths, as they
    /// were when they were parsed.
    pub sources: BTreeMap<PathBuf, Arc<[u8]>>,
}

/// Why there is no graph: everything that is wrong, at once.
#[derive(Debug, Clone)]
pub struct ResolveError {
    /// At least one, sorted by place.
    pub errors: Vec<Diagnostic>,
    /// What may go wrong besides.
    pub warnings: Vec<Diagnostic>,
    /// The modules as far as imports could be followed; its misses tell what is not there. `None`
    /// where the search could not begin.
    pub graph: Option<Box<ModuleGraph>>,
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Diagnostic::list(&self.errors))
    }
}

impl std::error::Error for ResolveError {}

impl Explain for ResolveError {
    /// The configuration's, if nothing else is wrong.
    fn fault(&self) -> Fault {
        let faults = self.errors.iter().map(|error| error.fault);
        faults.min().unwrap_or_default()
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &self.errors
    }
}

impl From<Diagnostic> for ResolveError {
    fn from(error: Diagnostic) -> Self {
        Self {
            errors: vec![error],
            warnings: Vec::new(),
            graph: None,
        }
    }
}

/// Resolves a project's imports.
///
/// Reads every file that the program can reach, evaluates nothing, and follows each import
/// through the roots in their order.
pub fn resolve(request: &Request) -> Result<Resolution, ResolveError> {
    resolve_with(request, Tables::stdlib())
}

/// The same with other tables than the standard library's.
pub fn resolve_with(request: &Request, tables: &Tables) -> Result<Resolution, ResolveError> {
    let hooks = Hooks::read(request).map_err(|errors| ResolveError {
        errors: errors.into_iter().map(Diagnostic::as_usage).collect(),
        warnings: Vec::new(),
        graph: None,
    })?;
    let tables = hooks.extend_tables(tables, request);
    let mut lookup = Lookup::new(request, &tables);
    let codecs = read_codecs(&mut lookup);
    let (entry, main) = find_entry(request, &mut lookup)?;
    let included = included(request, &entry, &mut lookup);

    let start: Vec<ImportTarget> = [&main.name]
        .into_iter()
        .chain(&included.names)
        .chain(&included.matches)
        .map(|name| ImportTarget::Module(name.clone()))
        .collect();
    let universe = discover(request, &main, &mut lookup, &codecs, start);
    let unavailable = unavailable(&universe, &mut lookup);

    let mut roots = vec![
        RootImport::Module {
            name: main.name.clone(),
            kind: EdgeKind::Entry,
        },
        RootImport::Core,
    ];
    // What a pattern matches may be there for another platform; a name is meant.
    let matches = included
        .matches
        .iter()
        .filter(|name| !unavailable.contains_key(*name));
    for name in included.names.iter().chain(matches) {
        roots.push(RootImport::Module {
            name: name.clone(),
            kind: EdgeKind::Include,
        });
    }
    let mut reached = reach(
        request,
        entry,
        &roots,
        &universe,
        &unavailable,
        &mut lookup,
        &codecs,
    );
    reached
        .errors
        .extend(included.wrong.into_iter().map(Diagnostic::as_usage));
    reached.errors.extend(check_function(&reached.graph, &universe));
    reached
        .errors
        .extend(check_excludes(request, &universe, &mut lookup));
    for (folder, reason) in &lookup.finder.unreadable {
        reached.errors.push(Diagnostic::new(format!(
            "the folder `{folder}` cannot be read: {reason}"
        )));
    }
    if !reached.errors.is_empty() {
        return Err(ResolveError {
            errors: reached.errors,
            warnings: reached.warnings,
            graph: Some(Box::new(reached.graph)),
        });
    }
    reached.graph.hooks = hooks.collect_effects(&reached.graph);
    let omitted = find_omitted(request, &reached.graph, &unavailable, &mut lookup);
    let mut sources = hooks.into_files();
    sources.extend(reached.graph.modules.values().filter_map(|module| {
        let ModuleKind::Source { path, .. } = &module.kind else {
            return None;
        };
        let bytes = universe.files.get(&module.name)?.bytes.clone()?;
        Some((path.clone(), bytes))
    }));
    Ok(Resolution {
        sources,
        graph: reached.graph,
        warnings: reached.warnings,
        omitted,
    })
}

/// The modules that could be in the graph and are not.
fn find_omitted(
    request: &Request,
    graph: &ModuleGraph,
    unavailable: &Unavailable,
    lookup: &mut Lookup<'_>,
) -> BTreeSet<String> {
    let mut names = lookup.finder.modules_below(None);
    names.extend(request.builtins.iter().cloned());
    // `include` can bring an excluded module back. It cannot bring one that WASI does not have.
    let could_be_brought = |name: &String| {
        let reason = unavailable.get(name);
        reason.is_none_or(|reason| *reason == Reason::Excluded)
    };
    let is_omitted = |name: &String| !graph.modules.contains_key(name) && could_be_brought(name);
    names.into_iter().filter(is_omitted).collect()
}

fn read_codecs(lookup: &mut Lookup<'_>) -> Codecs {
    let modules: BTreeSet<String> = lookup
        .finder
        .modules_below(Some("encodings"))
        .into_iter()
        .filter_map(|name| name.strip_prefix("encodings.").map(str::to_owned))
        .collect();
    let aliases = match lookup.finder.find("encodings.aliases") {
        Some(FoundModule::Source(source)) => std::fs::read_to_string(&source.path).unwrap_or_default(),
        _ => String::new(),
    };
    Codecs::new(&aliases, modules)
}

/// Finds the file that runs first.
fn find_entry(request: &Request, lookup: &mut Lookup<'_>) -> Result<(EntryPoint, Main), ResolveError> {
    match &request.entry {
        Entry::Script(path) => script(request, path, lookup),
        Entry::Module(name) => {
            let module = match lookup.locate(name) {
                located if is_package(&located) => {
                    let main = format!("{name}.__main__");
                    if !lookup.exists(&main) {
                        return Err(Diagnostic::new(format!(
                            "the entry `{name}` is a package without a `__main__`"
                        ))
                        .with_hint(format!(
                            "write one, or name a function: `entry = \"{name}:main\"`"
                        ))
                        .into());
                    }
                    main
                }
                ModulePlace::Disk(_) => name.clone(),
                _ => return Err(no_entry(name, lookup)),
            };
            let main = Main {
                name: module.clone(),
                role: Role::Main,
            };
            Ok((
                EntryPoint {
                    kind: EntryKind::Module,
                    module,
                    function: None,
                },
                main,
            ))
        }
        Entry::Function { module, attribute } => {
            if !matches!(lookup.locate(module), ModulePlace::Disk(FoundModule::Source(_))) {
                return Err(no_entry(module, lookup));
            }
            let main = Main {
                name: module.clone(),
                role: Role::Imported,
            };
            let entry = EntryPoint {
                kind: EntryKind::Function,
                module: module.clone(),
                function: Some(attribute.clone()),
            };
            Ok((entry, main))
        }
    }
}

fn script(
    request: &Request,
    path: &Path,
    lookup: &mut Lookup<'_>,
) -> Result<(EntryPoint, Main), ResolveError> {
    let shown = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let root = request
        .roots
        .iter()
        .position(|root| path.parent() == Some(root.path.as_path()));
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let (Some(root), Some(stem)) = (root, stem) else {
        return Err(
            Diagnostic::new(format!("the script `{shown}` is not in any of the source roots")).into(),
        );
    };
    let file = SourceFile {
        path: path.to_path_buf(),
        relative: format!("{stem}.py"),
        is_package: false,
        root,
    };
    if let Some(FoundModule::Source(other)) = lookup.finder.find(stem).cloned()
        && other.path != path
        && lookup.finder.origin(other.root) == Origin::App
    {
        let other = lookup.finder.shown(other.root, &other.relative);
        return Err(Diagnostic::new(format!(
            "the script `{shown}` and `{other}` would be the same module, `{stem}`"
        ))
        .with_hint("rename one of them")
        .into());
    }
    lookup.finder.insert(stem, file);
    let entry = EntryPoint {
        kind: EntryKind::Script,
        module: stem.to_owned(),
        function: None,
    };
    Ok((
        entry,
        Main {
            name: stem.to_owned(),
            role: Role::Script,
        },
    ))
}

fn no_entry(name: &str, lookup: &mut Lookup<'_>) -> ResolveError {
    let mut diagnostic = Diagnostic::new(format!("there is no module `{name}`, which the entry names"));
    let (package, tail) = match name.rsplit_once('.') {
        Some((package, tail)) => (Some(package), tail),
        None => (None, name),
    };
    let prefix = package.map_or_else(String::new, |package| format!("{package}."));
    let siblings = lookup.finder.modules_below(package);
    let names = siblings
        .iter()
        .filter_map(|sibling| sibling.strip_prefix(&prefix));
    if let Some(near) = closest(tail, names.filter(|name| !name.contains('.'))) {
        diagnostic = diagnostic.with_hint(format!("did you mean `{prefix}{near}`?"));
    }
    diagnostic.into()
}

/// What `include` brings.
struct IncludedModules {
    /// Those that it names.
    names: Vec<String>,
    /// Those that its patterns match.
    matches: BTreeSet<String>,
    /// Patterns that match nothing.
    wrong: Vec<Diagnostic>,
}

fn included(request: &Request, entry: &EntryPoint, lookup: &mut Lookup<'_>) -> IncludedModules {
    let mut included = IncludedModules {
        names: Vec::new(),
        matches: BTreeSet::new(),
        wrong: Vec::new(),
    };
    for pattern in &request.include {
        if pattern.is_name() {
            // A name that is nowhere is reported with the reason, as any import is.
            included.names.push(pattern.as_str().to_owned());
            continue;
        }
        let below = lookup.finder.modules_below(pattern.package());
        let builtins = request.builtins.iter().filter(|_| pattern.package().is_none());
        let found: Vec<String> = below
            .iter()
            .chain(builtins)
            .filter(|name| pattern.matches(name))
            .cloned()
            .collect();
        if found.is_empty() {
            let diagnostic = unmatched(pattern, "include", request, lookup);
            included.wrong.push(diagnostic);
        }
        let brought = found
            .into_iter()
            .filter(|name| *name != entry.module && !lookup.is_excluded(name));
        included.matches.extend(brought);
    }
    included
}

fn unmatched(pattern: &ModulePattern, key: &str, request: &Request, lookup: &mut Lookup<'_>) -> Diagnostic {
    let modules = lookup.finder.modules_below(None);
    pattern.unmatched(key, modules.iter().chain(&request.builtins).map(String::as_str))
}

/// A function that the entry names and its module does not have.
fn check_function(graph: &ModuleGraph, universe: &Universe) -> Option<Diagnostic> {
    let function = graph.entry.function.as_ref()?;
    let first = function.split('.').next().unwrap_or(function);
    let scan = universe.scan(&graph.entry.module)?;
    let may_be_unseen = [UnseenNames::OpenEnded, UnseenNames::Star];
    if may_be_unseen.iter().any(|way| scan.unseen_names.contains(way)) || scan.bound.contains(first) {
        return None;
    }
    let shown = graph
        .modules
        .get(&graph.entry.module)
        .map(|module| module.shown.clone())?;
    let mut diagnostic = Diagnostic::new(format!(
        "the entry `{0}:{function}` does not exist: module `{0}` has no `{first}`",
        graph.entry.module
    ))
    .with_location(pywasm_diagnostic::Location::file(shown));
    if let Some(near) = closest(first, scan.bound.iter().map(String::as_str)) {
        diagnostic = diagnostic.with_hint(format!("did you mean `{}:{near}`?", graph.entry.module));
    }
    Some(diagnostic)
}

/// Patterns of `exclude` that match nothing that is imported or could be.
fn check_excludes(request: &Request, universe: &Universe, lookup: &mut Lookup<'_>) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    for pattern in &request.exclude {
        let mut asked = universe
            .files
            .values()
            .filter_map(|file| file.scan.as_ref())
            .flat_map(|scan| &scan.imports)
            .flat_map(|import| match &import.target {
                ImportTarget::Module(name) => vec![name.clone()],
                ImportTarget::Names { module, names, .. } => {
                    let full = names.iter().map(|name| format!("{module}.{name}"));
                    full.chain([module.clone()]).collect()
                }
                ImportTarget::Beyond(_) => Vec::new(),
            });
        if asked.any(|name| pattern.matches(&name) || pattern.matches(&lookup.tables.unalias(&name)))
            || universe.names.iter().any(|name| pattern.matches(name))
        {
            continue;
        }
        let exists = match pattern.is_name() {
            true => lookup.exists(pattern.as_str()),
            false => lookup
                .finder
                .modules_below(pattern.package())
                .iter()
                .any(|name| pattern.matches(name)),
        };
        if !exists {
            wrong.push(unmatched(pattern, "exclude", request, lookup));
        }
    }
    wrong
}
