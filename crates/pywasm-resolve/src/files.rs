//! Decides whether a program can see files that the runtime makes itself: `/tmp` in memory, devices, pipes.
//!
//! The interpreter opens its modules in the image, which needs none of this. A program that does not import
//! `os`, names no function that opens a file, and runs no text as code does without, and so does its
//! artifact.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_scan::facts::BUILTINS;

use crate::graph::{Module, ModuleKind};
use crate::request::Origin;

/// Names of functions and classes that open files.
const NAMES: &[&str] = &["FileIO", "open", "open_code"];

/// Modules that every artifact has, which open files of the image, or define the names.
const CORE: &[&str] = &[
    "_frozen_importlib",
    "_frozen_importlib_external",
    "_pywasm",
    "codecs",
    "io",
];

/// Modules that lead to files without such a name.
const OPENERS: &[&str] = &["_ctypes", "_sqlite3", "mmap", "os", "select"];

/// Lists the names that the scan has to note for [`are_needed`].
pub(crate) fn facts() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied()
}

/// Whether the program needs the files that the runtime makes.
pub(crate) fn are_needed(
    modules: &BTreeMap<String, Module>,
    mentions: &BTreeMap<String, BTreeSet<String>>,
    is_stdlib: impl Fn(&str) -> bool,
) -> bool {
    let by = |name: &&str| mentions.get(*name).into_iter().flatten();
    OPENERS.iter().any(|name| modules.contains_key(*name))
        || modules.values().any(is_extension)
        || NAMES
            .iter()
            .flat_map(by)
            .any(|module| !CORE.contains(&module.as_str()))
        || BUILTINS.iter().flat_map(by).any(|module| !is_stdlib(module))
        || modules
            .values()
            .filter(|module| !is_stdlib(&module.name))
            .any(|module| {
                let mut edges = module.imports.iter();
                edges.any(|edge| matches!(edge.target.as_str(), "_io" | "posix"))
            })
}

/// Whether the module is one in C that comes with the program.
fn is_extension(module: &Module) -> bool {
    module.kind == ModuleKind::Builtin && module.origin != Origin::Stdlib
}
