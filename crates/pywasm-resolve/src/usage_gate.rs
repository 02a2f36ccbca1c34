//! Holds back the imports in a function of the stdlib until something uses the function. These functions
//! import each other's modules without end, so most of a program would be modules that only `pydoc` or a
//! self test needs. A function counts as used if its name, and the names of the classes and functions
//! around it, occur anywhere in the program.

use std::collections::BTreeMap;

use pywasm_scan::{NameId, NameSet};

/// Items that wait for names.
#[derive(Debug)]
pub(crate) struct UsageGate<T> {
    used: NameSet,
    /// The items by the first name that is missing, in the order of arrival.
    waiting: BTreeMap<NameId, Vec<(Vec<NameId>, T)>>,
}

impl<T> UsageGate<T> {
    /// Makes a gate for which only these names are used so far.
    pub(crate) fn new<'n>(used: impl IntoIterator<Item = &'n String>) -> Self {
        let used = used.into_iter().map(|name| NameId::new(name)).collect();
        Self {
            used,
            waiting: BTreeMap::new(),
        }
    }

    /// Gives the item back if all its names are used. Otherwise keeps it for later.
    pub(crate) fn pass(&mut self, gates: &[NameId], item: T) -> Option<T> {
        match gates.iter().find(|gate| !self.used.contains(gate)) {
            None => Some(item),
            Some(closed) => {
                self.waiting
                    .entry(*closed)
                    .or_default()
                    .push((gates.to_vec(), item));
                None
            }
        }
    }

    /// Adds names that are used, and gives the items that waited for them.
    pub(crate) fn release(&mut self, names: &[NameId]) -> Vec<T> {
        let mut free = Vec::new();
        for name in names {
            if self.used.insert(*name) {
                for (gates, item) in self.waiting.remove(name).into_iter().flatten() {
                    free.extend(self.pass(&gates, item));
                }
            }
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_passes_when_all_its_names_are_used() {
        let names = |names: &[&str]| names.iter().map(|name| NameId::new(name)).collect::<Vec<_>>();
        let mut gates = UsageGate::new([&"c".to_owned()]);
        assert_eq!(gates.pass(&names(&["c"]), 1), Some(1));
        assert_eq!(gates.pass(&names(&["a", "b"]), 2), None);
        assert_eq!(gates.pass(&names(&["a"]), 3), None);
        assert_eq!(gates.release(&names(&["a"])), [3]);
        assert_eq!(gates.release(&names(&["b", "b"])), [2]);
    }
}
