//! The files to compare: paths in, checked WebAssembly with a name for each out.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use pywasm_digest::Digest;
use pywasm_engine::bench::Kind;

use crate::exit::Usage;

const BUILD: &str = "build one first, for example with `pywasm build app.py`";

/// One artifact.
pub(super) struct Subject {
    /// What it is called in tables and charts.
    pub(super) name: String,
    /// The path as it was given.
    pub(super) file: PathBuf,
    pub(super) kind: Kind,
    pub(super) sha256: Digest,
    pub(super) wasm: Vec<u8>,
}

impl Subject {
    /// `argv[0]`: the file's name, without any folder of the host.
    pub(super) fn program(&self) -> String {
        let name = self.file.file_name().unwrap_or(OsStr::new(""));
        name.to_string_lossy().into_owned()
    }
}

/// Reads the files; none may be given twice.
pub(super) fn read(paths: &[&PathBuf]) -> anyhow::Result<Vec<Subject>> {
    for (at, path) in paths.iter().enumerate() {
        if paths[..at].contains(path) {
            return Err(Usage::mark(anyhow::anyhow!(
                "{} is given twice\nhint: name each artifact once; --runs says how often it is started",
                path.display()
            )));
        }
    }
    let mut subjects = paths
        .iter()
        .map(|path| read_one(path))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for subject in &subjects {
        *seen.entry(subject.name.clone()).or_default() += 1;
    }
    for subject in &mut subjects {
        if seen[&subject.name] > 1 {
            subject.name = printable(&subject.file.to_string_lossy());
        }
    }
    Ok(subjects)
}

fn read_one(path: &Path) -> anyhow::Result<Subject> {
    let name = path.display();
    let end = path.extension().unwrap_or_default();
    let hint = if end == "cwasm" {
        Some("give the .wasm file that it was made from; `pywasm bench` makes the machine code itself")
    } else if end == "br" {
        Some("give the .wasm file; its Brotli size is told as well")
    } else {
        None
    };
    if let Some(hint) = hint {
        return Err(Usage::mark(anyhow::anyhow!(
            "{name} is not a .wasm file\nhint: {hint}"
        )));
    }
    if !path.exists() {
        return Err(Usage::mark(anyhow::anyhow!("{name} is not there\nhint: {BUILD}")));
    }
    let wasm = fs::read(path).with_context(|| format!("cannot read {name}"))?;
    let Some(kind) = Kind::of(&wasm) else {
        return Err(Usage::mark(anyhow::anyhow!(
            "{name} is no WebAssembly module or component\nhint: {BUILD}"
        )));
    };
    Ok(Subject {
        name: printable(&path.file_stem().unwrap_or_default().to_string_lossy()),
        file: path.to_owned(),
        kind,
        sha256: Digest::compute(&wasm),
        wasm,
    })
}

/// Control characters have no place in a table, and may not be in an SVG.
fn printable(name: &str) -> String {
    name.replace(|letter: char| letter.is_control(), "\u{fffd}")
}
