//! What a module says of itself, what lived in the linked module, where that came from and which
//! Python module imports which in; a symbol file that knows areas and keepers out.
//!
//! One graph holds it all: Python modules import Python modules, a builtin module leads to its init
//! function, functions and data refer to functions and data. A part's keeper is its immediate
//! dominator in that graph: the last thing that every way to it goes through.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::{
    algo::dominators::simple_fast,
    graph::{DiGraph, NodeIndex},
    visit::Dfs,
};
use pywasm_object::{FunctionSymbol, Other, OtherKind, Symbol, SymbolFile, SymbolGraph};

use crate::areas::Areas;

/// Python modules and their imports.
#[derive(Clone, Debug, Default)]
pub struct Imports<'a> {
    /// Modules that are there without an importer.
    pub roots: Vec<&'a str>,
    /// What each module imports.
    pub modules: BTreeMap<&'a str, Vec<&'a str>>,
}

/// What the linker calls texts that equal ones share.
const STRINGS: &str = "strings";
/// The file of what is linked to a base: extension modules.
const EXTENSION: &str = "extension";

/// What Binaryen puts before the name of one of some functions whose common body it made.
const SHARED: &str = "byn$mgfn-shared$";

/// Adds files, data symbols and keepers to `symbols`.
pub fn annotate(
    symbols: &mut SymbolFile,
    anatomy: &SymbolGraph,
    areas: Option<&Areas>,
    imports: &Imports<'_>,
) {
    let places = places(symbols, anatomy);
    symbols.symbols = places.iter().map(|place| place.symbol.clone()).collect();
    let keepers = Keepers::new(anatomy, imports);
    number(symbols, anatomy, imports, &places, &keepers);
    symbols.program = Some(anatomy.program.clone());
    symbols.state.clone_from(&anatomy.zeros);
    if let Some(areas) = areas {
        add_files(symbols, anatomy, areas);
    }
}

/// A data symbol that has bytes in the module.
struct Place {
    /// Its number in the anatomy.
    part: u32,
    symbol: Symbol,
}

/// The data symbols with bytes in the module, without overlaps: the earlier one has the bytes, of
/// two that start together the longer one.
fn places(symbols: &SymbolFile, anatomy: &SymbolGraph) -> Vec<Place> {
    let mut segments: Vec<(u64, u64)> = symbols
        .data
        .iter()
        .filter_map(|data| Some((data.offset?, data.offset?.saturating_add(data.size))))
        .collect();
    segments.sort_unstable();
    let mut order: Vec<usize> = (0..anatomy.data.len()).collect();
    order.sort_by_key(|&index| {
        let data = &anatomy.data[index];
        (data.address, u64::MAX - data.size)
    });
    let (mut places, mut free) = (Vec::new(), 0);
    for index in order {
        let data = &anatomy.data[index];
        let (start, end) = (data.address.max(free), data.address.saturating_add(data.size));
        let after = segments.partition_point(|&(_, segment_end)| segment_end <= start);
        let has_bytes = segments
            .get(after)
            .is_some_and(|&(segment_start, _)| segment_start < end);
        if start < end && has_bytes {
            // What the compiler calls a text says nothing.
            let name = Some(&data.name).filter(|name| !name.is_empty() && !name.starts_with(".L.str"));
            places.push(Place {
                part: (anatomy.functions.len() + index) as u32,
                symbol: Symbol {
                    address: start,
                    size: end - start,
                    name: name.cloned(),
                    ..Symbol::default()
                },
            });
        }
        free = free.max(end);
    }
    places
}

/// The immediate dominators: node 0 is the program, then the anatomy's parts, then the modules.
struct Keepers {
    /// For each node; 0 where the program keeps it.
    of: Vec<u32>,
}

impl Keepers {
    fn new(anatomy: &SymbolGraph, imports: &Imports<'_>) -> Self {
        let parts = anatomy.functions.len() + anatomy.data.len();
        let modules: BTreeMap<&str, u32> = imports.modules.keys().copied().zip(1 + parts as u32..).collect();
        let count = 1 + parts + modules.len();
        let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(count, count * 8);
        for _ in 0..count {
            graph.add_node(());
        }
        let node = |number: u32| NodeIndex::new(number as usize);
        let mut edges: Vec<(u32, u32)> = Vec::new();
        edges.extend(anatomy.roots.iter().map(|part| (0, part + 1)));
        // The init function of an extension module stands in a list that all of them share.
        let mut inits: BTreeMap<u32, u32> = BTreeMap::new();
        for (part, function) in (0..).zip(&anatomy.functions) {
            if let Some((module, init)) = function.name.split_once(':')
                && init.starts_with("PyInit_")
                && let Some(module) = modules.get(module)
            {
                inits.insert(part, *module);
            }
        }
        edges.extend(inits.iter().map(|(part, module)| (*module, part + 1)));
        for (from, to) in (1..).zip(&anatomy.edges) {
            let to = to.iter().filter(|part| !inits.contains_key(*part));
            edges.extend(to.map(|part| (from, part + 1)));
        }
        edges.extend(
            imports
                .roots
                .iter()
                .filter_map(|name| Some((0, *modules.get(name)?))),
        );
        for (name, targets) in &imports.modules {
            let from = modules[name];
            edges.extend(
                targets
                    .iter()
                    .filter_map(|name| Some((from, *modules.get(name)?))),
            );
        }
        for (name, targets) in &anatomy.records {
            // A record without a module is one that the interpreter brings up itself.
            let from = modules.get(name.as_str()).copied().unwrap_or(0);
            edges.extend(targets.iter().map(|part| (from, part + 1)));
        }
        let known = |number: &u32| (*number as usize) < count;
        for (from, to) in edges.iter().filter(|(from, to)| known(from) && known(to)) {
            graph.add_edge(node(*from), node(*to), ());
        }
        // What lives for a reason that is no edge, such as a type, counts as the program's.
        let mut seen = Dfs::new(&graph, node(0));
        while seen.next(&graph).is_some() {}
        for number in 1..count as u32 {
            if !seen.discovered.contains(number as usize) {
                graph.add_edge(node(0), node(number), ());
                seen.move_to(node(number));
                while seen.next(&graph).is_some() {}
            }
        }
        let dominators = simple_fast(&graph, node(0));
        let of = (0..count).map(|number| {
            let keeper = dominators.immediate_dominator(NodeIndex::new(number));
            keeper.map_or(0, |keeper| keeper.index() as u32)
        });
        Self { of: of.collect() }
    }
}

/// Gives each part its keeper, in the symbol file's own numbers.
fn number(
    symbols: &mut SymbolFile,
    anatomy: &SymbolGraph,
    imports: &Imports<'_>,
    places: &[Place],
    keepers: &Keepers,
) {
    // From the keepers' nodes to the symbol file's numbers.
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    let node_of = functions_of(symbols, anatomy);
    for (number, node) in (0..).zip(&node_of) {
        if let Some(node) = node {
            numbers.entry(*node).or_insert(number);
        }
    }
    let functions = symbols.functions.len() as u32;
    for (number, place) in (functions..).zip(places) {
        numbers.insert(place.part + 1, number);
    }
    let parts = anatomy.functions.len() + anatomy.data.len();
    let first_module = 1 + parts as u32;
    let mut others: BTreeSet<u32> = (first_module..keepers.of.len() as u32).collect();
    for start in numbers.keys().copied().chain(others.clone()) {
        let mut node = keepers.of[start as usize];
        while node != 0 && !numbers.contains_key(&node) && others.insert(node) {
            node = keepers.of[node as usize];
        }
    }
    let first_other = functions + places.len() as u32;
    numbers.extend(others.iter().copied().zip(first_other..));
    let keeper = |node: u32| numbers.get(keepers.of.get(node as usize).unwrap_or(&0)).copied();
    for (function, node) in symbols.functions.iter_mut().zip(&node_of) {
        function.keeper = node.and_then(keeper);
    }
    for (symbol, place) in symbols.symbols.iter_mut().zip(places) {
        symbol.keeper = keeper(place.part + 1);
    }
    let modules: Vec<&str> = imports.modules.keys().copied().collect();
    symbols.others = others
        .iter()
        .map(|&node| {
            let part = node as usize - 1;
            let data = part.wrapping_sub(anatomy.functions.len());
            let (name, kind) = if let Some(function) = anatomy.functions.get(part) {
                (function.name.as_str(), OtherKind::Function)
            } else if let Some(data) = anatomy.data.get(data) {
                (data.name.as_str(), OtherKind::Data)
            } else {
                let name = modules.get(part - parts).copied().unwrap_or_default();
                (name, OtherKind::Module)
            };
            Other {
                name: name.to_owned(),
                kind,
                keeper: keeper(node),
            }
        })
        .collect();
}

/// For each function of the module, its node among the keepers.
fn functions_of(symbols: &SymbolFile, anatomy: &SymbolGraph) -> Vec<Option<u32>> {
    let nodes = || anatomy.functions.iter().zip(1..);
    // Without Binaryen, each function is where it was.
    if symbols.functions.len() == anatomy.function_count as usize {
        let by_index: BTreeMap<u32, u32> = nodes().map(|(part, node)| (part.index, node)).collect();
        let of = |function: &FunctionSymbol| by_index.get(&function.index).copied();
        return symbols.functions.iter().map(of).collect();
    }
    let by_name: BTreeMap<&str, u32> = nodes().map(|(part, node)| (part.name.as_str(), node)).collect();
    let of = |function: &FunctionSymbol| {
        let name = function.name.as_deref()?;
        by_name.get(name.strip_prefix(SHARED).unwrap_or(name)).copied()
    };
    symbols.functions.iter().map(of).collect()
}

fn add_files(symbols: &mut SymbolFile, anatomy: &SymbolGraph, areas: &Areas) {
    let mut files: Vec<String> = areas.files().to_vec();
    let extension = files.len() as u32;
    files.push(EXTENSION.to_owned());
    let strings = files
        .iter()
        .position(|file| file == STRINGS)
        .map(|file| file as u32);
    for (index, node) in functions_of(symbols, anatomy).into_iter().enumerate() {
        let part = node.and_then(|node| anatomy.functions.get(node as usize - 1));
        let ordinal = part.and_then(|part| part.index.checked_sub(anatomy.imported_functions));
        let file = ordinal.map(|ordinal| areas.function(ordinal).unwrap_or(extension));
        symbols.functions[index].file = file;
    }
    for symbol in &mut symbols.symbols {
        symbol.file = Some(areas.data(symbol.address).unwrap_or(extension));
    }
    // A text that equal ones share has no file of its own; if one thing keeps it, that one's file.
    let function_count = symbols.functions.len();
    let file_of = |symbols: &SymbolFile, number: u32| {
        let number = number as usize;
        match symbols.functions.get(number) {
            Some(function) => function.file,
            None => symbols
                .symbols
                .get(number - function_count)
                .and_then(|symbol| symbol.file),
        }
    };
    for index in 0..symbols.symbols.len() {
        let symbol = &symbols.symbols[index];
        if symbol.file == strings
            && let Some(file) = symbol.keeper.and_then(|keeper| file_of(symbols, keeper))
        {
            symbols.symbols[index].file = Some(file);
        }
    }
    // Only files that something names.
    let used: BTreeSet<u32> = symbols
        .functions
        .iter()
        .filter_map(|function| function.file)
        .chain(symbols.symbols.iter().filter_map(|symbol| symbol.file))
        .collect();
    let new: BTreeMap<u32, u32> = used.iter().copied().zip(0..).collect();
    let renumber = |file: &mut Option<u32>| *file = file.and_then(|file| new.get(&file).copied());
    symbols
        .functions
        .iter_mut()
        .for_each(|function| renumber(&mut function.file));
    symbols
        .symbols
        .iter_mut()
        .for_each(|symbol| renumber(&mut symbol.file));
    symbols.builtins = areas
        .builtins()
        .map(|(name, files)| {
            let files: Vec<u32> = files.iter().filter_map(|file| new.get(file).copied()).collect();
            (name.clone(), files)
        })
        .filter(|(_, files)| !files.is_empty())
        .collect();
    symbols.files = used.iter().map(|&file| files[file as usize].clone()).collect();
}
