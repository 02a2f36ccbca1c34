//! Knows the files of a build: what they are called and of what kind they are, the compressed
//! forms of the module, the record and the names of interfaces inside of it, how they are written into a folder, and what an
//! earlier build left there.

#![deny(missing_docs)]

mod compress;
mod interfaces;
mod kind;
mod names;
mod output;
mod pieces;
pub mod record;
mod write;

pub use compress::{DecompressError, compress, decompress, gzip, zstd};
pub use interfaces::Interfaces;
pub use kind::{ArtifactKind, NativeCompiler};
pub use names::{FileNames, SUMS};
pub use output::{OutputFile, OutputFiles};
pub use pieces::{COMPRESS_VERSION, Piece, compress_pieces};
pub use record::{ModuleRecord, RecordError};
pub use write::{WriteError, write};
