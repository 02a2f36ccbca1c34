//! Builds the graph that marking walks from a module's symbols and relocations.
//!
//! Its nodes are functions, addresses of functions and ranges of data. A range
//! is the bytes of one or more symbols; ranges may overlap, since the linker
//! merges strings by their tails and C has aliases. Bytes that no symbol owns
//! (padding, assembler data) stay as they are, and so does all they refer to.

use std::ops::Range;

use wasmparser::{RelocationEntry, RelocationType};

use crate::Error;
use crate::linking::{CODE_RELOCATIONS, DATA_RELOCATIONS, Linking, Target};
use crate::parse::{Module, SECTION_CODE, SECTION_DATA};

/// What a relocation or a root leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    /// A function is called.
    Function(u32),
    /// A function's address is taken: it may be called through the table.
    Address(u32),
    /// A range of data, an index of [`Graph::ranges`].
    Data(u32),
    /// A whole data segment.
    Segment(u32),
}

/// The bytes `start..end` of a data segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DataRange {
    pub(crate) segment: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A relocation that leads somewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    /// First byte, relative to the code section or to the data segment.
    pub(crate) start: u32,
    /// After its last byte.
    pub(crate) end: u32,
    pub(crate) to: Node,
}

pub(crate) struct Graph {
    /// All ranges that symbols own, sorted.
    pub(crate) ranges: Vec<DataRange>,
    /// Edges out of code, by offset in the code section.
    code: Vec<Edge>,
    /// Edges out of data, by offset, for each segment.
    data: Vec<Vec<Edge>>,
    /// What symbols lead to, by symbol index.
    symbols: Vec<Option<Node>>,
    /// For each range, the greatest end of it and of those before it in its segment.
    reach: Vec<u32>,
}

/// Builds the graph, or refuses the first relocation that cannot be followed.
pub(crate) fn graph(module: &Module<'_>, linking: &Linking<'_>) -> Result<Graph, Error> {
    let mut graph = Graph {
        ranges: Vec::new(),
        code: Vec::new(),
        data: vec![Vec::new(); module.data.len()],
        symbols: Vec::new(),
        reach: Vec::new(),
    };
    graph.add_ranges(module, linking);
    graph.add_code_edges(module, linking)?;
    graph.add_data_edges(module, linking)?;
    Ok(graph)
}

impl Graph {
    /// Where the symbol of that index leads.
    pub(crate) fn symbol(&self, index: usize) -> Option<Node> {
        self.symbols.get(index).copied().flatten()
    }

    /// Edges out of the bytes `range` of the code section.
    pub(crate) fn code_edges(&self, range: Range<u32>) -> &[Edge] {
        let first = self.code.partition_point(|edge| edge.start < range.start);
        let last = self.code.partition_point(|edge| edge.start < range.end);
        self.code.get(first..last).unwrap_or_default()
    }

    /// Edges out of a range of data, those that only reach into it included.
    pub(crate) fn data_edges(&self, range: DataRange) -> impl Iterator<Item = &Edge> {
        let edges = self
            .data
            .get(range.segment as usize)
            .map_or(&[][..], Vec::as_slice);
        let first = edges.partition_point(|edge| edge.start.saturating_add(MAX_EXTENT) <= range.start);
        let last = edges.partition_point(|edge| edge.start < range.end);
        edges
            .get(first..last)
            .unwrap_or_default()
            .iter()
            .filter(move |edge| edge.end > range.start)
    }

    /// Edges out of the segment `segment` that start in no symbol's bytes.
    pub(crate) fn unowned_edges(&self, segment: u32) -> Vec<Edge> {
        let edges = self.data.get(segment as usize).map_or(&[][..], Vec::as_slice);
        let owned = self.merged(segment);
        let is_owned = |edge: &Edge| {
            let after = owned.partition_point(|range| range.start <= edge.start);
            after > 0 && owned[after - 1].end >= edge.end
        };
        edges.iter().filter(|edge| !is_owned(edge)).copied().collect()
    }

    /// Ranges that hold the byte at `offset` of a segment.
    pub(crate) fn ranges_at(&self, segment: u32, offset: u32) -> Vec<u32> {
        let mut index = self
            .ranges
            .partition_point(|range| (range.segment, range.start) <= (segment, offset));
        let mut found = Vec::new();
        while index > 0 && self.ranges[index - 1].segment == segment && self.reach[index - 1] > offset {
            index -= 1;
            if self.ranges[index].end > offset {
                found.push(index as u32);
            }
        }
        found
    }

    /// The bytes of a segment that symbols own, without overlaps.
    pub(crate) fn merged(&self, segment: u32) -> Vec<Range<u32>> {
        let ranges = self.segment_ranges(segment).map(|index| &self.ranges[index]);
        merge(ranges.map(|range| range.start..range.end))
    }

    /// Indices of the ranges in a segment.
    pub(crate) fn segment_ranges(&self, segment: u32) -> Range<usize> {
        let first = self.ranges.partition_point(|range| range.segment < segment);
        let last = self.ranges.partition_point(|range| range.segment <= segment);
        first..last
    }

    fn add_ranges(&mut self, module: &Module<'_>, linking: &Linking<'_>) {
        let mut starts: Vec<(u32, u32)> = Vec::new();
        for symbol in &linking.symbols {
            if let Target::Data { segment, offset, .. } = symbol.target {
                starts.push((segment, offset));
            }
        }
        starts.sort_unstable();
        starts.dedup();
        // A symbol of unknown size reaches to the next symbol, or to the segment's end.
        let end_of = |segment: u32, offset: u32, size: u32| match size {
            0 => {
                let next = starts.partition_point(|start| *start <= (segment, offset));
                match starts.get(next) {
                    Some(&(same, start)) if same == segment => start,
                    _ => module.data[segment as usize].range.len() as u32,
                }
            }
            _ => offset + size,
        };
        let range_of = |target: Target| match target {
            Target::Data {
                segment,
                offset,
                size,
            } => {
                let range = DataRange {
                    segment,
                    start: offset,
                    end: end_of(segment, offset, size),
                };
                (range.start < range.end).then_some(range)
            }
            _ => None,
        };
        self.ranges = linking
            .symbols
            .iter()
            .filter_map(|symbol| range_of(symbol.target))
            .collect();
        self.ranges.sort_unstable();
        self.ranges.dedup();
        for (index, range) in self.ranges.iter().enumerate() {
            let before = match index.checked_sub(1) {
                Some(before) if self.ranges[before].segment == range.segment => self.reach[before],
                _ => 0,
            };
            self.reach.push(before.max(range.end));
        }
        self.symbols = linking
            .symbols
            .iter()
            .map(|symbol| match symbol.target {
                Target::Function(function) => Some(Node::Function(function)),
                Target::Data { .. } => {
                    let range = range_of(symbol.target)?;
                    self.ranges
                        .binary_search(&range)
                        .ok()
                        .map(|index| Node::Data(index as u32))
                }
                // `__start_NAME` and `__stop_NAME` stand for all that is between them.
                Target::Absolute => {
                    let section = symbol
                        .name
                        .strip_prefix("__start_")
                        .or_else(|| symbol.name.strip_prefix("__stop_"))?;
                    let segment = linking.segment_names.iter().position(|name| *name == section)?;
                    (segment < module.data.len()).then_some(Node::Segment(segment as u32))
                }
                Target::Undefined | Target::Other => None,
            })
            .collect();
    }

    fn add_code_edges(&mut self, module: &Module<'_>, linking: &Linking<'_>) -> Result<(), Error> {
        let base = module
            .section(SECTION_CODE)
            .map_or(0, |section| section.range.start);
        let bodies: Vec<Range<usize>> = module
            .bodies
            .iter()
            .map(wasmparser::FunctionBody::range)
            .collect();
        for entry in &linking.code {
            let fail = |problem| relocation_error(CODE_RELOCATIONS, entry, problem);
            let (start, end) = extent(entry, base);
            let body = bodies.partition_point(|body| body.start <= start);
            if body == 0 || bodies[body - 1].end < end {
                return Err(fail("is not within a function"));
            }
            if let Some(to) = self.follow(entry).map_err(fail)? {
                self.code.push(Edge {
                    start: (start - base) as u32,
                    end: (end - base) as u32,
                    to,
                });
            }
        }
        Ok(())
    }

    fn add_data_edges(&mut self, module: &Module<'_>, linking: &Linking<'_>) -> Result<(), Error> {
        let base = module
            .section(SECTION_DATA)
            .map_or(0, |section| section.range.start);
        for entry in &linking.data {
            let fail = |problem| relocation_error(DATA_RELOCATIONS, entry, problem);
            let (start, end) = extent(entry, base);
            let after = module.data.partition_point(|data| data.range.start <= start);
            let Some(segment) = after
                .checked_sub(1)
                .filter(|&index| module.data[index].range.end >= end)
            else {
                return Err(fail("is not within a data segment"));
            };
            let first = module.data[segment].range.start;
            if let Some(to) = self.follow(entry).map_err(fail)? {
                self.data[segment].push(Edge {
                    start: (start - first) as u32,
                    end: (end - first) as u32,
                    to,
                });
            }
        }
        Ok(())
    }

    /// What a relocation leads to, by its kind.
    fn follow(&self, entry: &RelocationEntry) -> Result<Option<Node>, &'static str> {
        use RelocationType as R;
        let symbol = || match self.symbols.get(entry.index as usize) {
            Some(symbol) => Ok(*symbol),
            None => Err("names a symbol that is not there"),
        };
        match entry.ty {
            R::FunctionIndexLeb | R::FunctionIndexI32 | R::FunctionOffsetI32 | R::FunctionOffsetI64 => {
                match symbol()? {
                    Some(node @ Node::Function(_)) => Ok(Some(node)),
                    _ => Err("needs a function"),
                }
            }
            R::TableIndexSleb
            | R::TableIndexI32
            | R::TableIndexRelSleb
            | R::TableIndexSleb64
            | R::TableIndexI64
            | R::TableIndexRelSleb64 => match symbol()? {
                Some(Node::Function(function)) => Ok(Some(Node::Address(function))),
                _ => Err("needs a function"),
            },
            R::MemoryAddrLeb
            | R::MemoryAddrSleb
            | R::MemoryAddrI32
            | R::MemoryAddrRelSleb
            | R::MemoryAddrLeb64
            | R::MemoryAddrSleb64
            | R::MemoryAddrI64
            | R::MemoryAddrRelSleb64
            | R::MemoryAddrTlsSleb
            | R::MemoryAddrTlsSleb64
            | R::MemoryAddrLocrelI32 => match symbol()? {
                Some(Node::Function(_)) => Err("needs data, and names a function"),
                node => Ok(node),
            },
            // A global that stands for a symbol's address holds no relocation of its own,
            // so the symbol is followed from where the global is read.
            R::GlobalIndexLeb | R::GlobalIndexI32 => match symbol()? {
                Some(Node::Function(function)) => Ok(Some(Node::Address(function))),
                node => Ok(node),
            },
            // Its index is a type's, not a symbol's.
            R::TypeIndexLeb => Ok(None),
            R::TableNumberLeb | R::EventIndexLeb => symbol().map(|_| None),
            R::SectionOffsetI32 => Err("has no place in code or data"),
        }
    }
}

/// No relocation is longer.
const MAX_EXTENT: u32 = 10;

/// Where in the module a relocation's bytes are.
fn extent(entry: &RelocationEntry, base: usize) -> (usize, usize) {
    let start = base + entry.offset as usize;
    (start, start + entry.ty.extent())
}

fn relocation_error(section: &str, entry: &RelocationEntry, problem: &str) -> Error {
    Error::Relocation {
        section: section.to_owned(),
        offset: entry.offset,
        problem: format!("{:?} {problem}", entry.ty),
    }
}

/// Joins sorted ranges that touch or overlap.
pub(crate) fn merge(ranges: impl Iterator<Item = Range<u32>>) -> Vec<Range<u32>> {
    let mut merged: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
