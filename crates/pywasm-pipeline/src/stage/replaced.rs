//! Finds the lines of dependencies that hooks have replaced, for the report.

use pywasm_report::ReplacedEntry;
use pywasm_resolve::{ModuleKind, Origin};

use super::{distributions::DistributionOwners, resolve::Resolution};
use crate::Error;

/// The lines of all modules in the artifact, sorted.
pub(crate) fn find(
    resolution: &Resolution,
    owners: &DistributionOwners,
) -> Result<Vec<ReplacedEntry>, Error> {
    let hooks = &resolution.graph.hooks;
    let mut entries = Vec::new();
    for module in resolution.graph.modules.values() {
        let ModuleKind::Source { path, relative, .. } = &module.kind else {
            continue;
        };
        if module.origin != Origin::Dependency || !hooks.replace.iter().any(|row| row.module == module.name) {
            continue;
        }
        let lines = hooks.replaced_lines(&module.name, &resolution.sources.read(path)?);
        entries.extend(lines.into_iter().map(|replaced| ReplacedEntry {
            distribution: owners.modules.get(&module.name).cloned(),
            file: format!("site-packages/{relative}"),
            line: replaced.line,
            hook: replaced.hook,
        }));
    }
    entries.sort();
    Ok(entries)
}
