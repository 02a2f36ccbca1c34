//! Resolves a request to a module graph: the steps, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use pywasm_diagnostic::{Diagnostic, Explain, Fault};
use pywasm_scan::{Codecs, ImportTarget};

use crate::available::{Reason, Unavailable, find_unavailable};
use crate::choice;
use crate::discover::{Main, Universe, discover};
use crate::docstrings;
use crate::encodings;
use crate::entry::{check_function, find_entry};
use crate::entry_points::list_entry_points;
use crate::finder::FoundModule;
use crate::graph::{EdgeKind, ModuleGraph, ModuleKind};
use crate::hooks::Hooks;
use crate::lookup::Lookup;
use crate::reach::{RootImport, ScannedFiles, reach};
use crate::request::Request;
use crate::scans::{NoScanCache, ScanCache};
use crate::selection::{IncludedModules, check_excludes, find_included};
use crate::tables::Tables;
use crate::whole::WholeRule;

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
    /// What else may go wrong.
    pub warnings: Vec<Diagnostic>,
    /// The modules as far as imports could be followed. Its misses name what does not exist. `None`
    /// if the search could not begin.
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

/// Resolves with other tables than those of the standard library.
pub fn resolve_with(request: &Request, tables: &Tables) -> Result<Resolution, ResolveError> {
    resolve_by(request, tables, &NoScanCache)
}

/// Resolves with the scans that earlier runs made.
pub fn resolve_cached(request: &Request, scans: &dyn ScanCache) -> Result<Resolution, ResolveError> {
    resolve_by(request, Tables::stdlib(), scans)
}

fn resolve_by(request: &Request, tables: &Tables, scans: &dyn ScanCache) -> Result<Resolution, ResolveError> {
    let hooks = Hooks::read(request).map_err(|errors| ResolveError {
        errors: errors.into_iter().map(Diagnostic::as_usage).collect(),
        warnings: Vec::new(),
        graph: None,
    })?;
    let entry_points = list_entry_points(request);
    let (choices, unknown) = choice::collect(&hooks, request);
    let tables = hooks.extend_tables(tables, request, &entry_points);
    let mut lookup = Lookup::new(request, &tables);
    let codecs = read_codecs(&mut lookup);
    let (entry, main) = find_entry(request, &mut lookup)?;
    let mut included = find_included(request, &entry, &mut lookup);
    encodings::add_codecs(request, &codecs, &mut lookup, &mut included);

    let names = [&main.name].into_iter();
    let names = names.chain(&included.names).chain(&included.matches);
    let start = names.map(|name| ImportTarget::Module(name.clone())).collect();
    let rule = WholeRule::new(request, entry_points.clone(), choices.clone());
    let universe = discover(request, &main, &mut lookup, &codecs, scans, start, rule);
    let unavailable = find_unavailable(&universe, &mut lookup);

    let roots = list_roots(&main, &included, &unavailable);
    let files = ScannedFiles {
        universe: &universe,
        unavailable: &unavailable,
        codecs: &codecs,
    };
    let rule = WholeRule::new(request, entry_points, choices.clone());
    let mut result = reach(request, entry, &roots, files, &mut lookup, rule);
    let errors = &mut result.errors;
    errors.extend(included.errors.into_iter().map(Diagnostic::as_usage));
    errors.extend(unknown.into_iter().map(Diagnostic::as_usage));
    errors.extend(check_function(&result.graph, &universe));
    errors.extend(check_excludes(request, &universe, &mut lookup));
    for (folder, reason) in &lookup.finder.unreadable {
        errors.push(Diagnostic::new(format!(
            "the folder `{folder}` cannot be read: {reason}"
        )));
    }
    if !result.errors.is_empty() {
        return Err(ResolveError {
            errors: result.errors,
            warnings: result.warnings,
            graph: Some(Box::new(result.graph)),
        });
    }
    result.graph.hooks = hooks.collect_effects(&result.graph);
    result.graph.hooks.choices = choices;
    result.graph.documented = docstrings::find_documented(&result.graph, &universe);
    let mut sources = hooks.into_files();
    sources.extend(collect_sources(&result.graph, &universe));
    Ok(Resolution {
        sources,
        omitted: find_omitted(request, &result.graph, &unavailable, &mut lookup),
        graph: result.graph,
        warnings: result.warnings,
    })
}

/// Lists what the program starts with: its entry, the interpreter's core and what `include` adds.
fn list_roots(main: &Main, included: &IncludedModules, unavailable: &Unavailable) -> Vec<RootImport> {
    let mut roots = vec![
        RootImport::Module {
            name: main.name.clone(),
            kind: EdgeKind::Entry,
        },
        RootImport::Core,
    ];
    // A module that a pattern matches may be meant for another platform. A name is always meant.
    let mut matches = included.matches.iter().collect::<Vec<_>>();
    matches.retain(|name| !unavailable.contains_key(*name));
    for name in included.names.iter().chain(matches) {
        roots.push(RootImport::Module {
            name: name.clone(),
            kind: EdgeKind::Include,
        });
    }
    roots
}

/// Collects the content of the files that the graph's modules are made of, by path.
fn collect_sources<'u>(
    graph: &'u ModuleGraph,
    universe: &'u Universe,
) -> impl Iterator<Item = (PathBuf, Arc<[u8]>)> + 'u {
    graph.modules.values().filter_map(|module| {
        let ModuleKind::Source { path, .. } = &module.kind else {
            return None;
        };
        let bytes = universe.files.get(&module.name)?.bytes.clone()?;
        Some((path.clone(), bytes))
    })
}

/// Finds the modules that could be in the graph and are not.
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

/// Reads the codecs that the standard library has, and their aliases.
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
