//! Defines the symbol file: the names of a finished module's parts, where they come from, and who
//! keeps them. `strip` fills in what the module says itself; callers who know more add the rest.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::names::function_names;
use crate::parse::{Module, parse};

/// Names, sizes and owners of a module's parts.
///
/// A `keeper` is the number of the one thing without which a part would leave (its immediate
/// dominator); `None` where the program itself keeps it. Numbers count through `functions`, then
/// `symbols`, then `others`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SymbolFile {
    /// Version of this format: [`SymbolFile::SCHEMA`].
    pub schema: u32,
    /// All functions by index, imported ones first.
    pub functions: Vec<FunctionSymbol>,
    /// All data segments, in the module's order.
    pub data: Vec<DataSymbol>,
    /// What stands in the data segments, by address, without overlaps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<Symbol>,
    /// What keeps parts and has no bytes in code or data itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other>,
    /// Source files, as `Objects/dictobject.c` or `sqlite/sqlite3.c`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The files of each builtin module, as indices of `files`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub builtins: BTreeMap<String, Vec<u32>>,
    /// Addresses of what the compiled program has in memory, the image and the heap left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Range<u64>>,
    /// Addresses of variables that start as zeros: what stands there in the module is a snapshot's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Range<u64>>,
    /// What is in the heap of a snapshot, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heap: Option<Heap>,
    /// Addresses of what leads back to an earlier memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way_back: Option<Range<u64>>,
}

/// What is in the heap of a snapshot: of each part the module and the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heap {
    /// Names of Python modules.
    pub modules: Vec<String>,
    /// Names of the types of objects.
    pub kinds: Vec<String>,
    /// The parts by address. Each has the bytes between the last one and it; its own bytes; the
    /// module that it belongs to, counted from 1, or 0 for the interpreter; and its kind, from 0.
    pub parts: Vec<[u32; 4]>,
}

impl Heap {
    /// The name of a module by its number in `parts`; `None` for the interpreter.
    #[must_use]
    pub fn module_name(&self, number: u32) -> Option<&str> {
        let index = (number as usize).checked_sub(1)?;
        self.modules.get(index).map(String::as_str)
    }

    /// The bytes of each module's objects.
    #[must_use]
    pub fn bytes_by_module(&self) -> BTreeMap<&str, u64> {
        let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
        for [_, size, module, _] in &self.parts {
            if let Some(name) = self.module_name(*module) {
                *sizes.entry(name).or_default() += u64::from(*size);
            }
        }
        sizes
    }
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
    /// Its source file, an index of [`SymbolFile::files`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<u32>,
    /// Who keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeper: Option<u32>,
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

/// A variable, a table or a text of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symbol {
    /// Where it starts in memory.
    pub address: u64,
    /// Its bytes in memory; in the module, zeros may be missing.
    pub size: u64,
    /// Its name; texts have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its source file, an index of [`SymbolFile::files`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<u32>,
    /// Who keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeper: Option<u32>,
}

/// What [`Other`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherKind {
    /// A Python module; its bytes stand in the image, or it is a builtin one.
    Module,
    /// A function that became part of others, or ran before the snapshot.
    Function,
    /// Data that the snapshot has no bytes of.
    Data,
    /// What a newer version may know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A keeper without bytes in code or data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OtherKind,
    /// Who keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeper: Option<u32>,
}

const SCHEMA: u32 = 1;

/// A file is not a symbol file that this version reads.
#[derive(Debug, thiserror::Error)]
pub enum SymbolFileError {
    /// Not JSON, or not of the form.
    #[error("is no symbol file")]
    Malformed(#[source] serde_json::Error),
    /// Written by a later pywasm.
    #[error("has schema {0}, and this pywasm reads up to {SCHEMA}")]
    Newer(u32),
}

impl SymbolFile {
    /// The version of the format that this crate writes. New keys do not change it.
    pub const SCHEMA: u32 = SCHEMA;

    /// Reads the file.
    ///
    /// # Errors
    /// When it is none, or one of a later schema.
    pub fn from_json(json: &[u8]) -> Result<Self, SymbolFileError> {
        #[derive(Deserialize)]
        struct Head {
            schema: u32,
        }
        // The schema first: all else of a later one may be another.
        let Head { schema } = serde_json::from_slice(json).map_err(SymbolFileError::Malformed)?;
        if schema > Self::SCHEMA {
            return Err(SymbolFileError::Newer(schema));
        }
        serde_json::from_slice(json).map_err(SymbolFileError::Malformed)
    }

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

/// The symbol file of a module, without changing the module.
///
/// # Errors
/// The module is not valid.
pub fn symbol_file(module: &[u8]) -> Result<SymbolFile, Error> {
    Ok(symbols(&parse(module)?))
}

/// What a module says itself.
pub(crate) fn symbols(module: &Module<'_>) -> SymbolFile {
    let mut names = module
        .custom("name")
        .map(|section| function_names(section.custom))
        .unwrap_or_default();
    let functions = (0..module.function_count()).map(|index| FunctionSymbol {
        index,
        name: names.remove(&index).or_else(|| {
            let import = module.imports.get(index as usize);
            import.map(|(module, name)| format!("{module}.{name}"))
        }),
        size: module.body(index).map_or(0, |body| body.range().len() as u64),
        ..FunctionSymbol::default()
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
        ..SymbolFile::default()
    }
}
