//! Generates the random bytes of the sandbox, which are always the same.

/// SplitMix64, as published by Steele, Lea and Flood in 2014.
#[derive(Debug)]
pub(super) struct Stream(u64);

impl Stream {
    /// Starts the only stream that exists.
    pub(super) fn new() -> Self {
        Self(u64::from_le_bytes(*b"pywasm 1"))
    }

    /// Writes the next bytes of the stream. The rest of the last word is dropped.
    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.next().to_le_bytes()[..part.len()]);
        }
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
}
