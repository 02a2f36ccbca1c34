//! The module graph and the installed distributions in, their metadata that the program can read
//! out. It comes only where something that reads metadata is reached, and then of distributions
//! that the program has modules of, or that the source of such a reader names.

use std::{collections::BTreeSet, fs, path::PathBuf};

use pywasm_deps::{Distribution, distributions, normalize};
use pywasm_project::DataFile;
use pywasm_resolve::{Module, ModuleKind, Origin};

use super::resolve::Resolution;
use crate::Error;

/// The modules that read metadata.
const READERS: [&str; 4] = [
    "importlib.metadata",
    "importlib_metadata",
    "pkg_resources",
    "setuptools._vendor.importlib_metadata",
];

/// What they read of a distribution.
const METADATA: [&str; 4] = ["METADATA", "RECORD", "entry_points.txt", "top_level.txt"];

/// The files of metadata in the import roots `paths`; where two have a distribution of the same
/// folder's name, the first one counts.
pub(crate) fn files(paths: &[PathBuf], resolution: &Resolution) -> Result<Vec<DataFile>, Error> {
    let graph = &resolution.graph;
    if !READERS.iter().any(|reader| graph.modules.contains_key(*reader)) {
        return Ok(Vec::new());
    }
    let mut modules = BTreeSet::new();
    let mut words = BTreeSet::new();
    for module in graph.modules.values() {
        let ModuleKind::Source { relative, path, .. } = &module.kind else {
            continue;
        };
        if module.origin == Origin::Dependency {
            modules.insert(relative.as_str());
        }
        if module.origin != Origin::Stdlib && reads(module) {
            words.extend(literals(&resolution.sources.read(path)?));
        }
    }
    let (mut files, mut seen) = (Vec::new(), BTreeSet::new());
    for root in paths {
        for distribution in distributions(root)? {
            let Some(folder) = distribution.folder.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let is_reached = distribution
                .files
                .iter()
                .any(|file| modules.contains(file.path.as_str()));
            if !(is_reached || is_named(&distribution, &words)) || !seen.insert(folder.to_owned()) {
                continue;
            }
            for part in METADATA {
                let host = distribution.folder.join(part);
                if let Ok(about) = fs::metadata(&host)
                    && about.is_file()
                {
                    files.push(DataFile {
                        guest: format!("{folder}/{part}"),
                        size: about.len(),
                        host,
                    });
                }
            }
        }
    }
    Ok(files)
}

fn reads(module: &Module) -> bool {
    module
        .imports
        .iter()
        .any(|edge| READERS.contains(&edge.target.as_str()))
}

/// Whether one of the words is the distribution's name, or a group of its entry points.
fn is_named(distribution: &Distribution, words: &BTreeSet<String>) -> bool {
    words.contains(&distribution.name)
        || distribution
            .entry_points
            .iter()
            .any(|point| words.contains(&normalize(&point.group)))
}

/// The string literals of a source that can be a name, normalised. A quote in a comment only
/// gives words that nothing is called.
fn literals(source: &[u8]) -> BTreeSet<String> {
    let source = String::from_utf8_lossy(source);
    let is_word = |text: &&str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let mut words = BTreeSet::new();
    for line in source.lines() {
        for quote in ['"', '\''] {
            // Between each two quotes, so that a lone one in the line does no harm.
            words.extend(line.split(quote).filter(is_word).map(normalize));
        }
    }
    words
}
