//! Writes the sections of the linked module: those of the base with the new parts after them, and
//! where in them those parts are.
//!
//! What the base has keeps its bytes, since its relocations apply to them.

use wasm_encoder::{ConstExpr, Encode};
use wasmparser::{BinaryReader, Operator, RelocationEntry};

use crate::link::LinkError;
use crate::link::addresses::Edge;
use crate::link::base::Base;
use crate::link::data::Segment;
use crate::link::lists::Patch;
use crate::link::writer::Body;
use crate::parse::{Module, SECTION_CODE, SECTION_DATA};

/// Linker-made function of the base that calls all constructors.
const CONSTRUCTORS: &str = "__wasm_call_ctors";
const CALL: u8 = 0x10;

/// The content of a section, and the relocations that apply to it.
pub(crate) struct RelocatedSection {
    pub(crate) content: Vec<u8>,
    pub(crate) entries: Vec<RelocationEntry>,
}

/// The content of a section that is a list, with more items after it.
pub(crate) fn appended(module: &Module<'_>, id: u8, count: usize, items: &[u8]) -> Vec<u8> {
    let list = List::new(module, id);
    let mut content = Vec::new();
    (list.count + count as u32).encode(&mut content);
    content.extend_from_slice(list.items);
    content.extend_from_slice(items);
    content
}

/// A section that is a list.
struct List<'a> {
    count: u32,
    items: &'a [u8],
    /// Where the section and the items start in the module's bytes.
    section: usize,
    start: usize,
}

impl<'a> List<'a> {
    fn new(module: &Module<'a>, id: u8) -> Self {
        let empty = Self {
            count: 0,
            items: &[],
            section: 0,
            start: 0,
        };
        let Some(section) = module.section(id) else {
            return empty;
        };
        let content = &module.bytes[section.range.clone()];
        let mut reader = BinaryReader::new(content, 0);
        // The module is valid, so the count is there.
        let Ok(count) = reader.read_var_u32() else {
            return empty;
        };
        let at = reader.original_position();
        Self {
            count,
            items: &content[at..],
            section: section.range.start,
            start: section.range.start + at,
        }
    }
}

/// The code section: the base's functions, of which one also calls `start`, then `bodies`.
pub(crate) fn code(base: &Base<'_>, bodies: &[Body], start: &[u32]) -> Result<RelocatedSection, LinkError> {
    let module = &base.module;
    let list = List::new(module, SECTION_CODE);
    let mut content = Vec::new();
    (list.count + bodies.len() as u32).encode(&mut content);
    // What comes before a place in the base's bytes, and how far it moves.
    let mut moves = vec![(0, content.len() as i64 - list.start as i64)];
    let end = list.start + list.items.len();
    match start {
        [] => content.extend_from_slice(list.items),
        start => {
            let function = constructors(base)?;
            let index = (function - module.imported_functions) as usize;
            let old = module.bodies[index].range();
            let before = index
                .checked_sub(1)
                .map_or(list.start, |index| module.bodies[index].range().end);
            let mut body = module.bytes[old.start..old.end - 1].to_vec();
            for function in start {
                body.push(CALL);
                function.encode(&mut body);
            }
            body.extend_from_slice(&module.bytes[old.end - 1..old.end]);
            content.extend_from_slice(&module.bytes[list.start..before]);
            body.len().encode(&mut content);
            moves.push((old.start, content.len() as i64 - old.start as i64));
            content.extend(body);
            moves.push((old.end, content.len() as i64 - old.end as i64));
            content.extend_from_slice(&module.bytes[old.end..end]);
        }
    }
    let mut entries = moved(&base.linking.code, list.section, &moves);
    for body in bodies {
        body.bytes.len().encode(&mut content);
        entries.extend(placed(&body.edges, content.len()));
        content.extend_from_slice(&body.bytes);
    }
    Ok(RelocatedSection { content, entries })
}

/// The base's function that calls its constructors; it must be of the kind that a call can be added to.
fn constructors(base: &Base<'_>) -> Result<u32, LinkError> {
    let lacks = |problem: &str| {
        LinkError::BaseLacks(format!(
            "it {problem} `{CONSTRUCTORS}`, which modules with constructors need"
        ))
    };
    let function = *base
        .functions
        .get(CONSTRUCTORS)
        .ok_or_else(|| lacks("has no function"))?;
    let body = base.module.body(function).ok_or_else(|| lacks("imports"))?;
    let operators = body.get_operators_reader().map_err(|_| lacks("cannot read"))?;
    let is_plain = |operator: wasmparser::Result<Operator<'_>>| {
        matches!(
            operator,
            Ok(Operator::Call { .. } | Operator::Drop | Operator::Nop | Operator::End)
        )
    };
    let ty = base.function_type(function);
    let is_procedure = ty.is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty());
    match is_procedure && operators.into_iter().all(is_plain) {
        true => Ok(function),
        false => Err(lacks("does more than calls in")),
    }
}

/// The data section: the base's with its patches, then `segments`.
pub(crate) fn data(base: &Base<'_>, segments: &[Segment], patches: &[Patch]) -> RelocatedSection {
    let list = List::new(&base.module, SECTION_DATA);
    let mut content = Vec::new();
    (list.count + segments.len() as u32).encode(&mut content);
    let move_by = content.len() as i64 - list.start as i64;
    content.extend_from_slice(list.items);
    let mut entries = moved(&base.linking.data, list.section, &[(0, move_by)]);
    for patch in patches {
        let at = (patch.position as i64 + move_by) as usize;
        content[at..at + patch.bytes.len()].copy_from_slice(&patch.bytes);
        let edge = Edge {
            at: 0,
            kind: wasmparser::RelocationType::MemoryAddrI32,
            symbol: patch.symbol,
            addend: 0,
        };
        entries.extend(placed(&[edge], at));
    }
    for segment in segments {
        // Active, in memory 0.
        content.push(0);
        ConstExpr::i32_const(segment.address as i32).encode(&mut content);
        segment.bytes.len().encode(&mut content);
        entries.extend(placed(&segment.edges, content.len()));
        content.extend_from_slice(&segment.bytes);
    }
    entries.sort_by_key(|entry| entry.offset);
    RelocatedSection { content, entries }
}

/// The base's relocations where they are now. Each move is a place in the base's bytes, and how much
/// is to be added to places from there on to give an offset in the new section.
///
/// The moves are in the order of their places.
pub(crate) fn moved(
    entries: &[RelocationEntry],
    section: usize,
    moves: &[(usize, i64)],
) -> Vec<RelocationEntry> {
    let entries = entries.iter().map(|entry| {
        let position = section + entry.offset as usize;
        let after = moves.partition_point(|(from, _)| *from <= position);
        let by = after.checked_sub(1).map_or(0, |last| moves[last].1);
        RelocationEntry {
            offset: (position as i64 + by) as u32,
            ..*entry
        }
    });
    entries.collect()
}

fn placed(edges: &[Edge], start: usize) -> impl Iterator<Item = RelocationEntry> + '_ {
    edges.iter().map(move |edge| RelocationEntry {
        ty: edge.kind,
        offset: start as u32 + edge.at,
        index: edge.symbol,
        addend: i64::from(edge.addend),
    })
}
