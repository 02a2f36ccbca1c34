//! Numbers for tests that try many values: the same ones for a seed, on each machine.

/// Marsaglia's xorshift64. The seed must not be 0.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// The next number below `bound`, and 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound.max(1) as u64) as usize
    }

    /// Changes a byte so many times, or cuts off what stands behind one.
    pub fn damage(&mut self, bytes: &mut Vec<u8>, times: usize) {
        for _ in 0..times {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 => bytes[at] = self.number() as u8,
                1 => bytes[at] ^= 1 << self.below(8),
                2 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
                _ => bytes.truncate(at.max(8)),
            }
        }
    }
}
