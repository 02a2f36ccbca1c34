//! The read-only file system that an artifact carries: files and folders come in, one block
//! of bytes goes out, and such a block can be read.
//!
//! The format is described in `docs/internals/image-format.md`; the reader that counts
//! is the C code in the base.

mod build;
mod read;

use thiserror::Error;

pub use build::ImageBuilder;
pub use read::{Entry, Image, Kind, ReadError};

/// The first bytes of an image.
pub const MAGIC: [u8; 8] = *b"PYWASMFS";

/// The version of the format.
pub const VERSION: u32 = 1;

/// How the image's first byte must be aligned in memory.
pub const ALIGNMENT: u32 = 16;

const HEADER_LENGTH: u32 = 24;
const NODE_LENGTH: u32 = 24;
const DATA_ALIGNMENT: u32 = 8;
const DIRECTORY: u32 = 1;
const FILE: u32 = 2;

/// A file system that cannot be built. Paths are relative to the image's root.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BuildError {
    /// A part of a path is empty, `.`, `..`, or holds a NUL.
    #[error("the path {path:?} cannot stand in an image")]
    Name {
        /// The path as it was given.
        path: String,
    },
    /// A file of this path is there already.
    #[error("two files for the path {path:?}")]
    Duplicate {
        /// The path.
        path: String,
    },
    /// A file where a folder is, or the other way round.
    #[error("the path {path:?} is both a file and a folder")]
    Conflict {
        /// The path.
        path: String,
    },
    /// The format's offsets are 32 bits wide.
    #[error("the files of the bundle take more than 4 GiB")]
    TooLarge,
}

/// Whether `name` may be one part of a path.
fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\0'])
}
