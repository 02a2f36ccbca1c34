//! Computes how many bytes would disappear with each item, from the dominators and the sizes.

use std::collections::BTreeSet;

use pywasm_object::{OtherKind, SymbolFile};

/// The keepers in a symbol file do not form a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the keepers do not form a tree")]
pub struct InvalidDominators;

/// The tree of keepers with sizes. Items have the numbers of [`SymbolFile`].
#[derive(Clone, Debug)]
pub struct Retention {
    bytes: Vec<u64>,
    keepers: Vec<Option<u32>>,
    kept: Vec<Vec<u32>>,
    retained: Vec<u64>,
}

impl Retention {
    /// Sums up what each item retains; `bytes` has the sizes of the items.
    ///
    /// # Errors
    /// When a keeper does not exist, or keeps itself through others.
    pub(crate) fn new(symbols: &SymbolFile, bytes: Vec<u64>) -> Result<Self, InvalidDominators> {
        let functions = symbols.functions.iter().map(|function| function.keeper);
        let data = symbols.symbols.iter().map(|symbol| symbol.keeper);
        let others = symbols.others.iter().map(|other| other.keeper);
        let keepers: Vec<Option<u32>> = functions.chain(data).chain(others).collect();
        let mut kept = vec![Vec::new(); keepers.len()];
        for (number, keeper) in (0..).zip(&keepers) {
            if let Some(keeper) = keeper {
                kept.get_mut(*keeper as usize)
                    .ok_or(InvalidDominators)?
                    .push(number);
            }
        }
        // The leaves come first.
        let mut waiting: Vec<usize> = kept.iter().map(Vec::len).collect();
        let mut ready: Vec<usize> = (0..kept.len()).filter(|&number| waiting[number] == 0).collect();
        let mut retained = bytes.clone();
        retained.resize(keepers.len(), 0);
        let mut done = 0;
        while let Some(number) = ready.pop() {
            done += 1;
            if let Some(keeper) = keepers[number].map(|keeper| keeper as usize) {
                retained[keeper] += retained[number];
                waiting[keeper] -= 1;
                if waiting[keeper] == 0 {
                    ready.push(keeper);
                }
            }
        }
        if done < keepers.len() {
            return Err(InvalidDominators);
        }
        Ok(Self {
            bytes,
            keepers,
            kept,
            retained,
        })
    }

    /// Returns the bytes that would disappear with an item.
    #[must_use]
    pub fn bytes_of(&self, number: u32) -> u64 {
        self.retained.get(number as usize).copied().unwrap_or(0)
    }

    /// Returns the bytes that would disappear with several items together.
    #[must_use]
    pub fn bytes_of_all(&self, numbers: &BTreeSet<u32>) -> u64 {
        let mut seen = numbers.clone();
        let mut pending: Vec<u32> = numbers.iter().copied().collect();
        let mut sum = 0;
        while let Some(number) = pending.pop() {
            sum += self.bytes.get(number as usize).copied().unwrap_or(0);
            let kept = self.kept.get(number as usize).into_iter().flatten();
            pending.extend(kept.copied().filter(|&number| seen.insert(number)));
        }
        sum
    }

    /// Lists an item, its keeper, and so on up to an item that the program itself keeps.
    #[must_use]
    pub fn chain(&self, number: u32) -> Vec<u32> {
        std::iter::successors(Some(number), |&number| {
            self.keepers.get(number as usize).copied().flatten()
        })
        .collect()
    }

    /// Lists the items that an item keeps directly, the largest first.
    #[must_use]
    pub fn kept_by(&self, number: u32) -> Vec<u32> {
        let mut kept = self.kept.get(number as usize).cloned().unwrap_or_default();
        kept.sort_by_key(|&number| (u64::MAX - self.bytes_of(number), number));
        kept
    }
}

/// Finds the number of the module, else the function, else the data called `name`.
pub(crate) fn find(symbols: &SymbolFile, name: &str) -> Option<u32> {
    let data = symbols.functions.len();
    let others = data + symbols.symbols.len();
    let other = |wanted: fn(OtherKind) -> bool| {
        let found = symbols
            .others
            .iter()
            .position(|other| other.name == name && wanted(other.kind));
        found.map(|index| others + index)
    };
    other(|kind| kind == OtherKind::Module)
        .or_else(|| {
            symbols
                .functions
                .iter()
                .position(|function| function.name.as_deref() == Some(name))
        })
        .or_else(|| {
            let found = symbols
                .symbols
                .iter()
                .position(|symbol| symbol.name.as_deref() == Some(name));
            found.map(|index| data + index)
        })
        .or_else(|| other(|_| true))
        .and_then(|number| u32::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pywasm_object::Other;

    fn symbols(keepers: &[Option<u32>]) -> SymbolFile {
        let others = keepers.iter().map(|&keeper| Other {
            keeper,
            ..Other::default()
        });
        SymbolFile {
            others: others.collect(),
            ..SymbolFile::default()
        }
    }

    #[test]
    fn an_item_retains_what_only_it_keeps() {
        let symbols = symbols(&[None, Some(0), Some(1), Some(0), None]);
        let retention = Retention::new(&symbols, vec![1, 10, 100, 1000, 5]).expect("a tree");
        assert_eq!(
            [0, 1, 2, 4].map(|number| retention.bytes_of(number)),
            [1111, 110, 100, 5]
        );
        assert_eq!(retention.bytes_of_all(&[1, 2, 4].into()), 115);
        assert_eq!(retention.chain(2), [2, 1, 0]);
        assert_eq!(retention.kept_by(0), [3, 1]);
    }

    #[test]
    fn keepers_in_a_circle_are_refused() {
        for keepers in [&[Some(1), Some(0)][..], &[Some(0)], &[Some(7)]] {
            assert_eq!(
                Retention::new(&symbols(keepers), vec![0; 2]).err(),
                Some(InvalidDominators)
            );
        }
    }
}
