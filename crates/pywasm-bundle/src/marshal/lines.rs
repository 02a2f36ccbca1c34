//! Removes the columns from line tables (PEP 657), and joins adjacent entries of the same line.
//!
//! Columns are for the `^^^^` marks under a source line in a traceback. An artifact without sources
//! cannot show these marks, and columns would be a fifth of its bytecode's Brotli bytes.
//!
//! An entry starts with a byte that has the high bit, 4 bits for its form, and 3 bits for its length
//! in code units minus one. Bytes without the high bit follow. `Objects/codeobject.c` and
//! `InternalDocs/code_objects.md` of CPython describe the forms.

use std::collections::HashMap;

use super::Error;
use super::graph::{Graph, LINE_TABLE, NodeId, code};

/// The new line tables by the nodes of the old ones, each with its length in front, as in marshal.
pub(super) type LineTables = HashMap<NodeId, Vec<u8>>;

const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NO_LOCATION: u8 = 15;
/// The largest number of code units in an entry.
const ENTRY_LENGTH: usize = 8;

/// Removes the columns from the line tables of all code objects in the graph.
///
/// # Errors
///
/// When the line table of a code object is not valid.
pub(super) fn drop_columns(graph: &Graph<'_>) -> Result<LineTables, Error> {
    let mut tables = LineTables::new();
    for node in graph.nodes().iter().filter(|node| node.code == code::CODE) {
        let id = node.children[LINE_TABLE];
        let bytes = graph.node(id);
        if bytes.code != code::BYTES {
            return Err(Error::BadLineTable);
        }
        let table = drop_table_columns(&bytes.head[4..])?;
        // The table is not longer than the old one, except that 2 bytes may replace 1 of a long entry.
        let length = u32::try_from(table.len()).map_err(|_| Error::BadLineTable)?;
        tables.insert(id, [&length.to_le_bytes()[..], &table].concat());
    }
    Ok(tables)
}

/// Removes the columns from one line table.
fn drop_table_columns(table: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(table.len());
    let mut run = Run {
        line: Some(0),
        length: 0,
    };
    // Lines count from the code object's first one.
    let (mut line, mut written) = (0i64, 0i64);
    let mut rest = table;
    while let Some((&first, after)) = rest.split_first() {
        if first & 0x80 == 0 {
            return Err(Error::BadLineTable);
        }
        let end = after
            .iter()
            .position(|byte| byte & 0x80 != 0)
            .unwrap_or(after.len());
        let (payload, next) = after.split_at(end);
        let form = first >> 3 & 15;
        line += match form {
            NO_COLUMNS | LONG => signed(payload)?,
            10..=12 => i64::from(form - 10),
            _ => 0,
        };
        let here = (form != NO_LOCATION).then_some(line);
        if here != run.line {
            run.write(&mut out, &mut written);
            run = Run {
                line: here,
                length: 0,
            };
        }
        run.length += usize::from(first & 7) + 1;
        rest = next;
    }
    run.write(&mut out, &mut written);
    Ok(out)
}

/// Adjacent instructions that belong to the same line, or to none.
struct Run {
    line: Option<i64>,
    /// In code units.
    length: usize,
}

impl Run {
    /// Writes the run. `written` is the last line in `out`.
    fn write(&self, out: &mut Vec<u8>, written: &mut i64) {
        let mut remaining = self.length;
        while remaining > 0 {
            let length = remaining.min(ENTRY_LENGTH);
            remaining -= length;
            let form = if self.line.is_some() {
                NO_COLUMNS
            } else {
                NO_LOCATION
            };
            out.push(0x80 | form << 3 | (length - 1) as u8);
            if let Some(line) = self.line {
                push_signed(out, line - *written);
                *written = line;
            }
        }
    }
}

/// Reads the number at the start of `payload`. Each byte has 6 bits, lowest first; bit 6 means that
/// more bytes follow. The lowest bit of the number is the sign.
fn signed(payload: &[u8]) -> Result<i64, Error> {
    let mut value = 0u64;
    // CPython's numbers are 32 bits wide.
    for (position, byte) in payload.iter().take(6).enumerate() {
        value |= u64::from(byte & 0x3f) << (6 * position);
        if byte & 0x40 == 0 {
            let magnitude = (value >> 1) as i64;
            return Ok(if value & 1 == 1 { -magnitude } else { magnitude });
        }
    }
    Err(Error::BadLineTable)
}

fn push_signed(out: &mut Vec<u8>, value: i64) {
    let mut rest = value.unsigned_abs() << 1 | u64::from(value < 0);
    while rest >= 0x40 {
        out.push(0x40 | (rest & 0x3f) as u8);
        rest >>= 6;
    }
    out.push(rest as u8);
}
