//! Reads the files to compare, checks that each is WebAssembly, and gives each a name.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use pywasm_digest::Digest;
use pywasm_engine::bench::BinaryKind;

use crate::Error;

/// An artifact to measure.
pub(crate) struct BenchArtifact {
    /// Its name in tables and charts.
    pub(crate) name: String,
    /// Its path, as the user wrote it.
    pub(crate) file: PathBuf,
    pub(crate) kind: BinaryKind,
    pub(crate) sha256: Digest,
    pub(crate) wasm: Vec<u8>,
}

impl BenchArtifact {
    /// Returns `argv[0]`: the file's name without its folder.
    pub(crate) fn program(&self) -> String {
        let name = self.file.file_name().unwrap_or(OsStr::new(""));
        name.to_string_lossy().into_owned()
    }
}

/// Reads the files. No path may occur twice.
pub(crate) fn read(paths: &[&PathBuf]) -> Result<Vec<BenchArtifact>, Error> {
    for (at, path) in paths.iter().enumerate() {
        if paths[..at].contains(path) {
            return Err(Error::GivenTwice((*path).clone()));
        }
    }
    let mut artifacts = paths
        .iter()
        .map(|path| read_one(path))
        .collect::<Result<Vec<_>, Error>>()?;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for artifact in &artifacts {
        *seen.entry(artifact.name.clone()).or_default() += 1;
    }
    for artifact in &mut artifacts {
        if seen[&artifact.name] > 1 {
            artifact.name = replace_controls(&artifact.file.to_string_lossy());
        }
    }
    Ok(artifacts)
}

fn read_one(path: &Path) -> Result<BenchArtifact, Error> {
    let end = path.extension().unwrap_or_default();
    let hint = if end == "cwasm" {
        Some("give the .wasm file that it was made from; `pywasm bench` makes the machine code itself")
    } else if end == "br" {
        Some("give the .wasm file; `pywasm bench` shows its Brotli size as well")
    } else {
        None
    };
    if let Some(hint) = hint {
        return Err(Error::OtherForm {
            path: path.to_owned(),
            hint,
        });
    }
    if !path.exists() {
        return Err(Error::NotThere(path.to_owned()));
    }
    let wasm = fs::read(path).map_err(Error::io(format!("read {}", path.display())))?;
    let Some(kind) = BinaryKind::detect(&wasm) else {
        return Err(Error::NotWasm(path.to_owned()));
    };
    Ok(BenchArtifact {
        name: replace_controls(&path.file_stem().unwrap_or_default().to_string_lossy()),
        file: path.to_owned(),
        kind,
        sha256: Digest::compute(&wasm),
        wasm,
    })
}

/// Replaces control characters, which break a table and are forbidden in an SVG.
fn replace_controls(name: &str) -> String {
    name.replace(|letter: char| letter.is_control(), "\u{fffd}")
}
