//! Finds whose docstrings the app reads: a graph and the files behind it come in, names of modules of the standard
//! library go out, and whether what is built in is among it.

use std::collections::BTreeSet;

use crate::discover::Universe;
use crate::graph::{EdgeKind, Module, ModuleGraph};
use crate::lookup::Lookup;
use crate::request::{Origin, Request};

/// Modules that show docstrings of their own: the help of their commands.
const READ_THEIR_OWN: [&str; 2] = ["cmd", "pdb"];

/// Whether a file is one of the app's and reads docstrings, which the artifact is to have, that may be of something
/// written in C: of a builtin, of what it imports from the standard library, or of what only a run can tell.
pub(crate) fn reads_built_in(
    request: &Request,
    origin: Origin,
    documented: &BTreeSet<Option<String>>,
    lookup: &mut Lookup<'_>,
) -> bool {
    let is_asked = origin == Origin::App && request.keeps_docstrings;
    is_asked
        && documented.iter().any(|name| match name {
            None => true,
            Some(name) => {
                let top = name.split('.').next().unwrap_or(name);
                let place = lookup.locate(top);
                lookup.origin(&place) == Origin::Stdlib
            }
        })
}

/// Finds them. Where only a run can tell whose docstring is read, it may be one of any module that the app
/// imports. An object may come from another module of the same package, or from one that its module imports.
pub(crate) fn find_documented(graph: &ModuleGraph, universe: &Universe) -> BTreeSet<String> {
    let app = || {
        let modules = graph.modules.values();
        modules.filter(|module| module.origin == Origin::App)
    };
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    let scans = app().filter_map(|module| universe.scan(&module.name));
    let objects: BTreeSet<Option<&str>> = scans
        .flat_map(|scan| scan.dynamics.documented.iter().map(Option::as_deref))
        .collect();
    for object in objects {
        match object {
            Some(name) => shown.extend(longest_module(graph, name)),
            None => shown.extend(app().flat_map(imports)),
        }
    }
    let mut found = BTreeSet::new();
    for name in shown {
        let package = format!("{}.", name.split('.').next().unwrap_or(name));
        let parts = graph.modules.keys().filter(|part| part.starts_with(&package));
        let sources = graph.modules.get(name).into_iter().flat_map(imports);
        found.extend(parts.map(String::as_str).chain(sources).chain([name]));
    }
    found.extend(
        READ_THEIR_OWN
            .into_iter()
            .filter(|name| graph.modules.contains_key(*name)),
    );
    let is_stdlib = |name: &&str| {
        let module = graph.modules.get(*name);
        module.is_some_and(|module| module.origin == Origin::Stdlib)
    };
    found.into_iter().filter(is_stdlib).map(str::to_owned).collect()
}

/// Lists what a module imports during its own import.
fn imports(module: &Module) -> impl Iterator<Item = &str> {
    let edges = module.imports.iter();
    let edges = edges.filter(|edge| edge.kind != EdgeKind::Codec && edge.kind != EdgeKind::Whole);
    edges.map(|edge| edge.target.as_str())
}

/// Finds the longest start of a dotted name that is a module of the graph.
fn longest_module<'g>(graph: &'g ModuleGraph, name: &str) -> Option<&'g str> {
    let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
    let mut modules = ends.filter_map(|end| graph.modules.get_key_value(&name[..end]));
    modules.next_back().map(|(name, _)| name.as_str())
}
