//! Shakes a module linked with `--emit-relocs`: whatever the plan does not need becomes zeros and
//! `unreachable`.
//!
//! This is the table of contents: parse, read the symbols, build the graph,
//! mark from the roots, rewrite. With a snapshot in the plan, the last two are
//! done once more for what runs after it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};
use wasm_encoder::{Module as Output, RawSection};
use wasmparser::ExternalKind;

use crate::after_snapshot::live_after_snapshot;
use crate::graph::{Graph, Node, graph};
use crate::linking::{Linking, linking};
use crate::mark::{KeptRecords, LinkedModule, LiveSet, mark};
use crate::parse::{Module, SECTION_CODE, SECTION_DATA, SECTION_ELEMENT, SECTION_EXPORT, parse};
use crate::stats::stats;
use crate::symbol_graph::{SymbolGraph, symbol_graph};
use crate::table::{Records, records};
use crate::validate::check_output;
use crate::{Error, ShakeStats, rewrite, roots};

/// Changes when [`shake`] gives another module for the same input; for the keys of caches.
pub const SHAKE_VERSION: u32 = 4;

/// What to keep of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShakePlan {
    /// Exports to take out. Each other export is kept, and all that it needs.
    pub drop_exports: BTreeSet<String>,
    /// Symbols to keep in addition to the exports.
    pub keep: BTreeSet<String>,
    /// Data symbols to empty: their bytes become zeros, and what they refer to is not followed. For
    /// tables of functions whose users know that there may be none.
    pub cut: BTreeSet<String>,
    /// Tables to take records out of.
    pub tables: Vec<RecordTable>,
    /// Asks for a second module, which holds what runs after a snapshot of the first one's memory.
    pub snapshot: Option<SnapshotPlan>,
}

/// How a run falls into two parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotPlan {
    /// The exported function that is called after the snapshot.
    pub entry: String,
    /// Exports that only the part before the snapshot has.
    pub only_before: BTreeSet<String>,
    /// Data symbols to empty in the snapshot, as [`ShakePlan::cut`] does it in the whole run.
    pub cut: BTreeSet<String>,
}

/// An array of records of one size, ended by a record of zeros, in which each
/// record points to its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordTable {
    /// The array's symbol.
    pub symbol: String,
    /// Bytes of a record.
    pub record_size: u32,
    /// Where in a record the pointer to its NUL-terminated name is.
    pub key_offset: u32,
    /// Names of the records that stay.
    pub keep: BTreeSet<String>,
}

/// What [`shake`] gives.
#[derive(Clone, Debug)]
pub struct ShakenModule {
    /// The module, without `linking`, `reloc.*` and debug sections.
    pub module: Vec<u8>,
    /// How much of it lives.
    pub stats: ShakeStats,
    /// What runs after a snapshot, where the plan asks for one.
    pub after_snapshot: Option<AfterSnapshot>,
    /// For each table of the plan, by symbol, the names that stay, in the table's order.
    pub table_names: BTreeMap<String, Vec<String>>,
    /// What lives in the whole run, and what refers to what.
    pub symbol_graph: SymbolGraph,
}

/// The part of a run after a snapshot of the memory.
#[derive(Clone, Debug)]
pub struct AfterSnapshot {
    /// A module with the same addresses and table slots as the first one, and with less code.
    pub module: Vec<u8>,
    /// Addresses of data that the first module keeps, and that nothing here refers to by a relocation:
    /// only a pointer that stands in the snapshot can lead there. Sorted; each range is one symbol, or
    /// symbols that share bytes, and is needed whole or not at all.
    pub unneeded: Vec<Range<u32>>,
    /// Addresses of the data that [`SnapshotPlan::cut`] names: it must be zeros in the snapshot.
    pub cut: Vec<Range<u32>>,
    /// How much of the linked module lives.
    pub stats: ShakeStats,
}

/// Takes out of a linked module what its exports and the plan do not need.
///
/// # Errors
/// The module is not valid, not linked with `--emit-relocs`, or holds a
/// relocation that cannot be followed; the plan names an export, a symbol or a
/// record that is not there; the plan asks for a snapshot, and more than the
/// memory can change.
pub fn shake(module: &[u8], plan: &ShakePlan) -> Result<ShakenModule, Error> {
    let module = parse(module)?;
    check_elements(&module)?;
    let linking = linking(&module)?;
    let graph = graph(&module, &linking)?;
    let tables = find_tables(&module, &linking, &graph, plan)?;
    let cut = find_cut(&linking, &graph, &plan.cut)?;
    let mut kept: KeptRecords = tables
        .iter()
        .map(|(table, records)| {
            (
                records.range,
                records
                    .kept(&table.keep)
                    .map(|(_, range)| range.clone())
                    .collect(),
            )
        })
        .collect();
    kept.extend(cut.iter().map(|&range| (range, Vec::new())));
    let linked = LinkedModule {
        module: &module,
        linking: &linking,
        graph: &graph,
        kept: &kept,
    };
    check_exports(&module, plan)?;
    let roots = roots::start_roots(&module, &linking, &graph, plan)?;
    let root_nodes = roots.nodes.clone();
    let live = mark(linked, roots)?;
    let write = |live: &LiveSet, dropped: &dyn Fn(&str) -> bool, cut: &[u32]| {
        let (bytes, stats) = write(&module, &graph, live, dropped, &tables, cut);
        check_output("shake", bytes).map(|module| (module, stats))
    };
    let is_dropped = |name: &str| plan.drop_exports.contains(name);
    let (bytes, stats) = write(&live, &is_dropped, &cut)?;
    let after_snapshot = match &plan.snapshot {
        None => None,
        Some(snapshot) => {
            let cut_then = find_cut(&linking, &graph, &snapshot.cut)?;
            let mut kept = kept.clone();
            kept.extend(cut_then.iter().map(|&range| (range, Vec::new())));
            let linked = LinkedModule {
                kept: &kept,
                ..linked
            };
            // What of the whole run is left when nothing follows those symbols.
            let rest = mark(linked, roots::start_roots(&module, &linking, &graph, plan)?)?;
            let (after_snapshot, unneeded) = live_after_snapshot(linked, plan, snapshot, &live, &rest)?;
            let is_dropped = |name: &str| is_dropped(name) || snapshot.only_before.contains(name);
            let all_cut = [cut.as_slice(), &cut_then].concat();
            let (bytes, stats) = write(&after_snapshot, &is_dropped, &all_cut)?;
            Some(AfterSnapshot {
                module: bytes,
                unneeded,
                cut: addresses(&module, &graph, &cut_then),
                stats,
            })
        }
    };
    Ok(ShakenModule {
        symbol_graph: symbol_graph(
            linked,
            &live,
            &root_nodes,
            tables.iter().map(|(_, records)| records),
        ),
        module: bytes,
        stats,
        after_snapshot,
        table_names: tables
            .iter()
            .map(|(table, records)| {
                let names = records.kept(&table.keep).map(|(name, _)| name.clone()).collect();
                (table.symbol.clone(), names)
            })
            .collect(),
    })
}

/// Lists the names in a record table, in the table's order; `keep` plays no part.
///
/// # Errors
/// As [`shake`].
pub fn table_names(module: &[u8], table: &RecordTable) -> Result<Vec<String>, Error> {
    let module = parse(module)?;
    let linking = linking(&module)?;
    let graph = graph(&module, &linking)?;
    let records = records(&module, &linking, &graph, table)?;
    Ok(records.records.into_iter().map(|(name, _)| name).collect())
}

/// The plan's exports must be there: a name that is misspelled would drop nothing.
fn check_exports(module: &Module<'_>, plan: &ShakePlan) -> Result<(), Error> {
    let fail = |name: &str, problem: &str| {
        Err(Error::Export {
            name: name.to_owned(),
            problem: problem.to_owned(),
        })
    };
    let find = |name: &String| module.exports.iter().find(|export| export.name == name);
    if let Some(name) = plan.drop_exports.iter().find(|name| find(name).is_none()) {
        return fail(name, "does not exist, so it cannot be dropped");
    }
    let Some(snapshot) = &plan.snapshot else {
        return Ok(());
    };
    if let Some(name) = snapshot.only_before.iter().find(|name| find(name).is_none()) {
        return fail(name, "does not exist, so it cannot be dropped after the snapshot");
    }
    let entry = &snapshot.entry;
    if plan.drop_exports.contains(entry) || snapshot.only_before.contains(entry) {
        return fail(entry, "is the entry after the snapshot and cannot be dropped");
    }
    match find(entry).map(|export| export.kind) {
        Some(ExternalKind::Func | ExternalKind::FuncExact) => Ok(()),
        Some(_) => fail(
            entry,
            "is not a function, so it cannot be the entry after the snapshot",
        ),
        None => fail(
            entry,
            "does not exist, so it cannot be the entry after the snapshot",
        ),
    }
}

/// Element segments are split, which is only safe where no two of them write the same slot.
fn check_elements(module: &Module<'_>) -> Result<(), Error> {
    let mut slots: Vec<(u64, u64)> = module
        .elements
        .iter()
        .filter_map(|element| {
            element
                .slot
                .map(|slot| (u64::from(slot), u64::from(slot) + element.functions.len() as u64))
        })
        .collect();
    slots.sort_unstable();
    match slots.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        true => Err(Error::Unsupported(
            "two element segments write the same table slot".to_owned(),
        )),
        false => Ok(()),
    }
}

fn find_tables<'p>(
    module: &Module<'_>,
    linking: &Linking<'_>,
    graph: &Graph,
    plan: &'p ShakePlan,
) -> Result<Vec<(&'p RecordTable, Records)>, Error> {
    let mut tables: Vec<(&RecordTable, Records)> = Vec::new();
    for table in &plan.tables {
        let fail = |problem: String| {
            Err(Error::Table {
                table: table.symbol.clone(),
                problem,
            })
        };
        let records = records(module, linking, graph, table)?;
        if tables.iter().any(|(_, other)| other.range == records.range) {
            return fail("is named twice".to_owned());
        }
        let unknown = records.unknown(&table.keep);
        if !unknown.is_empty() {
            return fail(format!("has no record named {}", unknown.join(", ")));
        }
        tables.push((table, records));
    }
    Ok(tables)
}

/// Where ranges of data stand in memory.
fn addresses(module: &Module<'_>, graph: &Graph, ranges: &[u32]) -> Vec<Range<u32>> {
    let address = |&range: &u32| {
        let range = graph.ranges[range as usize];
        let start = u32::try_from(module.data[range.segment as usize].address?).ok()?;
        Some(start.checked_add(range.start)?..start.checked_add(range.end)?)
    };
    ranges.iter().filter_map(address).collect()
}

/// The ranges of the data symbols that are emptied.
fn find_cut(linking: &Linking<'_>, graph: &Graph, names: &BTreeSet<String>) -> Result<Vec<u32>, Error> {
    names
        .iter()
        .map(|name| match graph.symbol(linking.find(name)?) {
            Some(Node::Data(range)) => Ok(range),
            _ => Err(Error::SymbolName {
                name: name.clone(),
                problem: "is not data, so it cannot be cut".to_owned(),
            }),
        })
        .collect()
}

fn write(
    module: &Module<'_>,
    graph: &Graph,
    live: &LiveSet,
    is_dropped: &dyn Fn(&str) -> bool,
    tables: &[(&RecordTable, Records)],
    cut: &[u32],
) -> (Vec<u8>, ShakeStats) {
    let (elements, live_slots) = rewrite::elements(module, live);
    let (mut data, live_data) = rewrite::data(module, graph, live);
    let base = module
        .section(SECTION_DATA)
        .map_or(0, |section| section.range.start);
    for (table, records) in tables
        .iter()
        .filter(|(_, records)| live.ranges[records.range as usize])
    {
        let start =
            module.data[records.bytes.segment as usize].range.start - base + records.bytes.start as usize;
        let bytes = records.compacted(module, &table.keep);
        data[start..start + bytes.len()].copy_from_slice(&bytes);
    }
    for &range in cut {
        let range = graph.ranges[range as usize];
        let start = module.data[range.segment as usize].range.start - base;
        data[start + range.start as usize..start + range.end as usize].fill(0);
    }
    let mut output = Output::new();
    for section in &module.sections {
        match section.id {
            SECTION_CODE => output.section(&rewrite::code(module, &live.functions)),
            SECTION_ELEMENT => output.section(&elements),
            SECTION_DATA => output.section(&RawSection {
                id: SECTION_DATA,
                data: &data,
            }),
            SECTION_EXPORT => output.section(&rewrite::exports(module, is_dropped)),
            _ if section.name.is_some_and(describes_the_link) => continue,
            _ => output.section(&module.raw(section)),
        };
    }
    let stats = stats(module, live, live_slots, live_data);
    (output.finish(), stats)
}

/// Sections whose offsets are stale after the rewrite.
pub(crate) fn describes_the_link(name: &str) -> bool {
    name == "linking" || name.starts_with("reloc.") || name.starts_with(".debug_")
}
