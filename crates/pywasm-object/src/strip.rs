//! In: a module with names. Out: the module without them, and a symbol file
//! that keeps them for crash reports and for questions of size.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use wasm_encoder::{Module as Output, RawSection};

use crate::Error;
use crate::names::function_names;
use crate::parse::{Module, SECTION_CUSTOM, parse};
use crate::validate::validated;

/// What [`strip`] gives.
#[derive(Clone, Debug)]
pub struct Stripped {
    /// The module without custom sections, but for those that the caller keeps.
    pub module: Vec<u8>,
    /// What the names were.
    pub symbols: SymbolFile,
}

/// Names and sizes of a module's parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SymbolFile {
    /// Version of this format: [`SymbolFile::SCHEMA`].
    pub schema: u32,
    /// All functions by index, imported ones first.
    pub functions: Vec<FunctionSymbol>,
    /// All data segments, in the module's order.
    pub data: Vec<DataSymbol>,
}

/// One function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionSymbol {
    /// Its index, as engines print it in a backtrace.
    pub index: u32,
    /// Its name; for an imported function without one, `module.field`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Bytes of its body; 0 for an imported function.
    pub size: u64,
}

/// One data segment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSymbol {
    /// Its address in memory, where it has a constant one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Its bytes.
    pub size: u64,
}

impl SymbolFile {
    /// The version of the format that this crate writes.
    pub const SCHEMA: u32 = 1;

    /// The function of that index.
    #[must_use]
    pub fn function(&self, index: u32) -> Option<&FunctionSymbol> {
        let at = self
            .functions
            .binary_search_by_key(&index, |function| function.index)
            .ok()?;
        self.functions.get(at)
    }
}

/// The custom section that says what a module was made from; no pass drops it.
const RECORD: &str = "pywasm";

/// Takes all custom sections out of a module (names, producers, target
/// features, debug sections, ...), but for those named in `keep` and the record.
///
/// # Errors
/// The module is not valid.
pub fn strip(module: &[u8], keep: &BTreeSet<String>) -> Result<Stripped, Error> {
    let module = parse(module)?;
    let mut output = Output::new();
    for section in &module.sections {
        let is_kept = section
            .name
            .is_none_or(|name| name == RECORD || keep.contains(name));
        if section.id != SECTION_CUSTOM || is_kept {
            output.section(&RawSection {
                id: section.id,
                data: &module.bytes[section.range.clone()],
            });
        }
    }
    Ok(Stripped {
        module: validated("strip", output.finish())?,
        symbols: symbols(&module),
    })
}

/// The symbol file of a module, without changing the module.
///
/// # Errors
/// The module is not valid.
pub fn symbol_file(module: &[u8]) -> Result<SymbolFile, Error> {
    Ok(symbols(&parse(module)?))
}

fn symbols(module: &Module<'_>) -> SymbolFile {
    let mut names = module
        .custom("name")
        .map(|section| function_names(section.custom))
        .unwrap_or_default();
    let functions = (0..module.function_count()).map(|index| FunctionSymbol {
        index,
        name: names
            .remove(&index)
            .or_else(|| module.import_names.get(index as usize).cloned()),
        size: module.body(index).map_or(0, |body| body.range().len() as u64),
    });
    let data = module
        .data
        .iter()
        .map(|data| DataSymbol {
            offset: data.address,
            size: data.range.len() as u64,
        })
        .collect();
    SymbolFile {
        schema: SymbolFile::SCHEMA,
        functions: functions.collect(),
        data,
    }
}
