//! Two reports in, the ways by which new modules came in out: those that a module of the earlier
//! build imports, or that nobody imports. What else is new, they brought.

use std::collections::BTreeSet;

use super::count::{distance, matches};
use super::{Subject, Way};
use crate::Report;

/// How many ways are told.
const TOLD: usize = 5;

/// The ways to what is new of what `subject` counts; those from the app first.
pub(super) fn through(subject: &Subject, report: &Report, baseline: &Report) -> Vec<Way> {
    let old: BTreeSet<&str> = baseline
        .modules
        .iter()
        .map(|module| module.name.as_str())
        .collect();
    let mut ways = Vec::new();
    for module in &report.modules {
        let is_meant = match subject {
            Subject::Package(pattern) => matches(pattern, &module.name),
            _ => true,
        };
        if old.contains(module.name.as_str()) || !is_meant {
            continue;
        }
        let importers = module.imported_by.iter().filter(|by| old.contains(by.as_str()));
        let first = importers.min_by_key(|by| (distance(report, by), by.as_str()));
        if first.is_some() || module.imported_by.is_empty() {
            let from = first.map_or(0, |by| distance(report, by));
            ways.push((
                from,
                Way {
                    name: module.name.clone(),
                    imported_by: first.cloned(),
                },
            ));
        }
    }
    // What the app and its dependencies import is the reason for what else the library brings.
    let least = ways.iter().map(|(from, _)| *from).min().unwrap_or(0);
    ways.retain(|(from, _)| *from == least || *from < 2);
    // Modules are sorted by name, and stay so.
    ways.sort_by_key(|(from, _)| *from);
    ways.into_iter().take(TOLD).map(|(_, way)| way).collect()
}
