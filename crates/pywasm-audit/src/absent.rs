//! Modules of CPython's standard library that WASI lacks, and where the program would import them.
//! In: what the graph misses. Out: one entry a module, with its importers, the reason and a cure.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use pywasm_resolve::{Cause, Miss, Origin};
use serde::Deserialize;

use crate::audit::Input;
use crate::model::{Absent, Level};
use crate::site;

/// `stdlib.toml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    #[serde(rename = "module")]
    modules: Vec<ModuleRow>,
    #[serde(rename = "call")]
    pub(crate) calls: Vec<CallRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModuleRow {
    names: Vec<String>,
    reason: String,
    cure: String,
}

/// Calls that fail alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallRow {
    pub(crate) names: Vec<String>,
    pub(crate) raises: String,
    pub(crate) reason: String,
    pub(crate) cure: String,
}

/// The table, which is part of the program.
pub(crate) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    // The file is part of the program, and a test reads it.
    TABLE.get_or_init(|| toml::from_str(include_str!("stdlib.toml")).expect("the table is valid"))
}

/// Whether the audit tells of this miss elsewhere than among the problems.
pub(crate) fn has_verdict(miss: &Miss, input: &Input<'_>) -> bool {
    match &miss.cause {
        Cause::Native(_) => true,
        Cause::NotOnWasi => is_stdlib(&miss.module, input),
        _ => false,
    }
}

fn is_stdlib(module: &str, input: &Input<'_>) -> bool {
    let top = module.split('.').next().unwrap_or(module);
    input.stdlib_names.contains(top)
}

/// Finds them.
pub(crate) fn absent(input: &Input<'_>) -> Vec<Absent> {
    let graph = input.graph;
    let mut groups: BTreeMap<&str, Vec<&Miss>> = BTreeMap::new();
    for miss in &graph.misses {
        let importer = graph.modules.get(&miss.importer);
        let by_stdlib = importer.is_some_and(|module| module.origin == Origin::Stdlib);
        if miss.cause == Cause::NotOnWasi && is_stdlib(&miss.module, input) && !by_stdlib {
            groups.entry(&miss.module).or_default().push(miss);
        }
    }
    let mut found: Vec<Absent> = groups.into_values().map(|misses| one(input, misses)).collect();
    found.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.module.cmp(&b.module)));
    found
}

fn one(input: &Input<'_>, mut misses: Vec<&Miss>) -> Absent {
    misses.sort_by_key(|miss| std::cmp::Reverse(miss.severity));
    let worst = misses[0];
    let (chain, place) = site::chain(input.graph, worst);
    let mut importers: Vec<_> = misses
        .iter()
        .map(|miss| site::importer(input.graph, miss))
        .collect();
    importers.dedup();
    let find = |name: &str| {
        table()
            .modules
            .iter()
            .find(|row| row.names.iter().any(|one| one == name))
    };
    let row = find(&worst.module).or_else(|| find(&worst.needs));
    Absent {
        module: worst.module.clone(),
        level: importers.first().map_or(Level::Note, |importer| importer.level),
        reason: row.map_or_else(|| worst.reason.clone(), |row| row.reason.clone()),
        cure: row.map_or_else(
            || "catch the ImportError where the program can do without it".to_owned(),
            |row| row.cure.clone(),
        ),
        importers,
        chain,
        place,
    }
}
