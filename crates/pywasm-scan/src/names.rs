//! Turns identifiers into numbers. A program mentions hundreds of thousands of names, and the only
//! question is whether one occurs, so a set of hashes is enough. The only effect of a collision would be
//! a module too many.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};

/// A name's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NameId(#[serde(with = "postcard::fixint::le")] u64);

impl NameId {
    /// Hashes the name with FNV-1a, which is the same on every machine.
    pub fn new(name: &str) -> Self {
        Self(name.bytes().fold(OFFSET, step))
    }
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Hashes with FNV-1a, which is fast for short texts such as names.
#[derive(Debug)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(OFFSET)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| step(hash, *byte));
    }
}

/// A set of words to look for.
pub type Words = HashSet<String, BuildHasherDefault<Fnv>>;

/// A map by name. Its order must never reach an output.
pub(crate) type NameMap<'a, V> = HashMap<&'a str, V, BuildHasherDefault<Fnv>>;

/// A set of names.
pub type NameSet = HashSet<NameId, BuildHasherDefault<Same>>;

/// Passes numbers on unchanged, since they are hashes already.
#[derive(Debug, Default)]
pub struct Same(u64);

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
