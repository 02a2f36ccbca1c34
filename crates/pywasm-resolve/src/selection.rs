//! Applies the project's `include` and `exclude`: which modules they match, and which of their patterns
//! match nothing.

use std::collections::BTreeSet;

use pywasm_diagnostic::Diagnostic;
use pywasm_project::ModulePattern;
use pywasm_scan::ImportTarget;

use crate::discover::Universe;
use crate::graph::EntryPoint;
use crate::lookup::Lookup;
use crate::request::Request;

/// The modules that `include` adds.
pub(crate) struct IncludedModules {
    /// Those that it names.
    pub(crate) names: Vec<String>,
    /// Those that its patterns match.
    pub(crate) matches: BTreeSet<String>,
    /// The errors for patterns that match nothing.
    pub(crate) errors: Vec<Diagnostic>,
}

/// Finds the modules that `include` adds.
pub(crate) fn find_included(
    request: &Request,
    entry: &EntryPoint,
    lookup: &mut Lookup<'_>,
) -> IncludedModules {
    let mut included = IncludedModules {
        names: Vec::new(),
        matches: BTreeSet::new(),
        errors: Vec::new(),
    };
    for pattern in &request.include {
        if pattern.is_name() {
            // A name that does not exist is reported like any other import, with the reason.
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
            let diagnostic = unmatched_pattern(pattern, "include", request, lookup);
            included.errors.push(diagnostic);
        }
        let added = found
            .into_iter()
            .filter(|name| *name != entry.module && !lookup.is_excluded(name));
        included.matches.extend(added);
    }
    included
}

fn unmatched_pattern(
    pattern: &ModulePattern,
    key: &str,
    request: &Request,
    lookup: &mut Lookup<'_>,
) -> Diagnostic {
    let modules = lookup.finder.modules_below(None);
    pattern.unmatched(key, modules.iter().chain(&request.builtins).map(String::as_str))
}

/// Reports the patterns of `exclude` that match no module, imported or not.
pub(crate) fn check_excludes(
    request: &Request,
    universe: &Universe,
    lookup: &mut Lookup<'_>,
) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for pattern in &request.exclude {
        let mut imported = universe
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
            })
            .flat_map(|name| {
                let packages = name.match_indices('.').map(|(end, _)| name[..end].to_owned());
                packages.chain([name.clone()]).collect::<Vec<_>>()
            });
        if imported.any(|name| pattern.matches(&name) || pattern.matches(&lookup.tables.unalias(&name)))
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
            errors.push(unmatched_pattern(pattern, "exclude", request, lookup));
        }
    }
    errors
}
