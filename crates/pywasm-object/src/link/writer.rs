//! Writes the body of a function, constant by constant, and notes what those constants stand for.

use wasmparser::RelocationType;

use crate::link::addresses::Edge;
use crate::link::bindings::Address;

const I32_CONST: u8 = 0x41;

/// The body of a function, without its size.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) edges: Vec<Edge>,
}

/// What relocations tell of a function.
#[derive(Clone, Copy, Default)]
pub(crate) struct KnownRelocations {
    pub(crate) memory: bool,
    pub(crate) table: bool,
}

/// Writes a body.
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
    edges: Vec<Edge>,
    known: KnownRelocations,
}

impl Writer {
    pub(crate) fn new(known: KnownRelocations) -> Self {
        Self {
            bytes: Vec::new(),
            edges: Vec::new(),
            known,
        }
    }

    /// A constant that is counted from the start of the module's memory or table.
    pub(crate) fn relative(&mut self, address: &Address) {
        self.constant(
            address,
            RelocationType::MemoryAddrRelSleb,
            RelocationType::TableIndexRelSleb,
        );
    }

    /// A constant of the linked module.
    pub(crate) fn absolute(&mut self, address: &Address) {
        self.constant(
            address,
            RelocationType::MemoryAddrSleb,
            RelocationType::TableIndexSleb,
        );
    }

    pub(crate) fn memory_base(&mut self, address: &Address) {
        match self.known.memory {
            true => self.bare(address),
            // Each function says once that it may use any of the module's data.
            false => {
                self.known.memory = true;
                self.absolute(address);
            }
        }
    }

    pub(crate) fn table_base(&mut self, address: &Address, is_slot: bool) {
        match self.known.table || is_slot {
            true => self.bare(address),
            false => {
                self.known.table = true;
                self.absolute(address);
            }
        }
    }

    fn bare(&mut self, address: &Address) {
        self.bytes.push(I32_CONST);
        padded(&mut self.bytes, address.value as i32);
    }

    fn constant(&mut self, address: &Address, data: RelocationType, slot: RelocationType) {
        let at = self.bytes.len() as u32 + 1;
        self.bare(address);
        let kind = if address.is_slot { slot } else { data };
        self.edges.extend(address.symbols.iter().map(|&symbol| Edge {
            at,
            kind,
            symbol,
            addend: 0,
        }));
    }

    pub(crate) fn finish(self) -> Body {
        Body {
            bytes: self.bytes,
            edges: self.edges,
        }
    }
}

/// A signed LEB128 in the five bytes that a relocation applies to.
fn padded(bytes: &mut Vec<u8>, value: i32) {
    bytes.extend([0, 7, 14, 21].map(|shift| (value >> shift & 0x7f) as u8 | 0x80));
    bytes.push((value >> 28 & 0x7f) as u8);
}
