//! Finds the modules that cannot be imported: those that do not exist, those that raise `ImportError`
//! themselves, and those that need one of these. Every base has `dbm/gnu.py`, for example, but
//! its first lines import `_gdbm`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pywasm_scan::{ImportTarget, Scan, Submodules};

use crate::discover::Universe;
use crate::lookup::{Lookup, ModulePlace};
use crate::try_import::is_reached;

/// Why a module cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It does not exist.
    Missing,
    /// The project excludes it.
    Excluded,
    /// It raises `ImportError` during import, with this text.
    Refuses(String),
    /// It imports another module that cannot be imported.
    Needs(String),
}

/// The modules that cannot be imported.
pub(crate) type Unavailable = BTreeMap<String, Reason>;

/// Finds the modules that cannot be imported.
pub(crate) fn find_unavailable(universe: &Universe, lookup: &mut Lookup<'_>) -> Unavailable {
    let mut nodes = Nodes::default();
    for name in &universe.names {
        nodes.add(name);
    }
    // Which modules each one depends on. The list grows during the loop, since it also takes in
    // names that the search did not follow.
    let mut next = 0;
    while next < nodes.names.len() {
        let name = nodes.names[next].clone();
        let mut needs: Vec<usize> = Vec::new();
        if let Some((parent, _)) = name.rsplit_once('.') {
            needs.push(nodes.add(parent));
        }
        if let Some(scan) = universe.scan(&name) {
            let certain = scan.imports.iter().filter(|import| import.is_certain());
            let attempts = scan.try_bodies.iter().flat_map(|attempt| &attempt.imports);
            for wanted in certain.map(|import| &import.target).chain(attempts) {
                for target in needed_names(wanted, universe, lookup) {
                    needs.push(nodes.add(&target));
                }
            }
        }
        nodes.needs.push(needs);
        next += 1;
    }
    let mut unavailable = Unavailable::new();
    for component in find_components(&nodes.needs) {
        // Modules that import each other count as available until one turns out not to be. Then
        // those that need it are judged again.
        let needed_by = collect_dependents(&component, &nodes.needs);
        let mut round: BTreeSet<usize> = component.into_iter().collect();
        while !round.is_empty() {
            let mut next = BTreeSet::new();
            while let Some(node) = round.pop_first() {
                let name = &nodes.names[node];
                if unavailable.contains_key(name) {
                    continue;
                }
                if let Some(reason) = find_reason(name, universe, lookup, &unavailable) {
                    unavailable.insert(name.clone(), reason);
                    for &other in needed_by.get(&node).into_iter().flatten() {
                        let later = if other > node { &mut round } else { &mut next };
                        later.insert(other);
                    }
                }
            }
            round = next;
        }
    }
    unavailable
}

/// Collects, for each module of a component, the other modules of the component that need it.
fn collect_dependents(component: &[usize], needs: &[Vec<usize>]) -> HashMap<usize, Vec<usize>> {
    let mut needed_by: HashMap<usize, Vec<usize>> = HashMap::new();
    if component.len() > 1 {
        for &node in component {
            for &needed in &needs[node] {
                if component.binary_search(&needed).is_ok() {
                    needed_by.entry(needed).or_default().push(node);
                }
            }
        }
    }
    needed_by
}

/// Numbered names, and the numbers of the names that each needs.
#[derive(Default)]
struct Nodes {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    needs: Vec<Vec<usize>>,
}

impl Nodes {
    fn add(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.numbers.insert(name.to_owned(), self.names.len());
        self.names.push(name.to_owned());
        self.names.len() - 1
    }
}

/// Lists the modules that an import needs.
pub(crate) fn needed_names(
    wanted: &ImportTarget,
    universe: &Universe,
    lookup: &mut Lookup<'_>,
) -> Vec<String> {
    let exports = star_names(wanted, universe);
    lookup
        .needed_modules(wanted, exports)
        .into_iter()
        .map(|target| target.name)
        .collect()
}

/// Gives the names that `*` imports from a package whose file was read.
pub(crate) fn star_names<'u>(wanted: &ImportTarget, universe: &'u Universe) -> &'u [String] {
    match wanted {
        ImportTarget::Names {
            module, star: true, ..
        } => universe.scan(module).map_or(&[], |scan| &scan.exports),
        _ => &[],
    }
}

/// Whether a module that does not exist is below a module that is not a package and still has submodules,
/// as `six` has `six.moves`. Nobody else can make them.
pub(crate) fn is_made_at_run_time(name: &str, universe: &Universe, lookup: &mut Lookup<'_>) -> bool {
    let mut inner = name;
    while let Some((parent, _)) = inner.rsplit_once('.') {
        let place = lookup.locate(parent);
        if place != ModulePlace::Missing {
            let is_module = matches!(&place, ModulePlace::Disk(found) if !found.is_package());
            let makes = |scan: &Scan| scan.submodules == Submodules::AlsoMade;
            return is_module && universe.scan(parent).is_some_and(makes);
        }
        inner = parent;
    }
    false
}

fn find_reason(
    name: &str,
    universe: &Universe,
    lookup: &mut Lookup<'_>,
    unavailable: &Unavailable,
) -> Option<Reason> {
    if lookup.is_excluded(name) {
        return Some(Reason::Excluded);
    }
    if lookup.locate(name) == ModulePlace::Missing {
        return match is_made_at_run_time(name, universe, lookup) {
            true => None,
            false => Some(Reason::Missing),
        };
    }
    if let Some((parent, _)) = name.rsplit_once('.')
        && unavailable.contains_key(parent)
    {
        return Some(Reason::Needs(parent.to_owned()));
    }
    let scan = universe.scan(name)?;
    if let Some(text) = &scan.refuses {
        return Some(Reason::Refuses(text.clone()));
    }
    for import in scan.imports.iter().filter(|import| import.is_certain()) {
        if !is_reached(import, scan, universe, lookup, unavailable) {
            continue;
        }
        for target in needed_names(&import.target, universe, lookup) {
            if target != name && unavailable.contains_key(&target) {
                return Some(Reason::Needs(target));
            }
        }
    }
    None
}

/// Finds the strongly connected components, each after those that it needs (Tarjan's algorithm,
/// without recursion).
fn find_components(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut index = vec![UNSEEN; needs.len()];
    let mut low = vec![0; needs.len()];
    let mut on_stack = vec![false; needs.len()];
    let mut stack = Vec::new();
    let mut count = 0;
    let mut result = Vec::new();
    for start in 0..needs.len() {
        if index[start] != UNSEEN {
            continue;
        }
        let mut calls: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, at)) = calls.pop() {
            if at == 0 {
                index[node] = count;
                low[node] = count;
                count += 1;
                stack.push(node);
                on_stack[node] = true;
            } else {
                let done = needs[node][at - 1];
                low[node] = low[node].min(low[done]);
            }
            let mut at = at;
            let mut entered = false;
            while at < needs[node].len() {
                let next = needs[node][at];
                at += 1;
                if index[next] == UNSEEN {
                    calls.push((node, at));
                    calls.push((next, 0));
                    entered = true;
                    break;
                } else if on_stack[next] {
                    low[node] = low[node].min(index[next]);
                }
            }
            if entered || low[node] != index[node] {
                continue;
            }
            let mut component = Vec::new();
            while let Some(member) = stack.pop() {
                on_stack[member] = false;
                component.push(member);
                if member == node {
                    break;
                }
            }
            component.sort_unstable();
            result.push(component);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::find_components;

    #[test]
    fn components_come_after_what_they_need() {
        let needs = vec![vec![1], vec![2], vec![1, 3], vec![], vec![0, 4]];
        assert_eq!(find_components(&needs), [vec![3], vec![1, 2], vec![0], vec![4]]);
        let chain: Vec<Vec<usize>> = (0..100_000)
            .map(|n| if n < 99_999 { vec![n + 1] } else { vec![] })
            .collect();
        assert_eq!(find_components(&chain).len(), 100_000);
    }
}
