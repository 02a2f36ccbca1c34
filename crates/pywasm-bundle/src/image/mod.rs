//! Builds and reads images: read-only file systems that are one block of bytes.
//!
//! `docs/internals/image-format.md` describes the format. At run time, C code in the base reads it.

mod build;
mod read;

use thiserror::Error;

pub use build::ImageBuilder;
pub use read::{Entry, Image, Kind, ReadError};

/// The first bytes of an image.
pub const MAGIC: [u8; 8] = *b"PYWASMFS";

/// The version of the format.
pub const VERSION: u32 = 1;

/// The alignment of the image in memory.
pub const ALIGNMENT: u32 = 16;

/// The longest path from the root, in bytes with a `/` after each part; as on Linux.
const LONGEST_PATH: usize = 4096;

const HEADER_LENGTH: u32 = 24;
const NODE_LENGTH: u32 = 24;
const DATA_ALIGNMENT: u32 = 8;
const DIRECTORY: u32 = 1;
const FILE: u32 = 2;

/// Why an image cannot be built. Paths are relative to the image's root.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BuildError {
    /// A part of the path is empty, `.` or `..`, or contains a NUL; or the path is too long.
    #[error("the path {path:?} is not allowed in an image")]
    Name {
        /// The path.
        path: String,
    },
    /// The image already has a file with this path.
    #[error("two files have the path {path:?}")]
    Duplicate {
        /// The path.
        path: String,
    },
    /// A file and a folder have the same path.
    #[error("the path {path:?} is both a file and a folder")]
    Conflict {
        /// The path.
        path: String,
    },
    /// The image is too large for offsets of 32 bits.
    #[error("the files in the image take more than 4 GiB")]
    TooLarge,
}

/// Whether `name` may be a part of a path.
fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\0'])
}
