//! Shakes a module that an optimizer has rewritten, and that so has no relocations any more.
//!
//! In: a linked module, what [`crate::shake`] made of it, and its optimized form. Out: the optimized form
//! without what the shaken module does not need.
//!
//! An optimizer moves no data and no table slot. So exports, slots and data are those of the shaken
//! module, and a function lives where calls lead to it from an export or a slot that is left. What a live
//! function calls and reads in the optimized form, it called and read before, be it in its own body or in
//! one that was put into it. Therefore the shaken module has all data that the live functions need.

use std::collections::BTreeSet;

use wasm_encoder::{CustomSection, ElementSection, Module as Output};

use crate::Error;
use crate::names::without_data;
use crate::parse::{
    Module, SECTION_CODE, SECTION_CUSTOM, SECTION_DATA, SECTION_DATA_COUNT, SECTION_ELEMENT, SECTION_EXPORT,
    parse,
};
use crate::rewrite;
use crate::scan::scan;
use crate::shake::describes_the_link;
use crate::validate::check_output;

/// Takes out of a linked module what an optimizer cannot keep right: relocations, symbols, debug sections, and
/// the names of data segments.
///
/// # Errors
/// The module is not valid.
pub fn without_link(module: &[u8]) -> Result<Vec<u8>, Error> {
    let module = parse(module)?;
    let mut output = Output::new();
    for section in &module.sections {
        match section.name {
            Some(name) if describes_the_link(name) => {}
            Some("name") => {
                if let Some(names) = without_data(section.custom) {
                    output.section(&CustomSection {
                        name: "name".into(),
                        data: names.into(),
                    });
                }
            }
            _ => {
                output.section(&module.raw(section));
            }
        }
    }
    check_output("unlink", output.finish())
}

/// Takes out of `optimized`, which is the optimized form of a linked module, what is not in `shaken`, which
/// is the shaken form of the same module.
///
/// # Errors
/// One of them is not valid, or they are not forms of one module.
pub fn shake_optimized(optimized: &[u8], shaken: &[u8]) -> Result<Vec<u8>, Error> {
    let (optimized, shaken) = (parse(optimized)?, parse(shaken)?);
    check(&optimized)?;
    check(&shaken)?;
    let names: BTreeSet<&str> = shaken.exports.iter().map(|export| export.name).collect();
    let slots: BTreeSet<u32> = slots(&shaken).map(|(slot, _)| slot).collect();
    let elements: Vec<(u32, u32)> = self::slots(&optimized)
        .filter(|(slot, _)| slots.contains(slot))
        .collect();
    let is_there = |name: &&str| optimized.exports.iter().any(|export| export.name == *name);
    if elements.len() != slots.len() || !names.iter().all(is_there) {
        return Err(other_module("an export or a slot is missing"));
    }
    let live = find_live(&optimized, &names, &elements)?;

    let mut output = Output::new();
    for section in &optimized.sections {
        match section.id {
            SECTION_EXPORT => {
                output.section(&rewrite::exports(&optimized, |name| !names.contains(name)));
            }
            SECTION_ELEMENT => {
                output.section(&element_section(&elements));
            }
            SECTION_CODE => {
                copy(&mut output, &shaken, SECTION_DATA_COUNT);
                output.section(&rewrite::code(&optimized, &live));
            }
            SECTION_DATA => copy(&mut output, &shaken, SECTION_DATA),
            SECTION_DATA_COUNT => {}
            _ => {
                output.section(&optimized.raw(section));
            }
        }
    }
    // The optimizer has dropped the other custom sections.
    for section in &shaken.sections {
        let is_there = section.name.is_none_or(|name| optimized.custom(name).is_some());
        if section.id == SECTION_CUSTOM && !is_there {
            output.section(&shaken.raw(section));
        }
    }
    check_output("shake", output.finish())
}

fn copy(output: &mut Output, module: &Module<'_>, id: u8) {
    if let Some(section) = module.section(id) {
        output.section(&module.raw(section));
    }
}

fn other_module(problem: &str) -> Error {
    Error::Unsupported(format!("not the optimized form of this module: {problem}"))
}

/// What this pass relies on: nothing names a segment, and functions stand only in plain slots.
fn check(module: &Module<'_>) -> Result<(), Error> {
    let is_plain = module.start.is_none()
        && module.constant_functions.is_empty()
        && module.elements.iter().all(|element| element.slot.is_some())
        && module.data.iter().all(|data| data.address.is_some());
    match is_plain {
        true => Ok(()),
        false => Err(other_module("it has passive segments, or a start function")),
    }
}

/// The table's slots, with the functions in them.
fn slots<'m>(module: &'m Module<'_>) -> impl Iterator<Item = (u32, u32)> + 'm {
    module.elements.iter().flat_map(|element| {
        let first = element.slot.unwrap_or_default();
        (first..).zip(element.functions.iter().copied())
    })
}

/// One segment for each run of slots that follow each other.
fn element_section(elements: &[(u32, u32)]) -> ElementSection {
    let mut sorted = elements.to_vec();
    sorted.sort_unstable();
    let mut section = ElementSection::new();
    for run in sorted.chunk_by(|a, b| a.0 + 1 == b.0) {
        let functions: Vec<u32> = run.iter().map(|&(_, function)| function).collect();
        rewrite::active(&mut section, run[0].0, &functions);
    }
    section
}

/// Which functions calls lead to.
fn find_live(
    module: &Module<'_>,
    exports: &BTreeSet<&str>,
    elements: &[(u32, u32)],
) -> Result<Vec<bool>, Error> {
    let mut live = vec![false; module.function_count() as usize];
    let exported = module.exports.iter().filter(|export| {
        matches!(export.kind, wasmparser::ExternalKind::Func) && exports.contains(export.name)
    });
    let mut open: Vec<u32> = exported.map(|export| export.index).collect();
    open.extend(elements.iter().map(|&(_, function)| function));
    while let Some(function) = open.pop() {
        if std::mem::replace(&mut live[function as usize], true) {
            continue;
        }
        let Some(body) = module.body(function) else {
            continue;
        };
        open.extend(scan(body)?.functions);
    }
    Ok(live)
}
