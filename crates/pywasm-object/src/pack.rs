//! Packs a module's initial memory into other data segments, without changing the memory.
//!
//! Each data segment costs about 8 bytes for its address and size, and these
//! bytes compress badly; zeros between two segments cost a byte each, and
//! compress well. So short runs of zeros are better kept inside a segment.
//! Binaryen splits at about 8 zeros, which is best for the plain size. On an
//! interpreter of 2.8 MB, splitting at 24 instead made the module 1.3 % larger
//! and its Brotli form 3.5 % smaller, with a fifth of the segments.

use wasm_encoder::{ConstExpr, DataCountSection, DataSection, Module as Output};

use crate::Error;
use crate::memory::{PAGE, memory_error, own_memory};
use crate::parse::{Module, SECTION_DATA, SECTION_DATA_COUNT, parse};
use crate::runs::runs;
use crate::scan::scan;
use crate::validate::check_output;

/// Writes the data segments again: they hold no run of more than `zeros` zeros,
/// and no two of them are closer together than that.
///
/// # Errors
/// The module is not valid, or its data segments are more than the initial
/// contents of a memory of its own.
pub fn pack(module: &[u8], zeros: usize) -> Result<Vec<u8>, Error> {
    let module = parse(module)?;
    let blocks = blocks(&module, zeros as u64)?;
    let mut section = DataSection::new();
    for (address, bytes) in &blocks {
        for run in runs(bytes, zeros) {
            let address = ConstExpr::i32_const((*address as u32).wrapping_add(run.start as u32) as i32);
            section.active(0, &address, bytes[run].iter().copied());
        }
    }
    let mut output = Output::new();
    for part in &module.sections {
        match part.id {
            SECTION_DATA => output.section(&section),
            SECTION_DATA_COUNT => output.section(&DataCountSection { count: section.len() }),
            _ => output.section(&module.raw(part)),
        };
    }
    check_output("pack", output.finish())
}

/// The initial memory as blocks of bytes by address; blocks are more than `zeros` apart.
fn blocks(module: &Module<'_>, zeros: u64) -> Result<Vec<(u64, Vec<u8>)>, Error> {
    if module.data.is_empty() {
        return Ok(Vec::new());
    }
    let size = own_memory(module)?.initial.saturating_mul(PAGE);
    for body in &module.bodies {
        if scan(body)?.names_data {
            return Err(Error::Unsupported(
                "code that names data segments by their index".to_owned(),
            ));
        }
    }
    let mut places = Vec::new();
    for (segment, data) in module.data.iter().enumerate() {
        let address = data
            .address
            .ok_or_else(|| memory_error("has data at an address that is not constant"))?;
        let end = address.saturating_add(data.range.len() as u64);
        if end > size {
            return Err(memory_error("is smaller than its initial data"));
        }
        places.push((address, end, segment));
    }
    let mut by_address = places.clone();
    by_address.sort_unstable();
    let mut spans: Vec<(u64, u64)> = Vec::new();
    for (address, end, _) in by_address {
        match spans.last_mut() {
            Some(last) if address <= last.1.saturating_add(zeros) => last.1 = last.1.max(end),
            _ => spans.push((address, end)),
        }
    }
    let mut blocks: Vec<(u64, Vec<u8>)> = spans
        .iter()
        .map(|(start, end)| (*start, vec![0; (end - start) as usize]))
        .collect();
    // Segments are applied in the module's order; a later one may write over an earlier one.
    for (address, end, segment) in places {
        let block = blocks.partition_point(|(start, _)| *start <= address) - 1;
        let (start, bytes) = &mut blocks[block];
        bytes[(address - *start) as usize..(end - *start) as usize]
            .copy_from_slice(module.data_bytes(segment));
    }
    Ok(blocks)
}
