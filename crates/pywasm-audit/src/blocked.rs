//! Finds distributions that have no compiled code and still cannot be imported, since they need one
//! that has it: pydantic 2 without pydantic-core.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_resolve::{Cause, EdgeKind, ModuleGraph, Severity};

/// What a distribution needs that cannot run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Blocked {
    /// Numbers of distributions.
    pub(crate) by: BTreeSet<usize>,
    /// The first module of it that fails.
    pub(crate) module: String,
}

/// Finds them. `owner` returns a module's distribution, and `holder` a compiled file's.
pub(crate) fn find(
    graph: &ModuleGraph,
    owner: &dyn Fn(&str) -> Option<usize>,
    holder: &dyn Fn(&str) -> Option<usize>,
) -> BTreeMap<usize, Blocked> {
    let mut importers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for module in graph.modules.values() {
        for edge in module.imports.iter().filter(|edge| edge.kind == EdgeKind::Static) {
            importers.entry(&edge.target).or_default().push(&module.name);
        }
    }
    let mut failing: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    for miss in &graph.misses {
        if let Cause::Native(file) = &miss.cause
            && miss.severity == Severity::Error
            && miss.kind == EdgeKind::Static
            && let Some(importer) = miss.importer.module()
            && let Some(holder) = holder(file)
        {
            open.push((importer, holder));
        }
    }
    while let Some((module, holder)) = open.pop() {
        if failing.entry(module).or_default().insert(holder) {
            let next = importers.get(module).into_iter().flatten();
            open.extend(next.map(|importer| (*importer, holder)));
        }
    }
    let mut blocked: BTreeMap<usize, Blocked> = BTreeMap::new();
    for (module, holders) in failing {
        let Some(own) = owner(module) else { continue };
        let others: BTreeSet<usize> = holders.into_iter().filter(|holder| *holder != own).collect();
        if others.is_empty() {
            continue;
        }
        let entry = blocked.entry(own).or_default();
        if entry.module.is_empty() {
            entry.module = module.to_owned();
        }
        entry.by.extend(others);
    }
    blocked
}
