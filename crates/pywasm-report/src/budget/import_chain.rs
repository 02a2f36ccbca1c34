//! Finds the imports through which new modules came into the artifact: those made by a module that
//! the earlier build already had. Modules that nobody imports count too. The rest followed from them.

use std::collections::BTreeSet;

use super::count::{distance, matches};
use super::{BudgetTarget, ImportChain};
use crate::Report;

/// The number of imports that a row lists.
const SHOWN: usize = 5;

/// Lists the imports that brought in what is new in `target`, with those of the app first.
pub(super) fn import_chains(target: &BudgetTarget, report: &Report, baseline: &Report) -> Vec<ImportChain> {
    let old: BTreeSet<&str> = baseline
        .modules
        .iter()
        .map(|module| module.name.as_str())
        .collect();
    let mut chains = Vec::new();
    for module in &report.modules {
        let is_counted = match target {
            BudgetTarget::Package(pattern) => matches(pattern, &module.name),
            _ => true,
        };
        if old.contains(module.name.as_str()) || !is_counted {
            continue;
        }
        let importers = module.imported_by.iter().filter(|by| old.contains(by.as_str()));
        let first = importers.min_by_key(|by| (distance(report, by), by.as_str()));
        if first.is_some() || module.imported_by.is_empty() {
            let from = first.map_or(0, |by| distance(report, by));
            chains.push((
                from,
                ImportChain {
                    name: module.name.clone(),
                    imported_by: first.cloned(),
                },
            ));
        }
    }
    // What the app and its dependencies import explains what the standard library adds.
    let least = chains.iter().map(|(from, _)| *from).min().unwrap_or(0);
    chains.retain(|(from, _)| *from == least || *from < 2);
    // Modules are sorted by name, and stay so.
    chains.sort_by_key(|(from, _)| *from);
    chains.into_iter().take(SHOWN).map(|(_, chain)| chain).collect()
}
