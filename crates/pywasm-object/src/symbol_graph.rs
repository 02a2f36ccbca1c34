//! Lists the living parts of a linked module and what each refers to. It is plain data that answers
//! who keeps what when the relocations are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::graph::{DataRange, Node};
use crate::mark::{LinkedModule, LiveSet};
use crate::names::function_names;
use crate::parse::SECTION_CODE;
use crate::table::Records;

/// The living parts of a linked module. A part's number is its place in `functions`, or after
/// all functions its place in `data`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SymbolGraph {
    /// How many functions the linked module has, imported and dead ones included.
    pub function_count: u32,
    /// How many of them it imports.
    pub imported_functions: u32,
    /// The functions that live, by index.
    pub functions: Vec<FunctionPart>,
    /// The data that lives, by address; ranges may overlap.
    pub data: Vec<DataPart>,
    /// For each part, the parts that it refers to.
    pub edges: Vec<Vec<u32>>,
    /// The parts that are there for the host, or that the compiler was instructed to keep.
    pub roots: Vec<u32>,
    /// For each record of the plan's tables, by its name, what it refers to. The tables' own
    /// edges do not have these.
    pub records: BTreeMap<String, Vec<u32>>,
    /// Where all data of the linked module stands.
    pub program: Range<u64>,
    /// Where its zeros stand.
    pub zeros: Option<Range<u64>>,
}

/// A function that lives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionPart {
    /// Its index in the linked module.
    pub index: u32,
    /// The name that tells it from all others after Binaryen.
    pub name: String,
}

/// Data that lives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataPart {
    /// Its address.
    pub address: u64,
    /// Its bytes.
    pub size: u64,
    /// The first of its names.
    pub name: String,
}

/// Takes the living parts of a module apart.
pub(crate) fn symbol_graph<'r>(
    linked: LinkedModule<'_, '_>,
    live: &LiveSet,
    roots: &[Node],
    tables: impl Iterator<Item = &'r Records> + Clone,
) -> SymbolGraph {
    let (module, graph) = (linked.module, linked.graph);
    let mut numbers = Numbers::default();
    let mut symbol_graph = SymbolGraph {
        function_count: module.function_count(),
        imported_functions: module.imported_functions,
        ..SymbolGraph::default()
    };
    let names = unique_names(module.custom("name").map_or(&[][..], |section| section.custom));
    for index in (0..module.function_count()).filter(|&index| live.functions[index as usize]) {
        numbers
            .functions
            .insert(index, symbol_graph.functions.len() as u32);
        symbol_graph.functions.push(FunctionPart {
            index,
            name: names.get(&index).cloned().unwrap_or_default(),
        });
    }
    let mut range_names: BTreeMap<u32, &str> = BTreeMap::new();
    for (index, symbol) in linked.linking.symbols.iter().enumerate() {
        if let Some(Node::Data(range)) = graph.symbol(index) {
            range_names.entry(range).or_insert(symbol.name);
        }
    }
    let mut sources = Vec::new();
    for (index, range) in (0..).zip(&graph.ranges) {
        let start = module.data[range.segment as usize].address;
        let Some(start) = start.filter(|_| live.ranges[index as usize]) else {
            continue;
        };
        let number = (symbol_graph.functions.len() + symbol_graph.data.len()) as u32;
        numbers.data.insert(index, number);
        sources.push((index, *range));
        symbol_graph.data.push(DataPart {
            address: start.saturating_add(u64::from(range.start)),
            size: u64::from(range.end - range.start),
            name: range_names.get(&index).copied().unwrap_or_default().to_owned(),
        });
    }
    let base = module
        .section(SECTION_CODE)
        .map_or(0, |section| section.range.start);
    for function in &symbol_graph.functions {
        let body = module.body(function.index).map_or(0..0, |body| {
            let range = body.range();
            (range.start - base) as u32..(range.end - base) as u32
        });
        let edges = graph.code_edges(body).iter().map(|edge| edge.to);
        symbol_graph.edges.push(numbers.of_living(edges));
    }
    let of_data = |range: DataRange| graph.data_edges(range).map(|edge| edge.to);
    for (index, range) in sources {
        let is_table = linked.kept.contains_key(&index);
        let edges = (!is_table).then(|| numbers.of_living(of_data(range)));
        symbol_graph.edges.push(edges.unwrap_or_default());
    }
    for table in tables {
        let kept = linked.kept.get(&table.range).map_or(&[][..], Vec::as_slice);
        for (name, record) in table.records.iter().filter(|(_, record)| kept.contains(record)) {
            let record = DataRange {
                start: record.start,
                end: record.end,
                ..table.bytes
            };
            symbol_graph
                .records
                .entry(name.clone())
                .or_default()
                .extend(numbers.of_living(of_data(record)));
        }
    }
    symbol_graph.roots = numbers.of_living(roots.iter().copied());
    symbol_graph.program = extent(module.data.iter().map(|data| (data.address, data.range.len())));
    symbol_graph.zeros = linked
        .linking
        .segment_names
        .iter()
        .zip(&module.data)
        .find(|(name, _)| **name == ".bss")
        .map(|(_, data)| extent([(data.address, data.range.len())].into_iter()));
    symbol_graph
}

/// The numbers of parts.
#[derive(Default)]
struct Numbers {
    functions: BTreeMap<u32, u32>,
    data: BTreeMap<u32, u32>,
}

impl Numbers {
    /// What of `nodes` lives; sorted, each once. Taking an address counts as a reference.
    fn of_living(&self, nodes: impl Iterator<Item = Node>) -> Vec<u32> {
        let numbers: BTreeSet<u32> = nodes
            .filter_map(|node| match node {
                Node::Function(function) | Node::Address(function) => self.functions.get(&function),
                Node::Data(range) => self.data.get(&range),
                Node::Segment(_) => None,
            })
            .copied()
            .collect();
        numbers.into_iter().collect()
    }
}

/// From the first to the last address of some data.
fn extent(data: impl Iterator<Item = (Option<u64>, usize)>) -> Range<u64> {
    let places =
        data.filter_map(|(address, length)| Some((address?, address?.saturating_add(length as u64))));
    places
        .reduce(|all, place| (all.0.min(place.0), all.1.max(place.1)))
        .map_or(0..0, |(start, end)| start..end)
}

/// Function names as Binaryen tells them apart when it reads a module: a name that was there
/// before gets `.1`, `.2` and so on after it.
fn unique_names(section: &[u8]) -> BTreeMap<u32, String> {
    let mut used = BTreeSet::new();
    let mut next: BTreeMap<String, u32> = BTreeMap::new();
    let mut names = function_names(section);
    for name in names.values_mut() {
        if used.insert(name.clone()) {
            continue;
        }
        let number = next.entry(name.clone()).or_insert(1);
        let unique = loop {
            let unique = format!("{name}.{number}");
            *number += 1;
            if used.insert(unique.clone()) {
                break unique;
            }
        };
        *name = unique;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{NameMap, NameSection};

    #[test]
    fn names_that_are_there_twice_are_told_apart() {
        let mut map = NameMap::new();
        for (index, name) in ["a", "a.1", "a", "b", "a"].iter().enumerate() {
            map.append(index as u32, name);
        }
        let mut section = NameSection::new();
        section.functions(&map);
        let names = unique_names(&section.as_custom().data);
        let names: Vec<&str> = names.values().map(String::as_str).collect();
        assert_eq!(names, ["a", "a.1", "a.2", "b", "a.3"]);
    }
}
