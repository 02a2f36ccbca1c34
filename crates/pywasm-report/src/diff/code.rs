//! The functions of two modules in, how the code changed out: by function, and by the builtin
//! module that the functions are part of.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::change::{Change, State, compare};
use super::symbols::Symbols;
use crate::Report;

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
    /// Its name and its code, in bytes; both figures are `None` where the code is not known.
    #[serde(flatten)]
    pub code: Change,
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
    for function in &symbols.functions {
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
    let code = |symbols: Option<&Symbols>, modules: &BTreeMap<&str, &[String]>| {
        let modules: Vec<&str> = modules.keys().copied().collect();
        let symbols = symbols.filter(|symbols| symbols.has_areas())?;
        Some(symbols.builtin_code(&modules))
    };
    let (old_code, new_code) = (code(symbols.0, &before), code(symbols.1, &now));
    let all: BTreeSet<&str> = before.keys().chain(now.keys()).copied().collect();
    let mut builtins: Vec<Builtin> = all
        .into_iter()
        .filter_map(|name| {
            let size = |code: &Option<BTreeMap<String, u64>>, is_there: bool| {
                let code = code.as_ref().filter(|_| is_there)?;
                Some(code.get(name).copied().unwrap_or(0))
            };
            let (was, is) = (before.contains_key(name), now.contains_key(name));
            let mut code = Change::new(name, size(&old_code, was), size(&new_code, is));
            match (was, is) {
                (false, true) => code.state = State::New,
                (true, false) => code.state = State::Gone,
                // One side alone tells its code.
                _ if code.old.is_none() || code.new.is_none() => return None,
                _ => {}
            }
            code.is_change().then(|| Builtin {
                code,
                imported_by: now.get(name).copied().unwrap_or_default().to_vec(),
            })
        })
        .collect();
    builtins.sort_by_key(|builtin| {
        let code = &builtin.code;
        (
            code.state,
            std::cmp::Reverse(code.change.unsigned_abs()),
            code.name.clone(),
        )
    });
    builtins
}

fn names(report: &Report) -> BTreeMap<&str, &[String]> {
    let builtins = report.modules.iter().filter(|module| module.origin == "builtin");
    builtins
        .map(|module| (module.name.as_str(), module.imported_by.as_slice()))
        .collect()
}
