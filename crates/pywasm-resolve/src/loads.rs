//! Lists what a module imports while it is imported itself, in order, from which `preload.rs` concludes
//! what a program imports at start. The edges of the graph do not say it: there is one for each imported
//! module, and it does not know of conditions.

use std::collections::BTreeSet;

use pywasm_scan::{ImportTarget, UnseenNames};

use crate::lookup::Target;
use crate::reach::{Site, Walk};

/// One import that a module makes while it is imported itself, in the order of the source.
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
    /// It does.
    Always,
    /// It does, and the module goes on where it fails.
    Optional,
    /// It stands under a condition that only a run can decide, or asks for a name that may be an
    /// attribute as well as a submodule.
    Conditional,
}

/// Each module once for each certainty.
pub(crate) fn once(mut loads: Vec<Load>) -> Vec<Load> {
    let mut seen = BTreeSet::new();
    loads.retain(|load| seen.insert((load.target.clone(), load.certainty)));
    loads
}

impl Walk<'_, '_> {
    /// Notes an import that is made while its importer is imported.
    pub(crate) fn load(&mut self, wanted: &ImportTarget, target: &Target, site: &Site) {
        let Some(mut certainty) = site.loads else { return };
        let Some(importer) = site.importer.module().filter(|name| *name != target.name) else {
            return;
        };
        // `from package import name` takes the package's attribute where it has one.
        if let ImportTarget::Names { module, .. } = wanted
            && let Some(name) = target.asked.strip_prefix(module)
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

    /// Whether a module may have the name without importing a submodule for it.
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
