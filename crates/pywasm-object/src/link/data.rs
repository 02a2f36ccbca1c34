//! Writes the data of a shared module as segments of the linked module, with the addresses that a
//! dynamic linker would have stored.

use std::collections::BTreeSet;

use wasmparser::RelocationType;

use crate::link::LinkError;
use crate::link::addresses::{Addresses, Edge};
use crate::link::bindings::Address;
use crate::link::evaluate::Evaluation;
use crate::link::layout::ModulePlace;
use crate::link::side::Side;
use crate::linking::DATA_RELOCATIONS;
use crate::parse::SECTION_DATA;

/// A data segment of the linked module.
pub(crate) struct Segment {
    pub(crate) name: String,
    pub(crate) address: u32,
    pub(crate) bytes: Vec<u8>,
    /// Relocations of its bytes.
    pub(crate) edges: Vec<Edge>,
}

/// The data segments of one module.
pub(crate) fn segments(
    side: &Side<'_>,
    place: &ModulePlace,
    evaluated: &Evaluation,
    addresses: &Addresses<'_, '_>,
) -> Result<Vec<Segment>, LinkError> {
    let mut segments: Vec<Segment> = Vec::new();
    for segment in &side.segments {
        segments.push(Segment {
            name: format!("{}:data", side.name),
            address: place.memory.wrapping_add(segment.offset),
            bytes: side.module.bytes[segment.range.clone()].to_vec(),
            edges: Vec::new(),
        });
    }
    let known = add_relocations(side, addresses, &mut segments)?;
    for &(offset, value) in &evaluated.stores {
        let Some((index, at)) = side.segment_at(offset) else {
            continue;
        };
        let address = addresses.address(value);
        let segment = &mut segments[index];
        segment.bytes[at..at + 4].copy_from_slice(&address.value.to_le_bytes());
        if !known.contains(&(index, at)) {
            segment.edges.extend(edges(at, &address));
        }
    }
    Ok(segments)
}

/// Adds the relocations that the module itself has for its data. Gives the places.
fn add_relocations(
    side: &Side<'_>,
    addresses: &Addresses<'_, '_>,
    segments: &mut [Segment],
) -> Result<BTreeSet<(usize, usize)>, LinkError> {
    let mut known = BTreeSet::new();
    let section = side.module.section(SECTION_DATA);
    let base = section.map_or(0, |section| section.range.start);
    for entry in side.linking.iter().flat_map(|linking| &linking.data) {
        let fail = |problem| addresses.relocation_error(DATA_RELOCATIONS, entry, problem);
        let start = base + entry.offset as usize;
        let index = side
            .segments
            .partition_point(|segment| segment.range.start <= start);
        let Some(index) = index
            .checked_sub(1)
            .filter(|&index| side.segments[index].range.end >= start + 4)
        else {
            return Err(fail("is not within a data segment"));
        };
        let at = start - side.segments[index].range.start;
        let address = addresses.datum(entry).map_err(fail)?;
        segments[index].edges.extend(edges(at, &address));
        known.insert((index, at));
    }
    Ok(known)
}

/// The relocations of four bytes that hold an address.
pub(crate) fn edges(at: usize, address: &Address) -> impl Iterator<Item = Edge> + '_ {
    let kind = match address.is_slot {
        true => RelocationType::TableIndexI32,
        false => RelocationType::MemoryAddrI32,
    };
    address.symbols.iter().map(move |&symbol| Edge {
        at: at as u32,
        kind,
        symbol,
        addend: 0,
    })
}
