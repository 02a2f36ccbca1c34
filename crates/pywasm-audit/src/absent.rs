//! Lists the modules of CPython's standard library that WASI lacks, each with its importers, the
//! reason and what to do.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use pywasm_resolve::{Cause, Origin, UnresolvedImport};
use serde::Deserialize;

use crate::audit::Input;
use crate::model::{AbsentModule, Importer, Level, Spot};
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
    /// The module exists, but has no effect.
    #[serde(default)]
    importable: bool,
    reason: String,
    #[serde(rename = "cure")]
    hint: String,
}

/// Calls that fail alike, or that have an effect within the program only.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallRow {
    /// Examples, with arguments.
    pub(crate) calls: Vec<String>,
    pub(crate) raises: Option<String>,
    pub(crate) reason: String,
    #[serde(rename = "cure")]
    pub(crate) hint: String,
}

/// The table, which is part of the program.
pub(crate) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    // The file is part of the program, and a test reads it.
    TABLE.get_or_init(|| toml::from_str(include_str!("stdlib.toml")).expect("the table is valid"))
}

/// Whether the audit reports this miss elsewhere than among the problems.
pub(crate) fn has_verdict(miss: &UnresolvedImport, input: &Input<'_>) -> bool {
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

/// Finds the modules.
pub(crate) fn find(input: &Input<'_>) -> Vec<AbsentModule> {
    let graph = input.graph;
    let mut groups: BTreeMap<&str, Vec<&UnresolvedImport>> = BTreeMap::new();
    for miss in &graph.misses {
        let importer = miss.importer.module().and_then(|name| graph.modules.get(name));
        let by_stdlib = importer.is_some_and(|module| module.origin == Origin::Stdlib);
        if miss.cause == Cause::NotOnWasi && is_stdlib(&miss.module, input) && !by_stdlib {
            groups.entry(&miss.module).or_default().push(miss);
        }
    }
    let mut found: Vec<AbsentModule> = groups
        .into_values()
        .map(|misses| describe(input, misses))
        .collect();
    found.extend(find_idle(input));
    found.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.module.cmp(&b.module)));
    found
}

/// Modules that can be imported on WASI, but have no effect there.
fn find_idle(input: &Input<'_>) -> Vec<AbsentModule> {
    let graph = input.graph;
    let rows = table().modules.iter().filter(|row| row.importable);
    let names = rows.flat_map(|row| row.names.iter().map(move |name| (row, name)));
    names
        .filter_map(|(row, name)| {
            let is_stdlib = graph.modules.get(name)?.origin == Origin::Stdlib;
            let importers: Vec<Importer> = graph
                .importers(name)
                .into_iter()
                .filter(|(importer, _)| importer.origin != Origin::Stdlib)
                .map(|(importer, edge)| Importer {
                    module: importer.name.clone(),
                    asks: name.clone(),
                    kind: edge.kind.as_str(),
                    place: Spot {
                        file: importer.shown.clone(),
                        line: site::number(edge.line),
                        column: 0,
                        in_project: importer.origin == Origin::App,
                    },
                    level: Level::Note,
                })
                .collect();
            let chain = graph.why(name)?;
            (is_stdlib && !importers.is_empty()).then(|| AbsentModule {
                module: name.clone(),
                importable: true,
                level: Level::Note,
                reason: row.reason.clone(),
                hint: row.hint.clone(),
                importers,
                place: site::last_in_project(graph, &chain.steps),
                chain: chain.steps.iter().map(ToString::to_string).collect(),
            })
        })
        .collect()
}

fn describe(input: &Input<'_>, mut misses: Vec<&UnresolvedImport>) -> AbsentModule {
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
    AbsentModule {
        module: worst.module.clone(),
        importable: false,
        level: importers.first().map_or(Level::Note, |importer| importer.level),
        reason: row.map_or_else(|| worst.reason.clone(), |row| row.reason.clone()),
        hint: row.map_or_else(
            || "catch the ImportError if the program can work without the module".to_owned(),
            |row| row.hint.clone(),
        ),
        importers,
        chain,
        place,
    }
}
