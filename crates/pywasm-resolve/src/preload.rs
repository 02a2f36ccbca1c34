//! Chooses the modules to import before the snapshot is taken, in the order in which the program itself
//! would import them.
//!
//! Only imports that surely run count. One that stands under a condition, or whose name is computed, is
//! left to the program: not to import a module early is always right, and to import one that the program
//! would not is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::graph::{EdgeKind, EntryKind, Module, ModuleGraph, ModuleKind};
use crate::loads::{Certainty, Load};
use crate::request::Origin;

/// How many bytes of source may be imported early for the compiler's sake, whose code and data
/// take 980 kB of an artifact.
const LATE: u64 = 500_000;

/// How far the snapshot goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preload {
    /// What the app's modules import of the standard library and of dependencies; no code of the
    /// app runs.
    Stdlib,
    /// The app's own modules too: all that the entry imports, or the entry where it is a function.
    App,
}

/// A module to import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PreloadedModule {
    /// Its dotted name.
    pub name: String,
    /// Whether the program goes on where this import fails.
    pub optional: bool,
}

/// As the image's `etc/preinit` has it: `?name` for an optional one.
impl fmt::Display for PreloadedModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.optional { "?" } else { "" };
        write!(f, "{mark}{}", self.name)
    }
}

impl ModuleGraph {
    /// The modules to import before the snapshot, in order, each once. A package is not listed
    /// where its submodule follows, which brings it.
    pub fn preload(&self, scope: Preload) -> Vec<PreloadedModule> {
        let mut list = List::default();
        self.walk(&mut list, scope);
        list.finish()
    }

    /// The modules that only the program itself may import, when it starts.
    fn left_to_start(&self, scope: Preload) -> BTreeSet<&str> {
        let app = self.modules.values().filter(|module| is_app_code(module));
        let app = app.filter(|_| scope == Preload::Stdlib);
        let late = self.hooks.late.iter().map(String::as_str);
        self.reaching(app.map(|module| module.name.as_str()).chain(late).collect())
    }

    /// The same, and behind it modules of the standard library that the program imports late,
    /// where they are what the compiler is kept for: they make named tuples and the like at their
    /// top level. Where the compiler stays all the same, or they weigh more, nothing is added.
    pub fn preload_without_compiler(&self, scope: Preload) -> Vec<PreloadedModule> {
        let mut list = self.preload(scope);
        let names: Vec<&str> = list.iter().map(|module| module.name.as_str()).collect();
        let needs = |late: &[&str]| self.needs_compiler_after(&self.imported_with(&[&names, late].concat()));
        if !needs(&[]) {
            return list;
        }
        let left = self.left_to_start(scope);
        let imported = self.imported_with(&names);
        let mut late = self.uses.over_at_once();
        late.retain(|name| {
            let is_stdlib = |module: &Module| module.origin == Origin::Stdlib;
            self.modules.get(*name).is_some_and(is_stdlib)
                && !imported.contains(*name)
                && !left.contains(name)
        });
        if needs(&late) {
            return list;
        }
        // All that is not needed leaves the list again, one by one.
        for name in late.clone() {
            let without: Vec<&str> = late.iter().copied().filter(|other| *other != name).collect();
            if !needs(&without) {
                late = without;
            }
        }
        let with = self.imported_with(&[&names, &late[..]].concat());
        let weight: u64 = with
            .difference(&imported)
            .map(|name| self.source_size(name))
            .sum();
        if weight > LATE {
            return list;
        }
        list.extend(late.into_iter().map(|name| PreloadedModule {
            name: name.to_owned(),
            optional: true,
        }));
        list
    }

    fn source_size(&self, name: &str) -> u64 {
        match self.modules.get(name).map(|module| &module.kind) {
            Some(ModuleKind::Source { size, .. }) => *size,
            _ => 0,
        }
    }

    /// What is imported when Python has started and these modules are imported, as far as the
    /// sources tell.
    fn imported_with(&self, names: &[&str]) -> BTreeSet<String> {
        let core = self.roots.iter().filter(|root| root.kind == EdgeKind::Core);
        let mut open: Vec<&str> = core.map(|root| root.target.as_str()).collect();
        open.extend(self.needs_site.then_some("site"));
        open.extend(names);
        let mut imported = BTreeSet::new();
        while let Some(name) = open.pop() {
            if self.modules.contains_key(name) && imported.insert(name.to_owned()) {
                open.extend(parents(name));
                open.extend(self.loaded_by(name).map(|(target, _)| target));
            }
        }
        imported
    }

    /// What starting the program imports, but for the module that runs as `__main__`.
    fn start(&self) -> Vec<(&str, bool)> {
        let entry = self.entry.module.as_str();
        let mut start = Vec::new();
        if self.entry.kind != EntryKind::Script {
            start.extend(parents(entry).map(|parent| (parent, false)));
        }
        if self.entry.kind == EntryKind::Function {
            start.push((entry, false));
        } else {
            start.extend(self.loaded_by(entry));
        }
        start.retain(|(target, _)| self.modules.contains_key(*target));
        start
    }

    /// What importing a module surely imports, and whether it goes on where that fails.
    fn loaded_by(&self, name: &str) -> impl Iterator<Item = (&str, bool)> {
        self.modules
            .get(name)
            .map_or(&[][..], |module| &module.loads)
            .iter()
            .filter(|load| load.certainty != Certainty::Conditional)
            .map(|load| (load.target.as_str(), load.certainty == Certainty::Optional))
    }

    /// Walks through the modules that are left to the start in the order in which they run, and
    /// lists what they import of others.
    fn walk<'g>(&'g self, list: &mut List<'g>, scope: Preload) {
        let left = self.left_to_start(scope);
        // Whether each of them was only met where its failure is caught.
        let mut met: BTreeMap<&str, bool> = BTreeMap::new();
        if self.entry.kind != EntryKind::Function {
            met.insert(&self.entry.module, false);
        }
        // Last in, first out: what a module imports goes on top, in reverse.
        let mut open: Vec<(&str, bool)> = self.start();
        open.reverse();
        while let Some((name, optional)) = open.pop() {
            let Some(module) = self.modules.get(name) else {
                continue;
            };
            if !left.contains(name) {
                // A namespace of the app has no code, and nobody waits for it.
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
            let loads = self.loaded_by(name);
            open.extend(loads.map(|(target, caught)| (target, caught || optional)));
            open[from..].reverse();
        }
    }

    /// All modules whose import can run one of these: through whatever may be imported with them,
    /// conditions or not, and their parents.
    fn reaching<'g>(&'g self, mut open: Vec<&'g str>) -> BTreeSet<&'g str> {
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

/// Whether importing the module runs code of the app; a namespace has none.
fn is_app_code(module: &Module) -> bool {
    module.origin == Origin::App && matches!(module.kind, ModuleKind::Source { .. })
}

/// The packages around a module, the outermost first.
fn parents(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').map(|(end, _)| &name[..end])
}

/// The modules so far, in order.
#[derive(Default)]
struct List<'g> {
    names: Vec<&'g str>,
    optional: BTreeMap<&'g str, bool>,
}

impl<'g> List<'g> {
    /// Takes a module. One that is caught first and needed later is needed.
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
