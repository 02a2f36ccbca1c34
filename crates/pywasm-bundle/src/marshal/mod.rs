//! Rewrites a marshal stream of CPython 3.13 into the canonical stream for the same value.
//!
//! `marshal.dumps` decides by reference counts which objects it writes as shareable, sorts the
//! elements of frozensets by bytes that depend on this decision, and records whether a string is
//! interned, which may depend on an earlier file. So the bytes for a source depend on what else the
//! process compiled. The canonical form depends only on the value:
//!
//! - equal immutable objects are one object. So a stream has fewer objects than CPython's, which
//!   keeps copies across nested functions. Exceptions are NaNs, whose identity can be observed through
//!   `==` of containers, and code objects, lists, dicts and sets;
//! - equal means the same type and the same bytes: `1`, `1.0`, `True`, `-0.0` and `0.0` all differ;
//! - a string that is interned somewhere in the stream is interned everywhere in it;
//! - an object that occurs once, or is not longer than a reference, is written in place;
//! - references are numbered in the order of the stream;
//! - elements of sets are sorted by their bytes.
//!
//! The canonical form of a canonical stream is the stream itself.
//!
//! The format has no specification; `Python/marshal.c` defines it. An object whose type byte has the
//! high bit takes the next index when that byte is read, before any object inside it. `None`, `True`,
//! `False`, `...` and `StopIteration` never take an index.

mod graph;
mod lines;
mod normalize;
mod read;
mod write;

use thiserror::Error;

/// The deepest nesting of objects, which is that of CPython on WASI.
const DEPTH_LIMIT: usize = 1500;

/// Why a stream cannot be made canonical. Offsets are relative to the start of the stream.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// The stream ends within an object, or an object claims to be longer than the stream.
    #[error("marshal data ends within the object at offset {offset}")]
    Truncated {
        /// The start of the incomplete part.
        offset: usize,
    },
    /// A type code that CPython 3.13 does not read.
    #[error("unknown marshal type code {code:#04x} at offset {offset}")]
    UnknownType {
        /// The byte, without the flag for a reference.
        code: u8,
        /// Its offset.
        offset: usize,
    },
    /// A length is negative.
    #[error("invalid length in marshal data at offset {offset}")]
    BadLength {
        /// The offset of the length.
        offset: usize,
    },
    /// A reference to an object that does not exist or is not complete yet.
    #[error("invalid reference {index} in marshal data at offset {offset}")]
    BadReference {
        /// The number in the stream.
        index: u32,
        /// The offset of the reference.
        offset: usize,
    },
    /// The end of a dict where an object must be.
    #[error("misplaced end of a dict in marshal data at offset {offset}")]
    MisplacedNull {
        /// Its offset.
        offset: usize,
    },
    /// Objects are nested more deeply than CPython could read.
    #[error("marshal data is nested too deeply at offset {offset}")]
    TooDeep {
        /// The offset at which the limit was exceeded.
        offset: usize,
    },
    /// The elements of nested sets are too large to be sorted.
    #[error("sets in the marshal data are too large to be sorted")]
    SetTooLarge,
    /// The line table of a code object is not valid.
    #[error("a code object in the marshal data has an invalid line table")]
    BadLineTable,
    /// Bytes follow the object.
    #[error("{count} bytes follow the object in marshal data")]
    TrailingBytes {
        /// The number of bytes.
        count: usize,
    },
}

/// Whether code objects keep the columns of their instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Columns are kept, so that tracebacks can mark the place in a source line.
    Keep,
    /// Only line numbers are kept.
    Drop,
}

/// Rewrites the object in `stream` in canonical form.
///
/// # Errors
///
/// When `stream` is not exactly one object that CPython 3.13 could read, or is nested too deeply.
pub fn canonicalise(stream: &[u8], columns: Columns) -> Result<Vec<u8>, Error> {
    let (graph, root) = read::read(stream)?;
    let lines = match columns {
        Columns::Keep => lines::LineTables::new(),
        Columns::Drop => lines::drop_columns(&graph)?,
    };
    let (graph, root) = normalize::normalize(&graph, root, &lines, stream.len())?;
    Ok(write::write(&graph, root, stream.len()))
}
