//! Marks the functions, data and table slots that live, along the graph and from the roots.
//!
//! A function lives if live code calls it, or if its address is taken by live
//! code or data *and* live code calls through the table with its type. Data
//! lives if live code or data refers to its symbol.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::Error;
use crate::graph::{DataRange, Graph, Node};
use crate::linking::Linking;
use crate::parse::{Module, SECTION_CODE};
use crate::roots::{Roots, at_address, linker_made};
use crate::scan::scan;

/// A linked module taken apart.
#[derive(Clone, Copy)]
pub(crate) struct LinkedModule<'a, 'm> {
    pub(crate) module: &'a Module<'m>,
    pub(crate) linking: &'a Linking<'m>,
    pub(crate) graph: &'a Graph,
    pub(crate) kept: &'a KeptRecords,
}

/// For a range that is a compacted table: the records that stay. What the others refer to is not followed.
pub(crate) type KeptRecords = BTreeMap<u32, Vec<Range<u32>>>;

/// What lives.
pub(crate) struct LiveSet {
    /// Functions whose code is needed.
    pub(crate) functions: Vec<bool>,
    /// Functions whose address is taken.
    pub(crate) taken: Vec<bool>,
    /// Functions whose table slot is needed.
    pub(crate) slots: Vec<bool>,
    /// Ranges of data, as in [`Graph::ranges`].
    pub(crate) ranges: Vec<bool>,
    /// Segments that are needed whole.
    pub(crate) segments: Vec<bool>,
}

/// Walks the graph from the roots.
pub(crate) fn mark(linked: LinkedModule<'_, '_>, roots: Roots) -> Result<LiveSet, Error> {
    let mut walk = Walk::new(linked);
    walk.pending = roots.nodes;
    if roots.table_is_open {
        walk.open_table();
    }
    while let Some(node) = walk.pending.pop() {
        walk.visit(node)?;
    }
    Ok(walk.finish())
}

struct Walk<'a, 'm> {
    module: &'a Module<'m>,
    graph: &'a Graph,
    kept: &'a KeptRecords,
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
    table_is_open: bool,
}

impl<'a, 'm> Walk<'a, 'm> {
    fn new(linked: LinkedModule<'a, 'm>) -> Self {
        let functions = linked.module.function_types.len();
        Self {
            module: linked.module,
            graph: linked.graph,
            kept: linked.kept,
            linker_made: linker_made(linked.linking),
            pending: Vec::new(),
            functions: vec![false; functions],
            taken: vec![false; functions],
            ranges: vec![false; linked.graph.ranges.len()],
            segments: vec![false; linked.module.data.len()],
            called: BTreeSet::new(),
            waiting: BTreeMap::new(),
            table_is_open: false,
        }
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
                self.pending.extend(at_address(self.module, self.graph, address));
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

    fn finish(self) -> LiveSet {
        let slots = (0..self.taken.len() as u32)
            .map(|function| {
                self.table_is_open
                    || self.taken[function as usize] && self.called.contains(&self.class(function))
            })
            .collect();
        LiveSet {
            functions: self.functions,
            taken: self.taken,
            slots,
            ranges: self.ranges,
            segments: self.segments,
        }
    }
}
