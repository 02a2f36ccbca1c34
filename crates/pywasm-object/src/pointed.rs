//! Finds which ranges of a memory, not known to be needed, some address in the rest of the memory
//! leads into.
//!
//! The search is conservative: each four bytes at an even address count as a
//! pointer. (CPython keeps pointers in bytecode, which is aligned to two.) A
//! range that something points to is searched in its turn.

use std::ops::Range;

/// Pointers may stand this far before an object, at a header that is not part of its symbol.
const BEFORE: u32 = 16;

/// For each range, sorted and without overlaps, whether anything points to it.
pub(crate) fn find_pointed(memory: &[u8], ranges: &[Range<u32>]) -> Vec<bool> {
    let mut pointed = vec![false; ranges.len()];
    let (Some(first), Some(last)) = (ranges.first(), ranges.last()) else {
        return pointed;
    };
    let (least, greatest) = (first.start.saturating_sub(BEFORE), last.end);
    let mut pending = between(ranges, memory.len());
    while let Some(span) = pending.pop() {
        for word in words(memory, span) {
            if word < least || word > greatest {
                continue;
            }
            // Two ranges may touch: an address between them is the end of one and the start of the other.
            let from = ranges.partition_point(|range| range.end < word);
            let to = ranges.partition_point(|range| range.start.saturating_sub(BEFORE) <= word);
            for index in from..to {
                if !std::mem::replace(&mut pointed[index], true) {
                    pending.push(ranges[index].start as usize..ranges[index].end as usize);
                }
            }
        }
    }
    pointed
}

/// All words at even addresses that have a byte in the span.
fn words(memory: &[u8], span: Range<usize>) -> impl Iterator<Item = u32> + '_ {
    let start = span.start.saturating_sub(3).next_multiple_of(2);
    let end = memory.len().min(span.end.saturating_add(3));
    let bytes = memory.get(start..end).unwrap_or_default();
    let halves = || {
        bytes
            .chunks_exact(2)
            .map(|half| u16::from_le_bytes([half[0], half[1]]))
    };
    halves()
        .zip(halves().skip(1))
        .map(|(low, high)| u32::from(low) | u32::from(high) << 16)
}

/// What of `0..length` is in none of the ranges.
fn between(ranges: &[Range<u32>], length: usize) -> Vec<Range<usize>> {
    let mut from = 0;
    let mut spans = Vec::new();
    for range in ranges {
        spans.push(from..range.start as usize);
        from = range.end as usize;
    }
    spans.push(from..length);
    spans.retain(|span| !span.is_empty());
    spans
}
