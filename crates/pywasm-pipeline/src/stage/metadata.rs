//! The module graph and the installed distributions in, their metadata that the program can read
//! out. It comes only where something that reads metadata is reached, and then of distributions
//! that the program has modules of, or that the source of such a reader names. So do the metadata of
//! the project itself, as an installer would write them.

use std::{collections::BTreeSet, fs, path::PathBuf};

use pywasm_deps::{Distribution, distributions, normalize};
use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::{DataFile, Project};
use pywasm_resolve::{Module, ModuleGraph, ModuleKind, Origin};

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

/// What an installer would write about the project itself: the places in the guest, relative to the app's
/// folder, and the contents. There is nothing where nothing reads metadata, or no version is known.
pub(crate) fn own_files(project: &Project, resolution: &Resolution) -> Vec<(String, String)> {
    let Some(metadata) = project.metadata.as_ref().filter(|_| is_read(&resolution.graph)) else {
        return Vec::new();
    };
    let Some(version) = &metadata.version else {
        return Vec::new();
    };
    let name = normalize(&metadata.name).replace('-', "_");
    let folder = format!("{name}-{}.dist-info", version.replace('-', "_"));
    let mut record = String::new();
    let mut tops = BTreeSet::new();
    for module in resolution.graph.modules.values() {
        if let (Origin::App, ModuleKind::Source { relative, .. }) = (module.origin, &module.kind) {
            record += &format!("{relative},,\n");
            tops.insert(module.name.split('.').next().unwrap_or(&module.name));
        }
    }
    let mut files = vec![
        ("METADATA", metadata.to_metadata()),
        (
            "top_level.txt",
            tops.into_iter().map(|top| format!("{top}\n")).collect(),
        ),
    ];
    if !metadata.entry_points.is_empty() {
        files.push(("entry_points.txt", metadata.to_entry_points()));
    }
    for (file, _) in &files {
        record += &format!("{folder}/{file},,\n");
    }
    record += &format!("{folder}/RECORD,,\n");
    files.push(("RECORD", record));
    let place = |(file, text): (&str, String)| (format!("{folder}/{file}"), text);
    files.into_iter().map(place).collect()
}

/// Warns where the app reads metadata, and only the build backend knows some of the project's.
pub(crate) fn warn_of_dynamic(project: &Project, graph: &ModuleGraph) -> Option<Diagnostic> {
    let metadata = project.metadata.as_ref()?;
    let unknown = metadata.dynamic.iter().filter(|field| *field != "dependencies");
    let unknown: Vec<String> = unknown.map(|field| format!("`{field}`")).collect();
    let mut modules = graph.modules.values();
    if unknown.is_empty() || !modules.any(|module| module.origin == Origin::App && reads(module)) {
        return None;
    }
    let (text, hint) = match metadata.version {
        None => (
            format!(
                "the version of `{}` is dynamic, so the program cannot read the project's own metadata",
                metadata.name
            ),
            "write `version = \"...\"` under [project]",
        ),
        Some(_) => (
            format!(
                "the project's own metadata lack what is dynamic in `{}`: {}",
                metadata.name,
                unknown.join(", ")
            ),
            "write these fields under [project]",
        ),
    };
    let place = metadata.dynamic_place.clone();
    let place = place.unwrap_or_else(|| Location::file("pyproject.toml"));
    let mut diagnostic = Diagnostic::new(text).with_location(place);
    if let Some(reason) = &metadata.failure {
        diagnostic = diagnostic.with_note(format!("the build backend does not tell: {reason}"));
    }
    Some(diagnostic.with_hint(hint))
}

fn is_read(graph: &ModuleGraph) -> bool {
    READERS.iter().any(|reader| graph.modules.contains_key(*reader))
}

/// The files of metadata in the import roots `paths`; where two have a distribution of the same
/// folder's name, the first one counts.
pub(crate) fn files(paths: &[PathBuf], resolution: &Resolution) -> Result<Vec<DataFile>, Error> {
    let graph = &resolution.graph;
    if !is_read(graph) {
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
