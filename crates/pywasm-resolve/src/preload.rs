//! Chooses the modules to import before the snapshot is taken, in the order in which the program itself
//! would import them.
//!
//! Only imports that always run count. The program makes all others itself: those under a condition,
//! and those of computed names. It is always safe not to import a module early, but not to import one
//! that the program would not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::graph::{EdgeKind, EntryKind, Module, ModuleGraph, ModuleKind};
use crate::loads::{Certainty, Load};
use crate::request::Origin;

/// How far the snapshot goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preload {
    /// The modules of the standard library and of dependencies that the app imports. No code of the app
    /// runs.
    Stdlib,
    /// The app's own modules as well: all that the entry imports, and the entry if it is a function.
    App,
}

/// A module to import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PreloadedModule {
    /// Its dotted name.
    pub name: String,
    /// Whether the program continues if this import fails.
    pub optional: bool,
}

/// Writes the module as in the image's `etc/preinit`: `?name` for an optional one.
impl fmt::Display for PreloadedModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.optional { "?" } else { "" };
        write!(f, "{mark}{}", self.name)
    }
}

impl ModuleGraph {
    /// Lists the modules to import before the snapshot, in order, each once. A package is not listed if
    /// one of its submodules follows, which imports it.
    pub fn preload(&self, scope: Preload) -> Vec<PreloadedModule> {
        let mut list = PreloadList::default();
        self.list_in_order(&mut list, scope);
        list.finish()
    }

    /// Finds the modules that only the program itself may import, when it starts.
    fn modules_left_to_start(&self, scope: Preload) -> BTreeSet<&str> {
        let app = self.modules.values().filter(|module| is_app_code(module));
        let app = app.filter(|_| scope == Preload::Stdlib);
        self.find_reaching(app.map(|module| module.name.as_str()).collect())
    }

    /// Lists what the start of the program imports, without the module that runs as `__main__`.
    fn start_imports(&self) -> Vec<(&str, bool)> {
        let entry = self.entry.module.as_str();
        let mut start = Vec::new();
        if self.entry.kind != EntryKind::Script {
            start.extend(parents(entry).map(|parent| (parent, false)));
        }
        if self.entry.kind == EntryKind::Function {
            start.push((entry, false));
        } else {
            start.extend(self.loads_of(entry));
        }
        start.retain(|(target, _)| self.modules.contains_key(*target));
        start
    }

    /// Lists the imports that always run during the import of a module, and whether it continues if one
    /// fails.
    fn loads_of(&self, name: &str) -> impl Iterator<Item = (&str, bool)> {
        self.modules
            .get(name)
            .map_or(&[][..], |module| &module.loads)
            .iter()
            .filter(|load| load.certainty != Certainty::Conditional)
            .map(|load| (load.target.as_str(), load.certainty == Certainty::Optional))
    }

    /// Walks through the modules that are left to the start in the order in which they run, and lists
    /// the other modules that they import.
    fn list_in_order<'g>(&'g self, list: &mut PreloadList<'g>, scope: Preload) {
        let left = self.modules_left_to_start(scope);
        // Whether all imports of a module so far catch its failure.
        let mut met: BTreeMap<&str, bool> = BTreeMap::new();
        if self.entry.kind != EntryKind::Function {
            met.insert(&self.entry.module, false);
        }
        // A stack: the imports of a module go on top, in reverse.
        let mut open: Vec<(&str, bool)> = self.start_imports();
        open.reverse();
        while let Some((name, optional)) = open.pop() {
            let Some(module) = self.modules.get(name) else {
                continue;
            };
            if !left.contains(name) {
                // A namespace of the app has no code to run.
                if scope == Preload::App || module.origin != Origin::App {
                    list.add(name, optional);
                }
                continue;
            }
            if met.get(name).is_some_and(|caught| optional || !caught) {
                continue;
            }
            met.insert(name, optional);
            let from = open.len();
            let loads = self.loads_of(name);
            open.extend(loads.map(|(target, caught)| (target, caught || optional)));
            open[from..].reverse();
        }
    }

    /// Finds all modules whose import can run one of these, through any import, under a condition or
    /// not, and through parents.
    fn find_reaching<'g>(&'g self, mut open: Vec<&'g str>) -> BTreeSet<&'g str> {
        let mut importers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, module) in &self.modules {
            let edges = module
                .imports
                .iter()
                .filter(|edge| !matches!(edge.kind, EdgeKind::Lazy | EdgeKind::Dynamic | EdgeKind::Codec));
            let edges = edges.map(|edge| edge.target.as_str());
            let loads = module.loads.iter().map(|load: &Load| load.target.as_str());
            for target in edges.chain(loads).chain(parents(name)) {
                importers.entry(target).or_default().push(name);
            }
        }
        let mut reaching: BTreeSet<&str> = BTreeSet::new();
        while let Some(name) = open.pop() {
            if reaching.insert(name) {
                open.extend(importers.get(name).into_iter().flatten());
            }
        }
        reaching
    }
}

/// Whether the import of the module runs code of the app. A namespace has none.
fn is_app_code(module: &Module) -> bool {
    module.origin == Origin::App && matches!(module.kind, ModuleKind::Source { .. })
}

/// Lists the packages around a module, the outermost first.
fn parents(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').map(|(end, _)| &name[..end])
}

/// The modules found so far, in order.
#[derive(Default)]
struct PreloadList<'g> {
    names: Vec<&'g str>,
    optional: BTreeMap<&'g str, bool>,
}

impl<'g> PreloadList<'g> {
    /// Adds a module. It is optional only if all its imports are.
    fn add(&mut self, name: &'g str, optional: bool) {
        match self.optional.get_mut(name) {
            Some(before) => *before &= optional,
            None => {
                self.optional.insert(name, optional);
                self.names.push(name);
            }
        }
    }

    fn finish(self) -> Vec<PreloadedModule> {
        let mut list: Vec<PreloadedModule> = Vec::new();
        for name in self.names {
            let optional = self.optional[name];
            while let Some(last) = list.last()
                && parents(name).any(|parent| parent == last.name)
                && last.optional == optional
            {
                list.pop();
            }
            list.push(PreloadedModule {
                name: name.to_owned(),
                optional,
            });
        }
        list
    }
}
