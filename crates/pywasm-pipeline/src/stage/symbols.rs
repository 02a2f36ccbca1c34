//! Writes what stripping and shaking know of the module's parts into the symbol file, with source
//! files, and with who keeps what. It is not a stage, since no byte of the module changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
};

use pywasm_object::{SymbolFile, SymbolGraph};
use pywasm_resolve::ModuleGraph;
use pywasm_size::{Imports, SourceMap, annotate};

use super::{settle::Settled, shake::ShakenModule};
use crate::{Error, context::Context};

pub(crate) fn run(
    context: &Context<'_>,
    mut symbols: SymbolFile,
    shaken: &ShakenModule,
    settled: &Settled,
) -> Result<SymbolFile, Error> {
    let graph = &settled.resolution.graph;
    let path = context.base.source_map();
    let source_map = match fs::read(&path) {
        Ok(json) => Some(SourceMap::parse(&json).map_err(io::Error::other)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(error)),
    };
    let source_map = source_map
        .transpose()
        .map_err(|error| Error::io("read", &path, error))?;
    let symbol_graph: SymbolGraph = serde_json::from_slice(&shaken.symbol_graph)
        .map_err(|error| Error::io("read", std::path::Path::new("the cache's entry"), error.into()))?;
    annotate(&mut symbols, &symbol_graph, source_map.as_ref(), &imports(graph));
    if let Some(started) = &settled.snapshot {
        let heap = started.heap(&import_order(graph)).map_err(io::Error::other);
        symbols.heap = heap.map_err(|error| Error::io("read", &context.base.wasm(), error))?;
        symbols.way_back = started.way_back();
    }
    Ok(symbols)
}

/// The imports of the graph. An import without which the importer goes on counts too: it is why
/// the module is there.
fn imports(graph: &ModuleGraph) -> Imports<'_> {
    let modules: BTreeMap<&str, Vec<&str>> = graph
        .modules
        .values()
        .map(|module| {
            let targets = module.imports.iter().map(|edge| edge.target.as_str());
            (module.name.as_str(), targets.collect())
        })
        .collect();
    Imports {
        roots: graph.roots.iter().map(|edge| edge.target.as_str()).collect(),
        modules,
    }
}

/// The modules, each behind what it imports.
fn import_order(graph: &ModuleGraph) -> Vec<&str> {
    let mut order = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    // A module, and how many of its imports have been looked at.
    let mut open: Vec<(&str, usize)> = Vec::new();
    for root in &graph.roots {
        if seen.insert(&root.target) {
            open.push((&root.target, 0));
        }
        while let Some((name, at)) = open.last_mut() {
            let import = graph
                .modules
                .get(*name)
                .and_then(|module| module.imports.get(*at));
            *at += 1;
            match import {
                Some(import) if seen.insert(&import.target) => open.push((&import.target, 0)),
                Some(_) => {}
                None => {
                    order.push(*name);
                    open.pop();
                }
            }
        }
    }
    order
}
