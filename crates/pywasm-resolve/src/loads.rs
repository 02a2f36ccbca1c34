//! Lists what a module imports during its own import, in order. From this, `preload.rs` concludes what a
//! program imports at start. The edges of the graph do not show that: there is one for each imported
//! module, and it does not say under which condition the import runs.

use std::collections::BTreeSet;

use pywasm_scan::{ImportTarget, UnseenNames};

use crate::lookup::NeededModule;
use crate::reach::{Site, Walk};

/// One import that a module makes during its own import, in the order of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The imported module; a package comes before its submodules.
    pub target: String,
    /// Whether it runs.
    pub certainty: Certainty,
}

/// Whether an import runs when its module is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It always runs.
    Always,
    /// It always runs, and the module continues if it fails.
    Optional,
    /// It depends on a condition that only a run can decide, or imports a name that may be an attribute
    /// instead of a submodule.
    Conditional,
}

/// Keeps each module once for each certainty.
pub(crate) fn deduplicate(mut loads: Vec<Load>) -> Vec<Load> {
    let mut seen = BTreeSet::new();
    loads.retain(|load| seen.insert((load.target.clone(), load.certainty)));
    loads
}

impl Walk<'_, '_> {
    /// Notes an import that runs during the import of its importer.
    pub(crate) fn note_load(&mut self, wanted: &ImportTarget, target: &NeededModule, site: &Site) {
        let Some(mut certainty) = site.loads else { return };
        let Some(importer) = site.importer.module().filter(|name| *name != target.name) else {
            return;
        };
        // `from package import name` takes the package's attribute if it has one.
        if let ImportTarget::Names { module, .. } = wanted
            && let Some(name) = target.written.strip_prefix(module)
            && let Some(name) = name.strip_prefix('.')
            && module != importer
            && self.may_bind(module, name)
        {
            certainty = Certainty::Conditional;
        }
        let loads = self.loads.entry(importer.to_owned()).or_default();
        loads.push(Load {
            target: target.name.clone(),
            certainty,
        });
    }

    /// Whether a module may have the name without an import of a submodule.
    fn may_bind(&self, module: &str, name: &str) -> bool {
        let mut open = vec![module.to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(module) = open.pop() {
            let module = self.lookup.tables.unalias(&module).into_owned();
            let scan = self.universe.scan(&module);
            if !seen.insert(module) {
                continue;
            }
            let Some(scan) = scan else {
                continue;
            };
            if scan.unseen_names.contains(&UnseenNames::OpenEnded) || scan.bound.contains(name) {
                return true;
            }
            if scan.unseen_names.contains(&UnseenNames::Star) {
                open.extend(scan.star_imports());
            }
        }
        false
    }
}
