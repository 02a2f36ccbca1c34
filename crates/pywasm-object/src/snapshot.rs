//! Gives a module the memory that its twin had at the end of a run.
//!
//! The twin is the module that `shake` gave together with this one: it has the
//! same addresses and table slots, and code for the first part of the run. All
//! data segments are replaced, since the memory has what became of them.

use std::collections::BTreeSet;
use std::ops::Range;

use wasm_encoder::{
    ConstExpr, DataCountSection, DataSection, ExportSection, MemorySection, MemoryType, Module as Output,
};
use wasmparser::ExternalKind;

use crate::memory::{PAGE, check_pages, own_memory};
use crate::parse::{
    Module, SECTION_CUSTOM, SECTION_DATA, SECTION_DATA_COUNT, SECTION_EXPORT, SECTION_MEMORY, parse,
};
use crate::pointed::find_pointed;
use crate::runs::{at_most, runs};
use crate::state::check_state;
use crate::validate::check_output;
use crate::{Error, Share};

/// Engines refuse modules with more than 100,000 data segments, and each one takes time at the start.
const MOST_SEGMENTS: usize = 10_000;

/// How a memory goes into a module.
#[derive(Clone, Copy, Debug, Default)]
pub struct Snapshot<'a> {
    /// The exported function with which the module starts from now on.
    pub from: &'a str,
    /// The name that its export gets.
    pub to: &'a str,
    /// Exports that leave.
    pub dropped: &'a [&'a str],
    /// Addresses of data that is only needed if something in the memory points to it
    /// ([`AfterSnapshot::unneeded`](crate::AfterSnapshot::unneeded)).
    pub unneeded: &'a [Range<u32>],
    /// Addresses of data that must be zeros from now on ([`AfterSnapshot::cut`](crate::AfterSnapshot::cut)).
    pub cut: &'a [Range<u32>],
    /// Runs of no more zeros than that stay inside a data segment.
    pub zeros: usize,
}

/// What [`snapshot`] gives.
#[derive(Clone, Debug)]
pub struct SnapshotModule {
    /// The module.
    pub module: Vec<u8>,
    /// Data segments that hold the memory.
    pub segments: u64,
    /// Bytes of the memory in data segments, and all bytes of the memory.
    pub bytes: Share,
    /// Bytes of unneeded data that stayed since something may point to them, and all that were named.
    pub unneeded: Share,
}

/// Gives `module` the memory `memory` to start with.
///
/// # Errors
/// The module is not valid, does not export the function, already has an export of the new name, or
/// has state that is not in its memory; the memory is not a whole number of pages, or smaller or
/// larger than the module allows; data to cut or unneeded data is outside it.
pub fn snapshot(module: &[u8], memory: &[u8], plan: &Snapshot<'_>) -> Result<SnapshotModule, Error> {
    let module = parse(module)?;
    check_state(&module, |_| true)?;
    check_memory(&module, memory)?;
    let exports = renamed(&module, plan)?;
    let unneeded = merged(plan.unneeded, memory.len())?;
    let mut memory = memory.to_vec();
    for range in merged(plan.cut, memory.len())? {
        memory[range.start as usize..range.end as usize].fill(0);
    }
    let kept = find_pointed(&memory, &unneeded);
    let mut share = Share::default();
    for (range, is_kept) in unneeded.into_iter().zip(kept) {
        let length = u64::from(range.end - range.start);
        share.total += length;
        match is_kept {
            true => share.live += length,
            false => memory[range.start as usize..range.end as usize].fill(0),
        }
    }
    let runs = at_most(runs(&memory, plan.zeros), MOST_SEGMENTS);
    let mut data = DataSection::new();
    for run in &runs {
        let address = ConstExpr::i32_const(run.start as u32 as i32);
        data.active(0, &address, memory[run.clone()].iter().copied());
    }
    Ok(SnapshotModule {
        module: check_output("snapshot", write(&module, memory.len(), &data, &exports))?,
        segments: runs.len() as u64,
        bytes: Share {
            live: runs.iter().map(|run| run.len() as u64).sum(),
            total: memory.len() as u64,
        },
        unneeded: share,
    })
}

fn snapshot_error(problem: String) -> Error {
    Error::Snapshot { problem }
}

fn check_memory(module: &Module<'_>, memory: &[u8]) -> Result<(), Error> {
    let own = own_memory(module)?;
    let length = memory.len() as u64;
    if !length.is_multiple_of(PAGE) {
        return Err(snapshot_error(format!(
            "has {length} bytes, which is no whole number of pages"
        )));
    }
    if length / PAGE < own.initial {
        return Err(snapshot_error(format!(
            "has {} pages, and the module starts with {}",
            length / PAGE,
            own.initial
        )));
    }
    check_pages(&own, length / PAGE)
}

/// Sorts ranges and joins those that overlap; ranges that only touch stay apart.
fn merged(ranges: &[Range<u32>], length: usize) -> Result<Vec<Range<u32>>, Error> {
    let mut sorted: Vec<Range<u32>> = ranges.to_vec();
    sorted.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<u32>> = Vec::new();
    for range in sorted {
        if range.start > range.end || range.end as usize > length {
            return Err(snapshot_error(format!(
                "has no bytes {:#x}..{:#x}",
                range.start, range.end
            )));
        }
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ if range.is_empty() => {}
            _ => merged.push(range),
        }
    }
    Ok(merged)
}

/// The export section with the new name of the entry.
fn renamed(module: &Module<'_>, plan: &Snapshot<'_>) -> Result<ExportSection, Error> {
    let fail = |name: &str, problem: &str| {
        Err(Error::Export {
            name: name.to_owned(),
            problem: problem.to_owned(),
        })
    };
    let names: BTreeSet<&str> = module.exports.iter().map(|export| export.name).collect();
    if plan.from != plan.to && names.contains(plan.to) {
        return fail(plan.to, "already exists");
    }
    if !names.contains(plan.from) {
        return fail(plan.from, "is not there");
    }
    let mut section = ExportSection::new();
    let kept = |name: &str| !plan.dropped.contains(&name);
    for export in module.exports.iter().filter(|export| kept(export.name)) {
        let is_entry = export.name == plan.from;
        if is_entry && !matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact) {
            return fail(plan.from, "is not a function");
        }
        let name = if is_entry { plan.to } else { export.name };
        section.export(name, export.kind.into(), export.index);
    }
    Ok(section)
}

fn write(module: &Module<'_>, length: usize, data: &DataSection, exports: &ExportSection) -> Vec<u8> {
    let has_data = module.section(SECTION_DATA).is_some();
    let last_known = module
        .sections
        .iter()
        .rposition(|section| section.id != SECTION_CUSTOM);
    let mut output = Output::new();
    for (index, section) in module.sections.iter().enumerate() {
        match section.id {
            SECTION_MEMORY => output.section(MemorySection::new().memory(MemoryType {
                minimum: length as u64 / PAGE,
                ..module.memories[0].into()
            })),
            SECTION_EXPORT => output.section(exports),
            SECTION_DATA_COUNT => output.section(&DataCountSection { count: data.len() }),
            SECTION_DATA => output.section(data),
            _ => output.section(&module.raw(section)),
        };
        if !has_data && Some(index) == last_known {
            output.section(data);
        }
    }
    output.finish()
}
