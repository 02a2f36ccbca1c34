//! Adds source files and dominators to a symbol file, from the graph of the linked module, the
//! base's source map and the imports of Python modules.
//!
//! All of these form one graph: Python modules import Python modules, a builtin module refers to its
//! init function, and functions and data refer to functions and data. The keeper of a part is its
//! immediate dominator in that graph: the last item that every path to the part goes through.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::{
    algo::dominators::simple_fast,
    graph::{DiGraph, NodeIndex},
    visit::Dfs,
};
use pywasm_object::{FunctionSymbol, Other, OtherKind, Symbol, SymbolFile, SymbolGraph};

use crate::source_map::SourceMap;

/// Python modules and their imports.
#[derive(Clone, Debug, Default)]
pub struct Imports<'a> {
    /// Modules that do not need an importer.
    pub roots: Vec<&'a str>,
    /// What each module imports.
    pub modules: BTreeMap<&'a str, Vec<&'a str>>,
}

/// The linker's name for texts that several files share.
const STRINGS: &str = "strings";
/// The file name for what is linked into a base: extension modules.
const EXTENSION: &str = "extension";

/// Binaryen's prefix for the common body of several functions.
const SHARED: &str = "byn$mgfn-shared$";

/// Adds files, data symbols and keepers to `symbols`.
pub fn annotate(
    symbols: &mut SymbolFile,
    symbol_graph: &SymbolGraph,
    source_map: Option<&SourceMap>,
    imports: &Imports<'_>,
) {
    let places = place_data(symbols, symbol_graph);
    symbols.symbols = places.iter().map(|place| place.symbol.clone()).collect();
    let dominators = Dominators::new(symbol_graph, imports);
    assign_keepers(symbols, symbol_graph, imports, &places, &dominators);
    symbols.program = Some(symbol_graph.program.clone());
    symbols.state.clone_from(&symbol_graph.zeros);
    if let Some(source_map) = source_map {
        add_files(symbols, symbol_graph, source_map);
    }
}

/// A data symbol that has bytes in the module.
struct PlacedSymbol {
    /// Its number in the graph.
    part: u32,
    symbol: Symbol,
}

/// Finds the data symbols that have bytes in the module, without overlaps. Overlapping bytes belong
/// to the earlier symbol; of two symbols that start together, to the longer one.
fn place_data(symbols: &SymbolFile, symbol_graph: &SymbolGraph) -> Vec<PlacedSymbol> {
    let mut segments: Vec<(u64, u64)> = symbols
        .data
        .iter()
        .filter_map(|data| Some((data.offset?, data.offset?.saturating_add(data.size))))
        .collect();
    segments.sort_unstable();
    let mut order: Vec<usize> = (0..symbol_graph.data.len()).collect();
    order.sort_by_key(|&index| {
        let data = &symbol_graph.data[index];
        (data.address, u64::MAX - data.size)
    });
    let (mut places, mut free) = (Vec::new(), 0);
    for index in order {
        let data = &symbol_graph.data[index];
        let (start, end) = (data.address.max(free), data.address.saturating_add(data.size));
        let after = segments.partition_point(|&(_, segment_end)| segment_end <= start);
        let has_bytes = segments
            .get(after)
            .is_some_and(|&(segment_start, _)| segment_start < end);
        if start < end && has_bytes {
            // The compiler's names for texts have no meaning.
            let name = Some(&data.name).filter(|name| !name.is_empty() && !name.starts_with(".L.str"));
            places.push(PlacedSymbol {
                part: (symbol_graph.functions.len() + index) as u32,
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

/// The immediate dominators. Node 0 is the program, followed by the graph's parts and the modules.
struct Dominators {
    /// The dominator of each node; 0 if the program itself keeps it.
    nodes: Vec<u32>,
}

impl Dominators {
    fn new(symbol_graph: &SymbolGraph, imports: &Imports<'_>) -> Self {
        let parts = symbol_graph.functions.len() + symbol_graph.data.len();
        let modules: BTreeMap<&str, u32> = imports.modules.keys().copied().zip(1 + parts as u32..).collect();
        let count = 1 + parts + modules.len();
        let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(count, count * 8);
        for _ in 0..count {
            graph.add_node(());
        }
        let node = |number: u32| NodeIndex::new(number as usize);
        let is_node = |number: &u32| (*number as usize) < count;
        let edges = collect_edges(symbol_graph, imports, &modules);
        for (from, to) in edges.iter().filter(|(from, to)| is_node(from) && is_node(to)) {
            graph.add_edge(node(*from), node(*to), ());
        }
        // The program keeps what lives for a reason that is not an edge, such as a type.
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
        let nodes = (0..count).map(|number| {
            let keeper = dominators.immediate_dominator(NodeIndex::new(number));
            keeper.map_or(0, |keeper| keeper.index() as u32)
        });
        Self {
            nodes: nodes.collect(),
        }
    }
}

/// Collects the edges between the nodes of [`Dominators`]. `modules` has the nodes of Python modules.
fn collect_edges(
    symbol_graph: &SymbolGraph,
    imports: &Imports<'_>,
    modules: &BTreeMap<&str, u32>,
) -> Vec<(u32, u32)> {
    let mut edges: Vec<(u32, u32)> = Vec::new();
    edges.extend(symbol_graph.roots.iter().map(|part| (0, part + 1)));
    // The init functions of all extension modules are in one list, so its edges mean nothing.
    let mut inits: BTreeMap<u32, u32> = BTreeMap::new();
    for (part, function) in (0..).zip(&symbol_graph.functions) {
        if let Some((module, init)) = function.name.split_once(':')
            && init.starts_with("PyInit_")
            && let Some(module) = modules.get(module)
        {
            inits.insert(part, *module);
        }
    }
    edges.extend(inits.iter().map(|(part, module)| (*module, part + 1)));
    for (from, to) in (1..).zip(&symbol_graph.edges) {
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
    for (name, targets) in &symbol_graph.records {
        // The interpreter itself starts a record without a module.
        let from = modules.get(name.as_str()).copied().unwrap_or(0);
        edges.extend(targets.iter().map(|part| (from, part + 1)));
    }
    edges
}

/// Assigns each part its keeper, in the numbering of the symbol file.
fn assign_keepers(
    symbols: &mut SymbolFile,
    symbol_graph: &SymbolGraph,
    imports: &Imports<'_>,
    places: &[PlacedSymbol],
    dominators: &Dominators,
) {
    // Maps nodes to numbers of the symbol file.
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    let node_of = function_nodes(symbols, symbol_graph);
    for (number, node) in (0..).zip(&node_of) {
        if let Some(node) = node {
            numbers.entry(*node).or_insert(number);
        }
    }
    let functions = symbols.functions.len() as u32;
    for (number, place) in (functions..).zip(places) {
        numbers.insert(place.part + 1, number);
    }
    let parts = symbol_graph.functions.len() + symbol_graph.data.len();
    let first_module = 1 + parts as u32;
    let mut others: BTreeSet<u32> = (first_module..dominators.nodes.len() as u32).collect();
    for start in numbers.keys().copied().chain(others.clone()) {
        let mut node = dominators.nodes[start as usize];
        while node != 0 && !numbers.contains_key(&node) && others.insert(node) {
            node = dominators.nodes[node as usize];
        }
    }
    let first_other = functions + places.len() as u32;
    numbers.extend(others.iter().copied().zip(first_other..));
    let keeper = |node: u32| {
        numbers
            .get(dominators.nodes.get(node as usize).unwrap_or(&0))
            .copied()
    };
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
            let (name, kind) = describe_node(node, symbol_graph, &modules);
            Other {
                name: name.to_owned(),
                kind,
                keeper: keeper(node),
            }
        })
        .collect();
}

/// Returns the name and kind of a node that is not the program.
fn describe_node<'a>(node: u32, symbol_graph: &'a SymbolGraph, modules: &[&'a str]) -> (&'a str, OtherKind) {
    let part = node as usize - 1;
    let data = part.wrapping_sub(symbol_graph.functions.len());
    if let Some(function) = symbol_graph.functions.get(part) {
        (function.name.as_str(), OtherKind::Function)
    } else if let Some(data) = symbol_graph.data.get(data) {
        (data.name.as_str(), OtherKind::Data)
    } else {
        let parts = symbol_graph.functions.len() + symbol_graph.data.len();
        let name = modules.get(part - parts).copied().unwrap_or_default();
        (name, OtherKind::Module)
    }
}

/// Finds the node of each function of the module.
fn function_nodes(symbols: &SymbolFile, symbol_graph: &SymbolGraph) -> Vec<Option<u32>> {
    let nodes = || symbol_graph.functions.iter().zip(1..);
    // Without Binaryen, the functions keep their indices.
    if symbols.functions.len() == symbol_graph.function_count as usize {
        let by_index: BTreeMap<u32, u32> = nodes().map(|(part, node)| (part.index, node)).collect();
        let node = |function: &FunctionSymbol| by_index.get(&function.index).copied();
        return symbols.functions.iter().map(node).collect();
    }
    let by_name: BTreeMap<&str, u32> = nodes().map(|(part, node)| (part.name.as_str(), node)).collect();
    let node = |function: &FunctionSymbol| {
        let name = function.name.as_deref()?;
        by_name.get(name.strip_prefix(SHARED).unwrap_or(name)).copied()
    };
    symbols.functions.iter().map(node).collect()
}

/// Adds the source files of functions and data.
fn add_files(symbols: &mut SymbolFile, symbol_graph: &SymbolGraph, source_map: &SourceMap) {
    let mut files: Vec<String> = source_map.files().to_vec();
    let extension = files.len() as u32;
    files.push(EXTENSION.to_owned());
    let strings = files
        .iter()
        .position(|file| file == STRINGS)
        .map(|file| file as u32);
    for (index, node) in function_nodes(symbols, symbol_graph).into_iter().enumerate() {
        let part = node.and_then(|node| symbol_graph.functions.get(node as usize - 1));
        let ordinal = part.and_then(|part| part.index.checked_sub(symbol_graph.imported_functions));
        let file = ordinal.map(|ordinal| source_map.function(ordinal).unwrap_or(extension));
        symbols.functions[index].file = file;
    }
    for symbol in &mut symbols.symbols {
        symbol.file = Some(source_map.data(symbol.address).unwrap_or(extension));
    }
    if let Some(strings) = strings {
        add_text_files(symbols, strings);
    }
    drop_unused_files(symbols, &files, source_map);
}

/// Gives each shared text, which has no file of its own, the file of its keeper.
fn add_text_files(symbols: &mut SymbolFile, strings: u32) {
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
        if symbol.file == Some(strings)
            && let Some(file) = symbol.keeper.and_then(|keeper| file_of(symbols, keeper))
        {
            symbols.symbols[index].file = Some(file);
        }
    }
}

/// Lists only the files that are used, and renumbers them.
fn drop_unused_files(symbols: &mut SymbolFile, files: &[String], source_map: &SourceMap) {
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
    symbols.builtins = source_map
        .builtins()
        .map(|(name, files)| {
            let files: Vec<u32> = files.iter().filter_map(|file| new.get(file).copied()).collect();
            (name.clone(), files)
        })
        .filter(|(_, files)| !files.is_empty())
        .collect();
    symbols.files = used.iter().map(|&file| files[file as usize].clone()).collect();
}
