//! Finds where marking starts in a linked module.
//!
//! Some roots hold as long as the module runs: what the host can reach, and
//! what no edge of the graph leads to although it stays in the module. Others
//! matter at the start alone: constructors, and what the compiler was instructed to
//! keep without a use that the linker could see.

use std::collections::BTreeSet;

use wasmparser::{ExternalKind, SymbolFlags};

use crate::graph::{Graph, Node};
use crate::linking::{Linking, Target};
use crate::parse::{Module, constant};
use crate::{Error, ShakePlan};

/// Where a walk starts.
#[derive(Default)]
pub(crate) struct Roots {
    pub(crate) nodes: Vec<Node>,
    /// Others than `call_indirect` may reach what is in the table.
    pub(crate) table_is_open: bool,
}

/// Roots of a run from its very start.
pub(crate) fn start_roots(
    module: &Module<'_>,
    linking: &Linking<'_>,
    graph: &Graph,
    plan: &ShakePlan,
) -> Result<Roots, Error> {
    let is_dropped = |name: &str| plan.drop_exports.contains(name);
    let mut roots = lasting_roots(module, linking, graph, plan, is_dropped)?;
    let exported = ExportedFunctions::new(module, is_dropped);
    // The linker keeps exported functions by this flag too; the plan's word on exports goes first.
    let flagged = no_strip(linking, graph)
        .filter(|node| !matches!(node, Node::Function(function) if exported.is_dropped(*function)));
    roots.nodes.extend(flagged);
    for &constructor in &linking.constructors {
        roots.nodes.extend(graph.symbol(constructor as usize));
    }
    Ok(roots)
}

/// Roots of every part of a run; exports that `is_dropped` picks are none.
pub(crate) fn lasting_roots(
    module: &Module<'_>,
    linking: &Linking<'_>,
    graph: &Graph,
    plan: &ShakePlan,
    is_dropped: impl Fn(&str) -> bool,
) -> Result<Roots, Error> {
    let mut roots = Roots::default();
    roots.add_exports(module, graph, is_dropped)?;
    let functions = module.start.iter().chain(&module.constant_functions);
    roots
        .nodes
        .extend(functions.map(|&function| Node::Function(function)));
    for name in &plan.keep {
        roots.nodes.extend(graph.symbol(linking.find(name)?));
    }
    for segment in 0..module.data.len() as u32 {
        roots
            .nodes
            .extend(graph.unowned_edges(segment).iter().map(|edge| edge.to));
    }
    // Only plain active segments are split; the others stay, and with them all they name.
    for element in module.elements.iter().filter(|element| element.slot.is_none()) {
        roots
            .nodes
            .extend(element.functions.iter().map(|&function| Node::Function(function)));
    }
    roots.table_is_open |= module.table_imported || !module.types_are_plain || module.table_count > 1;
    Ok(roots)
}

/// What the compiler was instructed to keep.
pub(crate) fn no_strip<'a>(linking: &'a Linking<'_>, graph: &'a Graph) -> impl Iterator<Item = Node> + 'a {
    let symbols = linking.symbols.iter().enumerate();
    symbols
        .filter(|(_, symbol)| symbol.flags.contains(SymbolFlags::NO_STRIP))
        .filter_map(|(index, _)| graph.symbol(index))
}

/// Functions that the linker wrote, and that may hold addresses without relocations.
pub(crate) fn linker_made(linking: &Linking<'_>) -> BTreeSet<u32> {
    let symbols = linking
        .symbols
        .iter()
        .filter(|symbol| symbol.name.starts_with("__wasm_"));
    symbols
        .filter_map(|symbol| match symbol.target {
            Target::Function(function) => Some(function),
            _ => None,
        })
        .collect()
}

impl Roots {
    fn add_exports(
        &mut self,
        module: &Module<'_>,
        graph: &Graph,
        is_dropped: impl Fn(&str) -> bool,
    ) -> Result<(), Error> {
        for export in module.exports.iter().filter(|export| !is_dropped(export.name)) {
            match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact => {
                    self.nodes.push(Node::Function(export.index));
                }
                ExternalKind::Table => self.table_is_open = true,
                // An exported data symbol is a global that holds its address, without a relocation.
                ExternalKind::Global => {
                    let global = module.globals.get(export.index as usize);
                    let init = global.and_then(|global| global.init.as_ref());
                    if let Some(address) = init.map(constant).transpose().map_err(Error::Invalid)?.flatten() {
                        self.nodes.extend(at_address(module, graph, address));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whatever data owns the byte at an address.
pub(crate) fn at_address(module: &Module<'_>, graph: &Graph, address: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (segment, data) in module.data.iter().enumerate() {
        let offset = data.address.and_then(|start| address.checked_sub(start));
        if let Some(offset) = offset.filter(|&offset| offset < data.range.len() as u64) {
            let ranges = graph.ranges_at(segment as u32, offset as u32);
            nodes.extend(ranges.into_iter().map(Node::Data));
        }
    }
    nodes
}

/// Functions that an export names.
#[derive(Default)]
struct ExportedFunctions {
    kept: BTreeSet<u32>,
    dropped: BTreeSet<u32>,
}

impl ExportedFunctions {
    fn new(module: &Module<'_>, is_dropped: impl Fn(&str) -> bool) -> Self {
        let mut exported = Self::default();
        for export in &module.exports {
            if let ExternalKind::Func | ExternalKind::FuncExact = export.kind {
                let names = match is_dropped(export.name) {
                    true => &mut exported.dropped,
                    false => &mut exported.kept,
                };
                names.insert(export.index);
            }
        }
        exported
    }

    fn is_dropped(&self, function: u32) -> bool {
        self.dropped.contains(&function) && !self.kept.contains(&function)
    }
}
