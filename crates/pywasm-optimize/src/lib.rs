//! The general-purpose tools of the pipeline: Binaryen's optimizer and Brotli.
//!
//! Bytes in, bytes out. Both run in this process, so that no build depends on what a
//! machine happens to have installed, and both give the same bytes for the same input.

mod compress;
mod optimize;

pub use compress::{COMPRESS_VERSION, DecompressError, compress, decompress};
pub use optimize::{Level, OPTIMIZE_VERSION, OptimizeError, optimize};
