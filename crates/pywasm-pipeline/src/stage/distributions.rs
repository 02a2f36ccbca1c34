//! Finds the installed distribution that each module in the artifact belongs to, for the report.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use pywasm_deps::{Distribution, distributions, normalize};
use pywasm_diagnostic::Diagnostic;
use pywasm_report::{DataEntry, DistributionEntry};
use pywasm_resolve::{ModuleGraph, ModuleKind, Origin};

use super::layout::absolute;
use crate::context::Context;

/// What is in an artifact of installed distributions.
#[derive(Default)]
pub(crate) struct DistributionOwners {
    /// Sorted by name and version.
    pub(crate) entries: Vec<DistributionEntry>,
    /// For each dependency's module, the name of its distribution.
    pub(crate) modules: BTreeMap<String, String>,
    /// What could not be read.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Finds who owns the modules and data files of dependencies. A file that no `RECORD` lists has
/// no owner.
pub(crate) fn find(context: &Context<'_>, graph: &ModuleGraph, data: &[DataEntry]) -> DistributionOwners {
    let layout = context.layout();
    let mut owners = DistributionOwners::default();
    let mut found: Vec<Distribution> = Vec::new();
    for root in &context.project.paths {
        match distributions(root) {
            Ok(more) => found.extend(more),
            // No reason to fail a build: the modules themselves could be read.
            Err(error) => owners.warnings.push(unread(root, &error)),
        }
    }
    // By the place on the host and by the place in the artifact; the first root counts.
    let (mut by_path, mut by_place) = (HashMap::new(), HashMap::new());
    for (at, distribution) in found.iter().enumerate() {
        let Some(site) = distribution.folder.parent() else {
            continue;
        };
        for file in &distribution.files {
            by_path.entry(site.join(&file.path)).or_insert(at);
            by_place
                .entry(layout.place(Origin::Dependency, &file.path))
                .or_insert(at);
        }
    }
    let mut reached = BTreeSet::new();
    for module in graph.modules.values() {
        if let ModuleKind::Source { path, .. } = &module.kind
            && module.origin == Origin::Dependency
            && let Some(&at) = by_path.get(path)
        {
            reached.insert(at);
            owners
                .modules
                .insert(module.name.clone(), found[at].shown.clone());
        }
    }
    let places: HashMap<String, usize> = by_place
        .into_iter()
        .map(|(place, at)| (absolute(&place), at))
        .collect();
    reached.extend(data.iter().filter_map(|file| places.get(&file.path)));
    owners.entries = reached.into_iter().map(|at| entry(&found[at])).collect();
    owners
        .entries
        .sort_by_cached_key(|entry| (normalize(&entry.name), entry.version.clone()));
    owners
        .entries
        .dedup_by(|a, b| (&a.name, &a.version) == (&b.name, &b.version));
    owners
}

fn entry(distribution: &Distribution) -> DistributionEntry {
    DistributionEntry {
        name: distribution.shown.clone(),
        version: distribution.version.clone(),
        sha256: distribution.wheel,
        record_sha256: distribution.record_digest(),
        license: distribution.license.clone(),
        purl: distribution.purl(),
    }
}

fn unread(root: &Path, error: &pywasm_deps::Error) -> Diagnostic {
    let (message, hint) = match error {
        pywasm_deps::Error::Refused(diagnostic) => (diagnostic.message.clone(), diagnostic.hint.clone()),
        error => (error.to_string(), None),
    };
    // The folder's own name is enough to find it, and no path of the host gets into the report.
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let message = message.replace(&root.display().to_string(), &name);
    let mut diagnostic = Diagnostic::new(format!(
        "the report cannot tell the distributions of `{name}`: {message}"
    ));
    diagnostic.hint = hint;
    diagnostic
}
