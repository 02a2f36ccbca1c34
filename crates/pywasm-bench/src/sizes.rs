//! Computes the Brotli sizes of the artifacts side by side, before anything is timed, and remembers
//! them.

use std::{fs, path::Path, sync::atomic::AtomicUsize, sync::atomic::Ordering, thread};

use pywasm_cache::write_cached;
use pywasm_dist::{COMPRESS_VERSION, compress};

use crate::artifact::BenchArtifact;

/// Returns one size for each artifact, in bytes.
pub(crate) fn measure_brotli(folder: &Path, artifacts: &[BenchArtifact]) -> Vec<u64> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let mut sizes = vec![0; artifacts.len()];
    thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(artifact) = artifacts.get(at) else {
                    return done;
                };
                done.push((at, size(folder, artifact)));
            }
        };
        let threads: Vec<_> = (0..workers.min(artifacts.len()))
            .map(|_| scope.spawn(work))
            .collect();
        for thread in threads {
            let done = thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            for (at, size) in done {
                sizes[at] = size;
            }
        }
    });
    sizes
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
