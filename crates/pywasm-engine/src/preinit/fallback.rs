//! Puts the way back to an earlier memory behind a memory: two memories of the same guest in, one
//! that holds what differs out.
//!
//! For each run of words that differ, the way back has the address, the length and the earlier
//! bytes. The guest's variable `pywasm_fallback` gets the address and the length of all of it.
//! Memory that the guest has only got since then needs no way back: no allocator relies on what
//! stands there.
//!
//! The guest has emptied the files of the modules that it has imported. Those of modules that it
//! imported behind the earlier memory stay as they were, so the way back need not have them: in
//! one piece they take less.

use std::ops::Range;

use super::image::PAGE;
use crate::Error;

const WORD: usize = 4;

/// Equal words between two runs that cost less than a run of their own.
const GAP: usize = 2 * WORD;

/// What the way back takes.
#[derive(Debug)]
pub(super) struct Way {
    /// All bytes, those of files that stay for it too.
    pub(super) bytes: u64,
    pub(super) addresses: Range<u64>,
}

/// Adds the way from `memory` to `earlier`; both have the image at `image`.
pub(super) fn add(
    memory: &mut Vec<u8>,
    earlier: &[u8],
    image: Range<usize>,
    variable: Option<u32>,
) -> Result<Way, Error> {
    let variable = variable.ok_or_else(|| Error::Agreement("the guest cannot fall back".to_owned()))?;
    let kept = keep_files(memory, earlier, image);
    let way = way_back(memory, earlier);
    let (start, length) = (memory.len(), way.len());
    memory.extend_from_slice(&way);
    memory.resize(memory.len().next_multiple_of(PAGE), 0);
    let at = variable as usize;
    let outside = || Error::Agreement(format!("pywasm_fallback, {variable}, is outside of the memory"));
    let words = memory.get_mut(at..at + 2 * WORD).ok_or_else(outside)?;
    words[..WORD].copy_from_slice(&(start as u32).to_le_bytes());
    words[WORD..].copy_from_slice(&(length as u32).to_le_bytes());
    Ok(Way {
        bytes: (kept + length) as u64,
        addresses: start as u64..(start + length) as u64,
    })
}

/// Takes the emptied files of the image from `earlier`, as far as it has them. Returns their bytes.
fn keep_files(memory: &mut [u8], earlier: &[u8], image: Range<usize>) -> usize {
    let (Some(own), Some(files)) = (memory.get_mut(image.clone()), earlier.get(image)) else {
        return 0;
    };
    let mut kept = 0;
    for (own, file) in own.iter_mut().zip(files) {
        if *own == 0 && *file != 0 {
            *own = *file;
            kept += 1;
        }
    }
    kept
}

fn way_back(memory: &[u8], earlier: &[u8]) -> Vec<u8> {
    let mut way = Vec::new();
    let differs = |at: usize| memory.get(at..at + WORD) != earlier.get(at..at + WORD);
    let mut at = 0;
    while at < earlier.len() {
        if !differs(at) {
            at += WORD;
            continue;
        }
        let start = at;
        let mut end = at + WORD;
        while at < earlier.len() && at <= end + GAP {
            if differs(at) {
                end = at + WORD;
            }
            at += WORD;
        }
        way.extend_from_slice(&(start as u32).to_le_bytes());
        way.extend_from_slice(&((end - start) as u32).to_le_bytes());
        way.extend_from_slice(&earlier[start..end]);
    }
    way
}

#[cfg(test)]
mod tests {
    use super::{PAGE, add};

    /// What the guest does.
    fn restore(memory: &mut [u8], variable: usize) {
        let word = |memory: &[u8], at: usize| {
            u32::from_le_bytes(memory[at..at + 4].try_into().expect("four bytes")) as usize
        };
        let (mut at, end) = (
            word(memory, variable),
            word(memory, variable) + word(memory, variable + 4),
        );
        while at < end {
            let (to, length) = (word(memory, at), word(memory, at + 4));
            memory.copy_within(at + 8..at + 8 + length, to);
            at += 8 + length;
        }
    }

    #[test]
    fn the_way_leads_back() {
        let mut earlier = vec![0; PAGE];
        for (at, byte) in earlier.iter_mut().enumerate() {
            *byte = (at % 251) as u8;
        }
        earlier[8..16].fill(0);
        let mut memory = earlier.clone();
        memory.resize(2 * PAGE, 7);
        for at in [0, 100, 104, 112, 500, PAGE - 1] {
            memory[at] ^= 0xff;
        }
        let way = add(&mut memory, &earlier, 0..0, Some(8)).expect("added");
        assert!(way.bytes > 0 && way.bytes < 200, "{way:?}");
        assert_eq!(way.addresses, 2 * PAGE as u64..2 * PAGE as u64 + way.bytes);
        assert_eq!(memory.len(), 3 * PAGE);
        restore(&mut memory, 8);
        earlier[8..16].copy_from_slice(&memory[8..16]);
        assert!(memory[..PAGE] == earlier);
    }

    #[test]
    fn files_that_were_emptied_since_stay() {
        let mut earlier = vec![0; PAGE];
        earlier[600..900].fill(5);
        let mut memory = earlier.clone();
        memory[700..800].fill(0);
        memory[1000] = 1;
        let way = add(&mut memory, &earlier, 512..1024, Some(8)).expect("added");
        assert_eq!(way.bytes, 100 + 12);
        assert_eq!(memory[700..800], [5; 100]);
        restore(&mut memory, 8);
        assert_eq!(memory[512..PAGE], earlier[512..]);
    }

    #[test]
    fn a_guest_without_the_variable_is_refused() {
        let memory = vec![0; PAGE];
        assert!(add(&mut memory.clone(), &memory, 0..0, None).is_err());
        assert!(add(&mut memory.clone(), &memory, 0..0, Some(PAGE as u32 * 2)).is_err());
    }
}
