//! Places bytes in a module's memory and writes their address to an exported variable.
//!
//! The bytes go after the module's initial memory and the memory's minimum
//! grows, so no address moves and no relocation is needed; `sbrk` starts from
//! the size of the memory, so the heap grows after them. The program finds
//! them through a variable `struct { uint32_t address, length; }`, whose own
//! address is the value of an exported immutable global.

use wasm_encoder::{
    ConstExpr, CustomSection, DataCountSection, DataSection, GlobalSection, MemorySection, MemoryType,
    Module as Output,
};
use wasmparser::{ExternalKind, ValType};

use crate::memory::{PAGE, check_pages, own_memory};
use crate::parse::{
    Module, SECTION_CUSTOM, SECTION_DATA, SECTION_DATA_COUNT, SECTION_EXPORT, SECTION_GLOBAL, SECTION_MEMORY,
    constant, parse,
};
use crate::scan::scan;
use crate::validate::check_output;
use crate::{Error, names, rewrite};

/// Puts `bytes` after the initial memory of `module` and stores
/// `{address, length}` (two little-endian `u32`) at the address in the exported
/// global `export`. The address is a multiple of 65,536. The export leaves.
///
/// # Errors
/// The module is not valid, has no such export or no memory of its own, or the
/// bytes do not fit below the memory's maximum.
pub fn place(module: &[u8], export: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let module = parse(module)?;
    let (global, variable) = variable(&module, export)?;
    let memory = own_memory(&module)?;
    let start = memory.initial * PAGE;
    let pages = memory.initial + (bytes.len() as u64).div_ceil(PAGE);
    check_pages(&memory, pages)?;
    if variable + 8 > start {
        return Err(export_error(export, "holds an address outside of the memory"));
    }
    let placed = Placement {
        bytes,
        start: start as u32,
        pages,
        variable: variable as u32,
        dropped_global: is_removable(&module, export, global)?.then_some(global),
    };
    check_output("place", write(&module, export, &placed))
}

struct Placement<'a> {
    bytes: &'a [u8],
    start: u32,
    /// The memory's new minimum.
    pages: u64,
    /// Address of the variable.
    variable: u32,
    /// The global that leaves with its export.
    dropped_global: Option<u32>,
}

fn export_error(name: &str, problem: &str) -> Error {
    Error::Export {
        name: name.to_owned(),
        problem: problem.to_owned(),
    }
}

/// The exported global and the address that it holds.
fn variable(module: &Module<'_>, export: &str) -> Result<(u32, u64), Error> {
    let fail = |problem| export_error(export, problem);
    let found = module.exports.iter().find(|found| found.name == export);
    let found = found.ok_or_else(|| fail("is not there"))?;
    let global = match found.kind {
        ExternalKind::Global => module.globals.get(found.index as usize),
        _ => None,
    };
    let global = global.ok_or_else(|| fail("is not a global"))?;
    if global.mutable || global.imported || global.value_type != ValType::I32 {
        return Err(fail("is not an immutable i32 global of the module itself"));
    }
    let value = global
        .init
        .as_ref()
        .map(constant)
        .transpose()
        .map_err(Error::Invalid)?
        .flatten();
    Ok((found.index, value.ok_or_else(|| fail("has no constant value"))?))
}

/// The global can go if it is the last one, so that no index changes, and nothing else uses it.
fn is_removable(module: &Module<'_>, export: &str, global: u32) -> Result<bool, Error> {
    let is_last = global as usize + 1 == module.globals.len();
    let is_exported_twice = module
        .exports
        .iter()
        .any(|other| other.kind == ExternalKind::Global && other.index == global && other.name != export);
    if !is_last || is_exported_twice || module.constant_globals.contains(&global) {
        return Ok(false);
    }
    for body in &module.bodies {
        if scan(body)?.globals.contains(&global) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn write(module: &Module<'_>, export: &str, placed: &Placement<'_>) -> Vec<u8> {
    let data = data(module, placed);
    let has_data = module.section(SECTION_DATA).is_some();
    let last_known = module
        .sections
        .iter()
        .rposition(|section| section.id != SECTION_CUSTOM);
    let mut output = Output::new();
    for (index, section) in module.sections.iter().enumerate() {
        match (section.id, placed.dropped_global) {
            (SECTION_MEMORY, _) => output.section(&memory(module, placed)),
            (SECTION_EXPORT, _) => output.section(&rewrite::exports(module, |name| name == export)),
            (SECTION_DATA_COUNT, _) => output.section(&DataCountSection { count: data.len() }),
            (SECTION_DATA, _) => output.section(&data),
            (SECTION_GLOBAL, Some(dropped)) => output.section(&globals(module, dropped)),
            (_, Some(dropped)) if section.name == Some("name") => {
                match names::without_global(section.custom, dropped) {
                    Some(names) => output.section(&CustomSection {
                        name: "name".into(),
                        data: names.into(),
                    }),
                    None => output.section(&module.raw(section)),
                }
            }
            _ => output.section(&module.raw(section)),
        };
        if !has_data && Some(index) == last_known {
            output.section(&data);
        }
    }
    output.finish()
}

fn memory(module: &Module<'_>, placed: &Placement<'_>) -> MemorySection {
    let mut section = MemorySection::new();
    section.memory(MemoryType {
        minimum: placed.pages,
        ..module.memories[0].into()
    });
    section
}

fn data(module: &Module<'_>, placed: &Placement<'_>) -> DataSection {
    let mut section = DataSection::new();
    for segment in &module.data {
        section.raw(&module.bytes[segment.encoding.clone()]);
    }
    let address = |address: u32| ConstExpr::i32_const(address as i32);
    if !placed.bytes.is_empty() {
        section.active(0, &address(placed.start), placed.bytes.iter().copied());
    }
    let mut variable = [0; 8];
    variable[..4].copy_from_slice(&placed.start.to_le_bytes());
    variable[4..].copy_from_slice(&(placed.bytes.len() as u32).to_le_bytes());
    section.active(0, &address(placed.variable), variable);
    section
}

fn globals(module: &Module<'_>, dropped: u32) -> GlobalSection {
    let mut section = GlobalSection::new();
    for (index, global) in module.globals.iter().enumerate() {
        if !global.imported && index != dropped as usize {
            section.raw(&module.bytes[global.encoding.clone()]);
        }
    }
    section
}
