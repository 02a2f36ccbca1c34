//! In: a module linked with `--emit-relocs`, and what of it is needed. Out:
//! the same module with everything else turned into zeros and `unreachable`.
//!
//! This is the table of contents: parse, read the symbols, build the graph,
//! mark from the roots, rewrite.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use wasm_encoder::{Module as Output, RawSection};

use crate::graph::{Graph, Node, graph};
use crate::linking::{Linking, linking};
use crate::mark::{Kept, Live, mark};
use crate::parse::{Module, SECTION_CODE, SECTION_DATA, SECTION_ELEMENT, SECTION_EXPORT, parse};
use crate::table::{Records, records};
use crate::validate::validated;
use crate::{Error, rewrite};

/// Changes when [`shake`] gives another module for the same input; for the keys of caches.
pub const SHAKE_VERSION: u32 = 1;

/// What to keep of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShakePlan {
    /// Exports to take out. Each other export is kept, and all that it needs.
    pub drop_exports: BTreeSet<String>,
    /// Symbols to keep besides the exports.
    pub keep: BTreeSet<String>,
    /// Data symbols to empty: their bytes become zeros, and what they refer to is not followed. For
    /// tables of functions whose users know that there may be none.
    pub cut: BTreeSet<String>,
    /// Tables to take records out of.
    pub tables: Vec<RecordTable>,
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
pub struct Shaken {
    /// The module, without `linking`, `reloc.*` and debug sections.
    pub module: Vec<u8>,
    /// How much of it lives.
    pub stats: ShakeStats,
    /// For each table of the plan, by symbol, the names that stay, in the table's order.
    pub table_names: BTreeMap<String, Vec<String>>,
}

/// How much of a module lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShakeStats {
    /// Functions, imported ones included.
    pub functions: Share,
    /// Bytes of function bodies.
    pub code_bytes: Share,
    /// Bytes of data segments; bytes that no symbol owns count as live.
    pub data_bytes: Share,
    /// Entries of element segments.
    pub table_slots: Share,
}

/// A part and its whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// What lives.
    pub live: u64,
    /// What there was.
    pub total: u64,
}

/// Takes out of a linked module what its exports and the plan do not need.
///
/// # Errors
/// The module is not valid, not linked with `--emit-relocs`, or holds a
/// relocation that cannot be followed; the plan names an export, a symbol or a
/// record that is not there.
pub fn shake(module: &[u8], plan: &ShakePlan) -> Result<Shaken, Error> {
    let module = parse(module)?;
    check_elements(&module)?;
    let linking = linking(&module)?;
    let graph = graph(&module, &linking)?;
    let tables = find_tables(&module, &linking, &graph, plan)?;
    let cut = find_cut(&linking, &graph, plan)?;
    let mut kept: Kept = tables
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
    let live = mark(&module, &linking, &graph, plan, &kept)?;
    let (bytes, stats) = write(&module, &graph, &live, plan, &tables, &cut);
    Ok(Shaken {
        module: validated("shake", bytes)?,
        stats,
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

/// The ranges of data that the plan empties.
fn find_cut(linking: &Linking<'_>, graph: &Graph, plan: &ShakePlan) -> Result<Vec<u32>, Error> {
    plan.cut
        .iter()
        .map(|name| match graph.symbol(linking.find(name)?) {
            Some(Node::Data(range)) => Ok(range),
            _ => Err(Error::SymbolName {
                name: name.clone(),
                problem: "is no data that could be cut".to_owned(),
            }),
        })
        .collect()
}

fn write(
    module: &Module<'_>,
    graph: &Graph,
    live: &Live,
    plan: &ShakePlan,
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
        let content = &module.bytes[section.range.clone()];
        match section.id {
            SECTION_CODE => output.section(&rewrite::code(module, live)),
            SECTION_ELEMENT => output.section(&elements),
            SECTION_DATA => output.section(&RawSection {
                id: SECTION_DATA,
                data: &data,
            }),
            SECTION_EXPORT => {
                output.section(&rewrite::exports(module, |name| plan.drop_exports.contains(name)))
            }
            _ if section.name.is_some_and(describes_the_link) => continue,
            id => output.section(&RawSection { id, data: content }),
        };
    }
    let stats = stats(module, live, live_slots, live_data);
    (output.finish(), stats)
}

/// Sections whose offsets are stale after the rewrite.
fn describes_the_link(name: &str) -> bool {
    name == "linking" || name.starts_with("reloc.") || name.starts_with(".debug_")
}

fn stats(module: &Module<'_>, live: &Live, live_slots: usize, live_data: usize) -> ShakeStats {
    let share = |live: usize, total: usize| Share {
        live: live as u64,
        total: total as u64,
    };
    let sizes = || module.bodies.iter().map(|body| body.range().len());
    let defined = live.functions.iter().skip(module.imported_functions as usize);
    let live_code = sizes()
        .zip(defined)
        .filter_map(|(size, &lives)| lives.then_some(size))
        .sum();
    ShakeStats {
        functions: share(
            live.functions.iter().filter(|&&lives| lives).count(),
            live.functions.len(),
        ),
        code_bytes: share(live_code, sizes().sum()),
        data_bytes: share(live_data, module.data.iter().map(|data| data.range.len()).sum()),
        table_slots: share(
            live_slots,
            module
                .elements
                .iter()
                .filter(|element| !element.declared)
                .map(|element| element.functions.len())
                .sum(),
        ),
    }
}
