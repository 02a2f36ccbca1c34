//! Finds the calls in a module of the graph, with their places.

use std::collections::BTreeSet;

use pywasm_diagnostic::Location;
use pywasm_scan::{Codecs, Role, When, find_calls};
use pywasm_target::Target;

use crate::graph::{Module, ModuleKind};

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The full name of the function, with import aliases resolved and `()` for a call in it:
    /// `threading.Thread().start`.
    pub name: String,
    /// Where.
    pub place: Location,
    /// When it runs.
    pub when: When,
}

/// Finds the calls in a module whose names `wanted` accepts, in the order of the source. There are none
/// if the file cannot be read, which the resolver reports.
pub fn find_module_calls(
    module: &Module,
    role: Role,
    target: Target,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<Call> {
    let ModuleKind::Source { path, .. } = &module.kind else {
        return Vec::new();
    };
    // The table of aliases is not read, so a file whose encoding has a rare name is skipped.
    let codecs = Codecs::new("", BTreeSet::new());
    let Ok(source) = pywasm_scan::read_source(path, &codecs) else {
        return Vec::new();
    };
    let place = |start, end| Location::span(module.shown.clone(), &source.text, start, end);
    find_calls(&source.text, role, target, wanted)
        .into_iter()
        .map(|found| Call {
            place: place(found.start, found.end),
            name: found.name,
            when: found.when,
        })
        .collect()
}
