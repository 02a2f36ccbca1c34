//! Computes the Brotli sizes of the artifacts, before anything is timed, and remembers them.

use std::{fs, path::Path};

use pywasm_cache::write_cached;
use pywasm_dist::{COMPRESS_VERSION, compress};

use crate::artifact::BenchArtifact;

/// Returns one size for each artifact, in bytes.
pub(crate) fn measure_brotli(folder: &Path, artifacts: &[BenchArtifact]) -> Vec<u64> {
    artifacts.iter().map(|artifact| size(folder, artifact)).collect()
}

/// Reads the size from the cache or computes it. A damaged entry does not count, and a cache that cannot
/// be written only costs time.
fn size(folder: &Path, artifact: &BenchArtifact) -> u64 {
    let path = folder.join(format!("{}-{COMPRESS_VERSION}", artifact.sha256));
    let known = fs::read_to_string(&path)
        .ok()
        .and_then(|text| text.trim().parse().ok());
    if let Some(size) = known.filter(|&size| size > 0) {
        return size;
    }
    let size = compress(&artifact.wasm).len() as u64;
    let _only_costs_time = write_cached(&path, &[format!("{size}\n").as_bytes()]);
    size
}
