//! Compares the code of two modules by function, and by the builtin module that each function
//! belongs to.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::change::{Change, State, compare};
use super::symbols::Symbols;
use crate::Report;

/// The size of the body that shaking leaves for a dead function, if no optimizer removes it.
const STUB: u64 = 3;

/// A change of data below this size is ignored. Equal texts exist once and are counted for one of
/// the modules that use them, so they may move between modules by chance.
const IGNORED_DATA: u64 = 1000;

/// How the code changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeChange {
    /// The bodies of all functions.
    pub total: Change,
    /// Functions that were added.
    #[serde(rename = "came")]
    pub added: FunctionCount,
    /// Functions that were removed.
    #[serde(rename = "left")]
    pub removed: FunctionCount,
    /// Functions that grew, and by how much in total.
    #[serde(rename = "grew")]
    pub grown: FunctionCount,
    /// Functions that shrank, and by how much in total.
    #[serde(rename = "shrank")]
    pub shrunk: FunctionCount,
    /// Each function whose size changed, by name; those without a name count together as
    /// `(no name)`.
    pub functions: Vec<Change>,
}

/// A number of functions, and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FunctionCount {
    /// The number of functions.
    pub functions: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// A builtin module that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BuiltinChange {
    /// Its name.
    pub name: String,
    /// What happened to it.
    pub state: State,
    /// The bytes of its code; without figures if they are not known.
    pub code: Change,
    /// The bytes of its data in memory; also without figures if they are not known.
    pub data: Change,
    /// The modules that import it.
    pub imported_by: Vec<String>,
}

pub(super) fn compare_functions(old: &Symbols, new: &Symbols) -> CodeChange {
    let (before, now) = (by_name(old), by_name(new));
    let functions = compare(&before, &now);
    let count = |state: State| {
        let mut count = FunctionCount::default();
        for change in functions.iter().filter(|change| change.state == state) {
            count.functions += 1;
            count.bytes = count.bytes.saturating_add(change.change.unsigned_abs());
        }
        count
    };
    let total =
        |sizes: &BTreeMap<String, u64>| sizes.values().fold(0, |sum: u64, size| sum.saturating_add(*size));
    CodeChange {
        total: Change::new("code", Some(total(&before)), Some(total(&now))),
        added: count(State::New),
        removed: count(State::Gone),
        grown: count(State::Grown),
        shrunk: count(State::Shrunk),
        functions,
    }
}

fn by_name(symbols: &Symbols) -> BTreeMap<String, u64> {
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    for function in symbols.functions.iter().filter(|function| function.bytes > STUB) {
        let name = function.name.clone().unwrap_or_else(|| "(no name)".to_owned());
        let size = sizes.entry(name).or_default();
        *size = size.saturating_add(function.bytes);
    }
    sizes
}

/// Lists the builtin modules that were added or removed, or whose code changed; new ones first.
pub(super) fn compare_builtins(
    reports: (Option<&Report>, Option<&Report>),
    symbols: (Option<&Symbols>, Option<&Symbols>),
) -> Vec<BuiltinChange> {
    let (Some(before), Some(now)) = reports else {
        return Vec::new();
    };
    let (before, now) = (importers_by_name(before), importers_by_name(now));
    let bytes = |symbols: Option<&Symbols>, modules: &BTreeMap<&str, &[String]>| {
        let modules: Vec<&str> = modules.keys().copied().collect();
        let symbols = symbols.filter(|symbols| symbols.has_files())?;
        Some(symbols.builtin_bytes(&modules))
    };
    let (old_bytes, new_bytes) = (bytes(symbols.0, &before), bytes(symbols.1, &now));
    let all: BTreeSet<&str> = before.keys().chain(now.keys()).copied().collect();
    let mut builtins: Vec<BuiltinChange> = all
        .into_iter()
        .filter_map(|name| {
            let size = |bytes: &Option<BTreeMap<String, [u64; 2]>>, is_there: bool, kind: usize| {
                let bytes = bytes.as_ref().filter(|_| is_there)?;
                Some(bytes.get(name).map_or(0, |bytes| bytes[kind]))
            };
            let (was, is) = (before.contains_key(name), now.contains_key(name));
            let [code, data] = ["code", "data"].map(|what| {
                let kind = usize::from(what == "data");
                Change::new(what, size(&old_bytes, was, kind), size(&new_bytes, is, kind))
            });
            let state = match (was, is) {
                (false, true) => State::New,
                (true, false) => State::Gone,
                // Only one build has figures for the code.
                _ if code.old.is_none() || code.new.is_none() => return None,
                _ if code.is_change() => code.state,
                _ if data.change.unsigned_abs() >= IGNORED_DATA => data.state,
                _ => State::Same,
            };
            (state != State::Same).then(|| BuiltinChange {
                name: name.to_owned(),
                state,
                code,
                data,
                imported_by: now.get(name).copied().unwrap_or_default().to_vec(),
            })
        })
        .collect();
    builtins.sort_by_key(|builtin| {
        let bytes = builtin
            .code
            .change
            .unsigned_abs()
            .saturating_add(builtin.data.change.unsigned_abs());
        (builtin.state, std::cmp::Reverse(bytes), builtin.name.clone())
    });
    builtins
}

fn importers_by_name(report: &Report) -> BTreeMap<&str, &[String]> {
    let builtins = report.modules.iter().filter(|module| module.origin == "builtin");
    builtins
        .map(|module| (module.name.as_str(), module.imported_by.as_slice()))
        .collect()
}
