//! Warns of `from module import name` if the module's source shows that it neither defines the name nor
//! has a submodule of that name. A module that may define names in a way that its source does not show
//! is trusted: a missed fault is better than a false alarm.

use std::collections::BTreeSet;

use pywasm_diagnostic::Diagnostic;
use pywasm_project::closest;
use pywasm_scan::{ImportTarget, Scan, UnseenNames};

use crate::finder::FoundModule;
use crate::lookup::ModulePlace;
use crate::reach::{Site, Walk};
use crate::request::Origin;

impl Walk<'_, '_> {
    /// Warns of each name that an import takes from a module that does not have it.
    pub(crate) fn warn_of_undefined(&mut self, wanted: &ImportTarget, site: &Site) {
        let ImportTarget::Names { module, names, .. } = wanted else {
            return;
        };
        let real = self.lookup.tables.unalias(module).into_owned();
        let place = self.lookup.locate(&real);
        // The standard library has aliases, too, and no finder for them.
        if self.lookup.origin(&place) != Origin::Stdlib && self.lookup.tables.aliases_below(&real) {
            return;
        }
        let ModulePlace::Disk(FoundModule::Source(source)) = place else {
            return;
        };
        for name in names {
            let submodule = format!("{module}.{name}");
            if self.may_define(&real, name)
                || self.lookup.exists(&submodule)
                || self.lookup.finder.find_extension(&submodule).is_some()
                || self.is_set_elsewhere(name)
            {
                continue;
            }
            let what = match source.is_package {
                true => "the package does not define it and has no submodule of that name",
                false => "the module does not define it",
            };
            let bound = self.universe.scan(&real).map(|scan| &scan.bound);
            let near = closest(name, bound.into_iter().flatten().map(String::as_str));
            let mut diagnostic = Diagnostic::new(format!("cannot import `{name}` from `{module}`: {what}"))
                .with_hint(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "correct the name, or catch the ImportError if the program works without it"
                        .to_owned(),
                });
            diagnostic.location = self.locate(site);
            self.warnings.push(diagnostic);
        }
    }

    /// Whether a module may define a name, itself or through `*`.
    fn may_define(&self, module: &str, name: &str) -> bool {
        // Python itself gives modules names like `__file__`.
        if name.starts_with("__") && name.ends_with("__") {
            return true;
        }
        let mut open = vec![module.to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(module) = open.pop() {
            let module = self.lookup.tables.unalias(&module).into_owned();
            let file = self.universe.files.get(&module);
            let readable = file.filter(|file| file.faults.is_empty() && !self.lookup.is_builtin(&module));
            let Some(scan) = readable.and_then(|file| file.scan.as_ref()) else {
                return true;
            };
            if defines(scan, name) {
                return true;
            }
            if seen.insert(module) {
                open.extend(scan.star_imports());
            }
        }
        false
    }

    /// Whether some file sets such an attribute on a module that it imports.
    fn is_set_elsewhere(&self, name: &str) -> bool {
        let mut scans = self.universe.files.values().filter_map(|file| file.scan.as_ref());
        scans.any(|scan| scan.sets.contains(name))
    }
}

/// Whether the module's own text may bind the name.
fn defines(scan: &Scan, name: &str) -> bool {
    scan.unseen_names.contains(&UnseenNames::Namespace)
        || scan.bound.contains("__getattr__")
        || scan.bound.contains(name)
        || scan.exports.iter().any(|export| export == name)
}
