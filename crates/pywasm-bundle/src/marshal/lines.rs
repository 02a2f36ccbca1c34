//! Line tables lose their columns: in comes what the compiler knows of each instruction's
//! place (PEP 657), out goes the line alone, neighbours of one line as one entry.
//!
//! Columns serve the `^^^^` marks under a source line in a traceback. Where an artifact has no
//! sources, nothing can be marked, and the columns are a fifth of its bytecode's Brotli bytes.
//!
//! An entry is a byte with the high bit, 4 bits of its form and 3 bits of its length in code
//! units less one, and then bytes without the high bit. `Objects/codeobject.c` and
//! `InternalDocs/code_objects.md` of CPython describe the forms.

use std::collections::HashMap;

use super::Error;
use super::graph::{Graph, LINE_TABLE, NodeId, code};

/// New line tables, with their lengths before them as marshal has it, by the nodes of the
/// old ones.
pub(super) type LineTables = HashMap<NodeId, Vec<u8>>;

const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NO_LOCATION: u8 = 15;
/// The most code units of one entry.
const ENTRY_LENGTH: usize = 8;

/// The line tables of all code objects in the graph, without columns.
///
/// # Errors
///
/// Where a code object has something else than a line table in the line table's place.
pub(super) fn drop_columns(graph: &Graph<'_>) -> Result<LineTables, Error> {
    let mut tables = LineTables::new();
    for node in graph.nodes().iter().filter(|node| node.code == code::CODE) {
        let id = node.children[LINE_TABLE];
        let bytes = graph.node(id);
        if bytes.code != code::BYTES {
            return Err(Error::BadLineTable);
        }
        let table = lines_only(&bytes.head[4..])?;
        // It is no longer than the old one, or its 2 bytes stand for at least 1 of a long one.
        let length = u32::try_from(table.len()).map_err(|_| Error::BadLineTable)?;
        tables.insert(id, [&length.to_le_bytes()[..], &table].concat());
    }
    Ok(tables)
}

/// One line table without its columns.
fn lines_only(table: &[u8]) -> Result<Vec<u8>, Error> {
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

/// Instructions in a row that belong to one line, or to none.
struct Run {
    line: Option<i64>,
    /// In code units.
    length: usize,
}

impl Run {
    /// `written` is the last line that stands in `out`.
    fn write(&self, out: &mut Vec<u8>, written: &mut i64) {
        let mut left = self.length;
        while left > 0 {
            let length = left.min(ENTRY_LENGTH);
            left -= length;
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

/// The number at the start of `payload`: 6 bits a byte, lowest first, bit 6 where more
/// follow; the lowest bit of all is the sign.
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
