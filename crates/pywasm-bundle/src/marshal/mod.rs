//! A marshal stream of CPython 3.13 comes in, the one canonical stream for the same value
//! goes out.
//!
//! Why: `marshal.dumps` decides by reference counts which objects to write as shareable,
//! sorts the elements of frozensets by bytes that show this decision, and tells whether a
//! string is interned, which may be due to an earlier file. So one source gives different
//! bytes, depending on what else the process compiled. The canonical form depends on the
//! value alone:
//!
//! - equal immutable objects are one object (a stream has thus fewer of them than CPython's
//!   own, which keeps copies across nested functions), but never a NaN, whose identity can be
//!   observed through `==` of containers, and never code objects, lists, dicts or sets;
//! - equal means the same type and the same bytes: `1`, `1.0`, `True`, `-0.0` and `0.0` stay
//!   apart;
//! - a string that is interned somewhere in the stream is interned everywhere in it;
//! - an object that occurs once, or is as short as a reference, is written in place;
//! - references are numbered in the order of the stream;
//! - elements of sets are sorted by their bytes.
//!
//! The canonical form of a canonical stream is the same bytes again.
//!
//! The format has no specification; the source is `Python/marshal.c`. Its rule for numbering:
//! an object whose type byte has the high bit takes the next index when its type byte is read,
//! before any object inside it, and `None`, `True`, `False`, `...` and `StopIteration` never
//! take one.

mod graph;
mod lines;
mod read;
mod settle;
mod write;

use thiserror::Error;

/// How deep objects may nest: as deep as CPython on WASI reads and writes.
const DEPTH_LIMIT: usize = 1500;

/// A stream that cannot be made canonical. Offsets count from the start of the stream.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// The stream ends within an object, or an object says that it is longer than the stream.
    #[error("marshal data ends within the object at offset {offset}")]
    Truncated {
        /// Where the incomplete part starts.
        offset: usize,
    },
    /// A type code that CPython 3.13 does not read.
    #[error("unknown marshal type code {code:#04x} at offset {offset}")]
    UnknownType {
        /// The byte, without the flag for a reference.
        code: u8,
        /// Where it stands.
        offset: usize,
    },
    /// A length below zero.
    #[error("bad length in marshal data at offset {offset}")]
    BadLength {
        /// Where the length stands.
        offset: usize,
    },
    /// A reference to no object, or to one that is not complete yet.
    #[error("bad reference {index} in marshal data at offset {offset}")]
    BadReference {
        /// The number in the stream.
        index: u32,
        /// Where the reference stands.
        offset: usize,
    },
    /// The end mark of a dict where an object must stand.
    #[error("misplaced end of a dict in marshal data at offset {offset}")]
    MisplacedNull {
        /// Where it stands.
        offset: usize,
    },
    /// Objects nest deeper than CPython would read.
    #[error("marshal data nests too deep at offset {offset}")]
    TooDeep {
        /// Where the limit was passed.
        offset: usize,
    },
    /// The elements of nested sets are too large to be put in order.
    #[error("sets in the marshal data are too large to be sorted")]
    SetTooLarge,
    /// A code object's line table is not one.
    #[error("a code object in the marshal data has a bad line table")]
    BadLineTable,
    /// More bytes than one object.
    #[error("{count} bytes stand after the object in marshal data")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
}

/// Whether code objects keep the columns of their instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Tracebacks can mark the place in a source line: for artifacts that have sources.
    Keep,
    /// Only line numbers stay.
    Drop,
}

/// Writes the object in `stream` in canonical form.
///
/// # Errors
///
/// Where `stream` is not exactly one object that CPython 3.13 would read, or nests too deep.
pub fn canonicalise(stream: &[u8], columns: Columns) -> Result<Vec<u8>, Error> {
    let (graph, root) = read::read(stream)?;
    let lines = match columns {
        Columns::Keep => lines::LineTables::new(),
        Columns::Drop => lines::drop_columns(&graph)?,
    };
    let (graph, root) = settle::settle(&graph, root, &lines, stream.len())?;
    Ok(write::write(&graph, root, stream.len()))
}
