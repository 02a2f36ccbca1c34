//! Says what the resolver asks of a cache of scans. Most files of a program are the same in each run,
//! and scanning them takes most of its time.

use pywasm_digest::Digest;
use pywasm_scan::FileScan;

/// Says which scan is meant.
#[derive(Debug, Clone, Copy)]
pub struct ScanId {
    /// A digest of the package that the file is in. A run needs most scans of a package together.
    pub package: Digest,
    /// A digest of all that the scan depends on.
    pub inputs: Digest,
}

/// Keeps the scans of files for later runs.
pub trait ScanCache: Sync {
    /// Gives the scan that an earlier run made from the same inputs, or makes it.
    fn get_or(&self, id: ScanId, scan: &dyn Fn() -> FileScan) -> FileScan;
}

/// Keeps nothing.
pub(crate) struct NoScanCache;

impl ScanCache for NoScanCache {
    fn get_or(&self, _: ScanId, scan: &dyn Fn() -> FileScan) -> FileScan {
        scan()
    }
}
