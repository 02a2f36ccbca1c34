//! Reads a table of records in a module's data: the names in it, and its bytes with only some of
//! the records.
//!
//! C programs list what they are built of in arrays like
//! `struct { const char *name; void (*init)(void); } table[]`, ended by a
//! record of zeros. Taking records out of such an array is what lets shaking
//! drop what only they refer to. The program must read the array from its
//! start to its end; an address of a later record, kept elsewhere, would be
//! wrong afterwards.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::graph::{DataRange, Graph, Node};
use crate::linking::Linking;
use crate::parse::Module;
use crate::{Error, RecordTable};

/// A record table as it is in the module.
pub(crate) struct Records {
    /// Index of its range in the graph.
    pub(crate) range: u32,
    /// Its bytes.
    pub(crate) bytes: DataRange,
    /// Name and bytes (offsets in the segment) of each record, in order.
    pub(crate) records: Vec<(String, Range<u32>)>,
}

impl Records {
    /// The records with a name in `keep`, in order.
    pub(crate) fn kept<'a>(
        &'a self,
        keep: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = &'a (String, Range<u32>)> {
        self.records.iter().filter(|(name, _)| keep.contains(name))
    }

    /// Names in `keep` that no record has.
    pub(crate) fn unknown(&self, keep: &BTreeSet<String>) -> Vec<String> {
        let known: BTreeSet<&String> = self.records.iter().map(|(name, _)| name).collect();
        keep.iter()
            .filter(|name| !known.contains(name))
            .cloned()
            .collect()
    }

    /// The table's new bytes: the kept records first, then zeros.
    pub(crate) fn compacted(&self, module: &Module<'_>, keep: &BTreeSet<String>) -> Vec<u8> {
        let data = module.data_bytes(self.bytes.segment as usize);
        let mut bytes: Vec<u8> = Vec::new();
        for (_, record) in self.kept(keep) {
            bytes.extend_from_slice(&data[record.start as usize..record.end as usize]);
        }
        bytes.resize((self.bytes.end - self.bytes.start) as usize, 0);
        bytes
    }
}

/// Finds a table by its symbol and reads its records.
pub(crate) fn records(
    module: &Module<'_>,
    linking: &Linking<'_>,
    graph: &Graph,
    table: &RecordTable,
) -> Result<Records, Error> {
    let fail = |problem: String| Error::Table {
        table: table.symbol.clone(),
        problem,
    };
    let Some(Node::Data(range)) = graph.symbol(linking.find(&table.symbol)?) else {
        return Err(fail("is not data".to_owned()));
    };
    let bytes = graph.ranges[range as usize];
    let shared = graph.ranges.iter().enumerate().any(|(other, found)| {
        let overlaps = found.segment == bytes.segment && found.start < bytes.end && found.end > bytes.start;
        other != range as usize && overlaps
    });
    if shared {
        return Err(fail("shares bytes with another symbol".to_owned()));
    }
    let size = table.record_size;
    if size == 0 || table.key_offset.checked_add(4).is_none_or(|end| end > size) {
        return Err(fail(format!(
            "cannot have records of {size} bytes with a name at {}",
            table.key_offset
        )));
    }
    let data = &module.data_bytes(bytes.segment as usize)[bytes.start as usize..bytes.end as usize];
    if !data.len().is_multiple_of(size as usize) {
        return Err(fail(format!(
            "has {} bytes, which is not a multiple of the record size {size}",
            data.len()
        )));
    }
    let mut records = Vec::new();
    let mut ended = false;
    for (number, record) in data.chunks_exact(size as usize).enumerate() {
        let zeros = record.iter().all(|&byte| byte == 0);
        if ended && !zeros {
            return Err(fail(format!("continues after its end, at record {number}")));
        }
        ended |= zeros;
        if !zeros {
            let key = &record[table.key_offset as usize..];
            let address = key
                .iter()
                .take(4)
                .rev()
                .fold(0_u64, |value, &byte| value << 8 | u64::from(byte));
            let name =
                text(module, address).ok_or_else(|| fail(format!("has no name in record {number}")))?;
            let start = bytes.start + number as u32 * size;
            records.push((name.to_owned(), start..start + size));
        }
    }
    if !ended {
        return Err(fail("does not end with a record of zeros".to_owned()));
    }
    Ok(Records {
        range,
        bytes,
        records,
    })
}

/// The NUL-terminated text at an address.
fn text<'a>(module: &Module<'a>, address: u64) -> Option<&'a str> {
    for (segment, data) in module.data.iter().enumerate() {
        let Some(offset) = data.address.and_then(|start| address.checked_sub(start)) else {
            continue;
        };
        let Some(bytes) = usize::try_from(offset)
            .ok()
            .and_then(|offset| module.data_bytes(segment).get(offset..))
        else {
            continue;
        };
        let end = bytes.iter().position(|&byte| byte == 0)?;
        return std::str::from_utf8(&bytes[..end])
            .ok()
            .filter(|name| !name.is_empty());
    }
    None
}
