//! Rewrites the sections of a module without the parts that do not live.
//!
//! Nothing moves: a dead function keeps its index and becomes `unreachable`,
//! dead data becomes zeros, dead table slots are left out of the element
//! segments. An optimizer then drops all three.

use wasm_encoder::{CodeSection, ConstExpr, ElementSection, Elements, ExportSection};

use crate::graph::{Graph, merge};
use crate::mark::LiveSet;
use crate::parse::{Module, SECTION_DATA};

/// No locals, `unreachable`, `end`.
const DEAD_BODY: [u8; 3] = [0, 0x00, 0x0b];

/// The code section with dead bodies replaced; `live` says of each function whether it lives.
pub(crate) fn code(module: &Module<'_>, live: &[bool]) -> CodeSection {
    let mut section = CodeSection::new();
    for (function, body) in (module.imported_functions as usize..).zip(&module.bodies) {
        section.raw(if live[function] {
            body.as_bytes()
        } else {
            &DEAD_BODY
        });
    }
    section
}

/// The element section with the slots of dead functions left out, and the number of slots that stay.
///
/// Segments keep their index, since code may name them: the first run of live
/// slots takes the place of its segment, the other runs come after all segments.
pub(crate) fn elements(module: &Module<'_>, live: &LiveSet) -> (ElementSection, usize) {
    let mut section = ElementSection::new();
    let mut after = Vec::new();
    let mut slots = 0;
    for element in &module.elements {
        let Some(first) = element.slot else {
            slots += if element.declared {
                0
            } else {
                element.functions.len()
            };
            section.raw(element.bytes);
            continue;
        };
        let mut at = first;
        let mut runs = Vec::new();
        for run in element
            .functions
            .chunk_by(|a, b| live.slots[*a as usize] == live.slots[*b as usize])
        {
            if live.slots[run[0] as usize] {
                runs.push((at, run));
                slots += run.len();
            }
            at = at.wrapping_add(run.len() as u32);
        }
        let mut runs = runs.into_iter();
        let (at, run) = runs.next().unwrap_or((first, &[]));
        active(&mut section, at, run);
        after.extend(runs);
    }
    for (at, run) in after {
        active(&mut section, at, run);
    }
    (section, slots)
}

/// Adds a segment that fills the slots from `at` on.
pub(crate) fn active(section: &mut ElementSection, at: u32, functions: &[u32]) {
    section.active(
        None,
        &ConstExpr::i32_const(at as i32),
        Elements::Functions(functions.into()),
    );
}

/// The data section's content with dead bytes zeroed, and the number of bytes that live.
pub(crate) fn data(module: &Module<'_>, graph: &Graph, live: &LiveSet) -> (Vec<u8>, usize) {
    let Some(section) = module.section(SECTION_DATA) else {
        return (Vec::new(), 0);
    };
    let base = section.range.start;
    let mut bytes = module.bytes[section.range.clone()].to_vec();
    let mut dead_bytes = 0;
    for (segment, data) in module.data.iter().enumerate() {
        if live.segments[segment] {
            continue;
        }
        let owners = graph.segment_ranges(segment as u32);
        let alive = owners
            .filter(|&index| live.ranges[index])
            .map(|index| &graph.ranges[index]);
        let alive = merge(alive.map(|range| range.start..range.end));
        let mut alive = alive.iter().peekable();
        for owned in graph.merged(segment as u32) {
            let mut from = owned.start;
            while from < owned.end {
                let next = alive.next_if(|range| range.start < owned.end);
                let to = next.map_or(owned.end, |range| range.start);
                let start = data.range.start - base;
                bytes[start + from as usize..start + to as usize].fill(0);
                dead_bytes += (to - from) as usize;
                from = next.map_or(owned.end, |range| range.end);
            }
        }
    }
    let all: usize = module.data.iter().map(|data| data.range.len()).sum();
    (bytes, all - dead_bytes)
}

/// The export section without the exports that `drop` picks.
pub(crate) fn exports(module: &Module<'_>, drop: impl Fn(&str) -> bool) -> ExportSection {
    let mut section = ExportSection::new();
    for export in &module.exports {
        if !drop(export.name) {
            section.export(export.name, export.kind.into(), export.index);
        }
    }
    section
}
