//! Identifiers as numbers. A program mentions hundreds of thousands of names; what is asked of
//! them is only whether one occurs, so a set of hashes is enough. A collision would keep a
//! module that could have left, and nothing else.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// A name's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NameId(u64);

impl NameId {
    /// FNV-1a, which is the same on every machine.
    pub(crate) fn of(name: &str) -> Self {
        Self(name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }
}

/// A set of names.
pub(crate) type NameSet = HashSet<NameId, BuildHasherDefault<Same>>;

/// The number is a hash already.
#[derive(Debug, Default)]
pub(crate) struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}
