//! Whether a program can hand source text to the interpreter's compiler. In: the names that the
//! reached modules mention. Out: yes or no. All of a project's modules are bytecode by the time
//! it starts, so that many small programs never compile anything, and the base can leave its
//! parser and compiler out for them.

use std::collections::{BTreeMap, BTreeSet};

/// Facts of any module.
const BUILTINS: &[&str] = &["builtin compile", "builtin eval", "builtin exec"];

/// Names and facts of the app and its dependencies, which may import sources from a folder that
/// the host mounts.
const SOURCES: &[&str] = &[
    "SourceFileLoader",
    "addsitedir",
    "run_path",
    "spec_from_file_location",
    "sys.path",
    "sys.path_hooks",
];

/// The importer's own `compile`: it has no source to read unless one of [`SOURCES`] is there.
const IMPORTER: &[&str] = &["_frozen_importlib", "_frozen_importlib_external"];

/// What has to be noted for [`is_needed`].
pub(crate) fn facts() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().chain(SOURCES).copied()
}

/// Decides by what is mentioned, and by whom. `is_stdlib` tells whose a module is.
pub(crate) fn is_needed(
    mentions: &BTreeMap<String, BTreeSet<String>>,
    is_stdlib: impl Fn(&str) -> bool,
) -> bool {
    let by = |fact: &&str| mentions.get(*fact).into_iter().flatten();
    BUILTINS
        .iter()
        .flat_map(by)
        .any(|module| !IMPORTER.contains(&module.as_str()))
        || SOURCES.iter().flat_map(by).any(|module| !is_stdlib(module))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(mentions: &[(&str, &str)]) -> bool {
        let mut map: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (fact, module) in mentions {
            map.entry((*fact).to_owned())
                .or_default()
                .insert((*module).to_owned());
        }
        is_needed(&map, |module| module != "app")
    }

    #[test]
    fn builtins_count_everywhere_and_sources_only_in_the_program() {
        assert!(!needed(&[]));
        assert!(!needed(&[("builtin compile", "_frozen_importlib_external")]));
        assert!(needed(&[("builtin eval", "collections")]));
        assert!(needed(&[("builtin exec", "app")]));
        assert!(!needed(&[("sys.path", "site")]));
        assert!(needed(&[("sys.path", "app")]));
    }
}
