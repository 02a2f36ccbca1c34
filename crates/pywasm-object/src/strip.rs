//! Strips the names from a module. A symbol file keeps them for crash reports and for questions of
//! size.

use std::collections::BTreeSet;

use wasm_encoder::Module as Output;

use crate::Error;
use crate::parse::{SECTION_CUSTOM, parse};
use crate::symbols::{SymbolFile, symbols};
use crate::validate::check_output;

/// What [`strip`] gives.
#[derive(Clone, Debug)]
pub struct StrippedModule {
    /// The module without custom sections, except those that the caller keeps.
    pub module: Vec<u8>,
    /// What the names were.
    pub symbols: SymbolFile,
}

/// The custom section that says what a module was made from; no pass drops it.
const RECORD: &str = "pywasm";

/// Takes all custom sections out of a module (names, producers, target
/// features, debug sections, ...), except those named in `keep` and the record.
///
/// # Errors
/// The module is not valid.
pub fn strip(module: &[u8], keep: &BTreeSet<String>) -> Result<StrippedModule, Error> {
    let module = parse(module)?;
    let mut output = Output::new();
    for section in &module.sections {
        let is_kept = section
            .name
            .is_none_or(|name| name == RECORD || keep.contains(name));
        if section.id != SECTION_CUSTOM || is_kept {
            output.section(&module.raw(section));
        }
    }
    Ok(StrippedModule {
        module: check_output("strip", output.finish())?,
        symbols: symbols(&module),
    })
}
