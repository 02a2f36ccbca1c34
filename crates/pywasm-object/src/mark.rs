//! In: the graph and the roots. Out: which functions, data and table slots live.
//!
//! A function lives if live code calls it, or if its address is taken by live
//! code or data *and* live code calls through the table with its type. Data
//! lives if live code or data refers to its symbol.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{ExternalKind, SymbolFlags};

use crate::graph::{DataRange, Graph, Node};
use crate::linking::{Linking, Target};
use crate::parse::{Module, SECTION_CODE, constant};
use crate::scan::scan;
use crate::{Error, ShakePlan};

/// What lives.
pub(crate) struct Live {
    /// Functions whose code is needed.
    pub(crate) functions: Vec<bool>,
    /// Functions whose table slot is needed.
    pub(crate) slots: Vec<bool>,
    /// Ranges of data, as in [`Graph::ranges`].
    pub(crate) ranges: Vec<bool>,
    /// Segments that are needed whole.
    pub(crate) segments: Vec<bool>,
}

/// For a range that is a compacted table: the records that stay. What the others refer to is not followed.
pub(crate) type Kept = BTreeMap<u32, Vec<Range<u32>>>;

/// Walks the graph from the roots.
pub(crate) fn mark(
    module: &Module<'_>,
    linking: &Linking<'_>,
    graph: &Graph,
    plan: &ShakePlan,
    kept: &Kept,
) -> Result<Live, Error> {
    let mut walk = Walk::new(module, graph, linking, kept);
    walk.add_roots(linking, plan)?;
    while let Some(node) = walk.pending.pop() {
        walk.visit(node)?;
    }
    Ok(walk.finish())
}

struct Walk<'a, 'm> {
    module: &'a Module<'m>,
    graph: &'a Graph,
    kept: &'a Kept,
    /// Functions that the linker wrote, and that may hold addresses without relocations.
    linker_made: BTreeSet<u32>,
    pending: Vec<Node>,
    functions: Vec<bool>,
    taken: Vec<bool>,
    ranges: Vec<bool>,
    segments: Vec<bool>,
    /// Classes of the types that live code calls through the table.
    called: BTreeSet<u32>,
    /// The functions of each class whose address is taken.
    waiting: BTreeMap<u32, Vec<u32>>,
    /// Others than `call_indirect` may reach what is in the table.
    table_is_open: bool,
}

impl<'a, 'm> Walk<'a, 'm> {
    fn new(module: &'a Module<'m>, graph: &'a Graph, linking: &Linking<'_>, kept: &'a Kept) -> Self {
        let linker_made = linking
            .symbols
            .iter()
            .filter(|symbol| symbol.name.starts_with("__wasm_"));
        let functions = module.function_types.len();
        Self {
            module,
            graph,
            kept,
            linker_made: linker_made
                .filter_map(|symbol| match symbol.target {
                    Target::Function(function) => Some(function),
                    _ => None,
                })
                .collect(),
            pending: Vec::new(),
            functions: vec![false; functions],
            taken: vec![false; functions],
            ranges: vec![false; graph.ranges.len()],
            segments: vec![false; module.data.len()],
            called: BTreeSet::new(),
            waiting: BTreeMap::new(),
            table_is_open: false,
        }
    }

    fn add_roots(&mut self, linking: &Linking<'_>, plan: &ShakePlan) -> Result<(), Error> {
        let exported = self.add_exports(plan)?;
        self.pending.extend(self.module.start.map(Node::Function));
        self.pending.extend(
            self.module
                .constant_functions
                .iter()
                .map(|&index| Node::Function(index)),
        );
        for (index, symbol) in linking.symbols.iter().enumerate() {
            // The linker keeps exported functions by this flag too; the plan's word on exports goes first.
            let dropped =
                matches!(symbol.target, Target::Function(function) if exported.is_dropped(function));
            if symbol.flags.contains(SymbolFlags::NO_STRIP) && !dropped {
                self.pending.extend(self.graph.symbol(index));
            }
        }
        for &constructor in &linking.constructors {
            self.pending.extend(self.graph.symbol(constructor as usize));
        }
        for name in &plan.keep {
            self.pending.extend(self.graph.symbol(linking.find(name)?));
        }
        for segment in 0..self.module.data.len() as u32 {
            self.pending
                .extend(self.graph.unowned_edges(segment).iter().map(|edge| edge.to));
        }
        for element in &self.module.elements {
            // Only plain active segments are split; the others stay, and with them all they name.
            if element.slot.is_none() {
                self.pending
                    .extend(element.functions.iter().map(|&function| Node::Function(function)));
            }
        }
        if self.module.table_imported || !self.module.types_are_plain || self.module.table_count > 1 {
            self.open_table();
        }
        Ok(())
    }

    fn add_exports(&mut self, plan: &ShakePlan) -> Result<Exported, Error> {
        let mut exported = Exported::default();
        for name in &plan.drop_exports {
            if !self.module.exports.iter().any(|export| export.name == name) {
                return Err(Error::Export {
                    name: name.clone(),
                    problem: "is not there to drop".to_owned(),
                });
            }
        }
        for export in &self.module.exports {
            let drop = plan.drop_exports.contains(export.name);
            match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact => {
                    if drop {
                        exported.dropped.insert(export.index);
                    } else {
                        exported.kept.insert(export.index);
                        self.pending.push(Node::Function(export.index));
                    }
                }
                ExternalKind::Table if !drop => self.open_table(),
                // An exported data symbol is a global that holds its address, without a relocation.
                ExternalKind::Global if !drop => {
                    let init = self
                        .module
                        .globals
                        .get(export.index as usize)
                        .and_then(|global| global.init.as_ref());
                    if let Some(address) = init.map(constant).transpose().map_err(Error::Invalid)?.flatten() {
                        self.add_address(address);
                    }
                }
                _ => {}
            }
        }
        Ok(exported)
    }

    fn visit(&mut self, node: Node) -> Result<(), Error> {
        match node {
            Node::Function(function) => self.visit_function(function)?,
            Node::Address(function) => self.visit_address(function),
            Node::Data(range) => self.visit_range(range),
            Node::Segment(segment) => {
                if let Some(seen) = self.segments.get_mut(segment as usize)
                    && !std::mem::replace(seen, true)
                {
                    let end = self.module.data[segment as usize].range.len() as u32;
                    let whole = DataRange {
                        segment,
                        start: 0,
                        end,
                    };
                    self.pending
                        .extend(self.graph.data_edges(whole).map(|edge| edge.to));
                }
            }
        }
        Ok(())
    }

    fn visit_function(&mut self, function: u32) -> Result<(), Error> {
        match self.functions.get_mut(function as usize) {
            Some(seen) if !*seen => *seen = true,
            _ => return Ok(()),
        }
        let Some(body) = self.module.body(function) else {
            return Ok(());
        };
        let base = self
            .module
            .section(SECTION_CODE)
            .map_or(0, |section| section.range.start);
        let (start, end) = (body.range().start - base, body.range().end - base);
        let edges = self.graph.code_edges(start as u32..end as u32);
        self.pending.extend(edges.iter().map(|edge| edge.to));
        let scan = scan(body)?;
        self.pending
            .extend(scan.functions.iter().map(|&function| Node::Function(function)));
        for ty in scan.indirect_types {
            let class = self
                .module
                .type_classes
                .get(ty as usize)
                .copied()
                .unwrap_or(u32::MAX);
            if self.called.insert(class) {
                let waiting = self.waiting.get(&class).cloned().unwrap_or_default();
                self.pending.extend(waiting.into_iter().map(Node::Function));
            }
        }
        if scan.reads_table {
            self.open_table();
        }
        if edges.is_empty() && self.linker_made.contains(&function) {
            for address in scan.constants {
                self.add_address(address);
            }
        }
        Ok(())
    }

    fn visit_address(&mut self, function: u32) {
        match self.taken.get_mut(function as usize) {
            Some(seen) if !*seen => *seen = true,
            _ => return,
        }
        let class = self.class(function);
        self.waiting.entry(class).or_default().push(function);
        if self.called.contains(&class) {
            self.pending.push(Node::Function(function));
        }
    }

    fn visit_range(&mut self, range: u32) {
        let Some(seen) = self.ranges.get_mut(range as usize) else {
            return;
        };
        if std::mem::replace(seen, true) {
            return;
        }
        let bytes = self.graph.ranges[range as usize];
        match self.kept.get(&range) {
            None => self
                .pending
                .extend(self.graph.data_edges(bytes).map(|edge| edge.to)),
            Some(records) => {
                for record in records {
                    let record = DataRange {
                        start: record.start,
                        end: record.end,
                        ..bytes
                    };
                    self.pending
                        .extend(self.graph.data_edges(record).map(|edge| edge.to));
                }
            }
        }
    }

    /// Whatever symbols own the byte at an address live.
    fn add_address(&mut self, address: u64) {
        for (segment, data) in self.module.data.iter().enumerate() {
            let offset = data.address.and_then(|start| address.checked_sub(start));
            if let Some(offset) = offset.filter(|&offset| offset < data.range.len() as u64) {
                let ranges = self.graph.ranges_at(segment as u32, offset as u32);
                self.pending.extend(ranges.into_iter().map(Node::Data));
            }
        }
    }

    /// From now on each function in the table counts as called.
    fn open_table(&mut self) {
        if std::mem::replace(&mut self.table_is_open, true) {
            return;
        }
        for element in &self.module.elements {
            self.pending
                .extend(element.functions.iter().map(|&function| Node::Function(function)));
        }
    }

    fn class(&self, function: u32) -> u32 {
        let ty = self
            .module
            .function_types
            .get(function as usize)
            .copied()
            .unwrap_or(u32::MAX);
        self.module
            .type_classes
            .get(ty as usize)
            .copied()
            .unwrap_or(u32::MAX)
    }

    fn finish(self) -> Live {
        let slots = (0..self.taken.len() as u32)
            .map(|function| {
                self.table_is_open
                    || self.taken[function as usize] && self.called.contains(&self.class(function))
            })
            .collect();
        Live {
            functions: self.functions,
            slots,
            ranges: self.ranges,
            segments: self.segments,
        }
    }
}

/// Functions that an export names.
#[derive(Default)]
struct Exported {
    kept: BTreeSet<u32>,
    dropped: BTreeSet<u32>,
}

impl Exported {
    fn is_dropped(&self, function: u32) -> bool {
        self.dropped.contains(&function) && !self.kept.contains(&function)
    }
}
