//! The functions of two modules in, how the code changed out: by function, and by the builtin
//! module that the functions are part of.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::change::{Change, State, compare};
use super::symbols::Symbols;
use crate::Report;

/// The body that shaking leaves in the place of a dead function, where no optimizer takes it out.
const STUB: u64 = 3;

/// Less data than this moves from module to module by itself: equal texts are there once, and
/// count to one of those that use them.
const MOVED: u64 = 1000;

/// How the code changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// All functions' bodies.
    pub total: Change,
    /// Functions that are new.
    pub came: Count,
    /// Functions that left.
    pub left: Count,
    /// Functions that grew, and by how much together.
    pub grew: Count,
    /// Functions that shrank, and by how much together.
    pub shrank: Count,
    /// Each function whose size changed, by name; those without one are together `(no name)`.
    pub functions: Vec<Change>,
}

/// How many functions, and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How many.
    pub functions: usize,
    /// How many bytes.
    pub bytes: u64,
}

/// A builtin module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Builtin {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub state: State,
    /// Its code, in bytes; without figures where that is not known.
    pub code: Change,
    /// Its data, in bytes of memory; likewise.
    pub data: Change,
    /// The modules that import it.
    pub imported_by: Vec<String>,
}

pub(super) fn functions(old: &Symbols, new: &Symbols) -> Code {
    let (before, now) = (by_name(old), by_name(new));
    let functions = compare(&before, &now);
    let count = |state: State| {
        let mut count = Count::default();
        for change in functions.iter().filter(|change| change.state == state) {
            count.functions += 1;
            count.bytes = count.bytes.saturating_add(change.change.unsigned_abs());
        }
        count
    };
    let total =
        |sizes: &BTreeMap<String, u64>| sizes.values().fold(0, |sum: u64, size| sum.saturating_add(*size));
    Code {
        total: Change::new("code", Some(total(&before)), Some(total(&now))),
        came: count(State::New),
        left: count(State::Gone),
        grew: count(State::Grown),
        shrank: count(State::Shrunk),
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

/// The builtin modules that came, left, or whose code is another; those that came first.
pub(super) fn builtins(
    reports: (Option<&Report>, Option<&Report>),
    symbols: (Option<&Symbols>, Option<&Symbols>),
) -> Vec<Builtin> {
    let (Some(before), Some(now)) = reports else {
        return Vec::new();
    };
    let (before, now) = (names(before), names(now));
    let bytes = |symbols: Option<&Symbols>, modules: &BTreeMap<&str, &[String]>| {
        let modules: Vec<&str> = modules.keys().copied().collect();
        let symbols = symbols.filter(|symbols| symbols.has_files())?;
        Some(symbols.builtin_bytes(&modules))
    };
    let (old_bytes, new_bytes) = (bytes(symbols.0, &before), bytes(symbols.1, &now));
    let all: BTreeSet<&str> = before.keys().chain(now.keys()).copied().collect();
    let mut builtins: Vec<Builtin> = all
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
                // One side alone tells its code.
                _ if code.old.is_none() || code.new.is_none() => return None,
                _ if code.is_change() => code.state,
                _ if data.change.unsigned_abs() >= MOVED => data.state,
                _ => State::Same,
            };
            (state != State::Same).then(|| Builtin {
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

fn names(report: &Report) -> BTreeMap<&str, &[String]> {
    let builtins = report.modules.iter().filter(|module| module.origin == "builtin");
    builtins
        .map(|module| (module.name.as_str(), module.imported_by.as_slice()))
        .collect()
}
