//! Estimates how much each byte of a module adds to its `.br` file.
//!
//! The `.br` file is decompressed byte by byte, and each byte counts for the output that appears with
//! it. Output that appears with earlier bytes, or that a copy repeats, is free. So the figures are
//! estimates, but they add up to the size of the file. A header of code tables produces no output; it
//! counts for everything that is decoded with it.

use std::io::Write as _;

/// The quality for a module without a `.br` file: fast, and a few percent larger than quality 11.
const QUALITY: u32 = 9;
const WINDOW: u32 = 22;
/// No command of the format needs as many bytes without output, so more bytes are a header.
const HEADER: u64 = 48;
const BUFFER: usize = 1 << 16;

/// How much the bytes of a module add to its `.br` file.
#[derive(Clone, Debug)]
pub struct BrotliCosts {
    /// For each byte, and after the last one, the sum of all earlier costs.
    before: Vec<u64>,
}

impl BrotliCosts {
    /// Measures the costs in `packed`; `None` if it is not the compressed form of `module`.
    #[must_use]
    pub fn measure(module: &[u8], packed: &[u8]) -> Option<Self> {
        let mut decoder = brotli::DecompressorWriter::new(Vec::with_capacity(module.len()), BUFFER);
        let mut costs = vec![0_u64; module.len()];
        let (mut waiting, mut block, mut head) = (0_u64, 0, 0);
        for byte in packed {
            let start = decoder.get_ref().len();
            decoder.write_all(&[*byte]).ok()?;
            let end = decoder.get_ref().len();
            waiting += 1;
            if end > module.len() {
                return None;
            }
            if end > start {
                if waiting > HEADER {
                    spread(&mut costs[block..start], head);
                    (block, head, waiting) = (start, waiting - 1, 1);
                }
                costs[start] += std::mem::take(&mut waiting);
            }
        }
        spread(&mut costs[block..], head);
        decoder.close().ok()?;
        if decoder.get_ref() != module {
            return None;
        }
        if let Some(last) = costs.last_mut() {
            *last += waiting;
        }
        let mut sum = 0;
        let mut before = vec![0];
        before.extend(costs.into_iter().map(|cost| {
            sum += cost;
            sum
        }));
        Some(Self { before })
    }

    /// Compresses the module and measures the costs in the result.
    #[must_use]
    pub fn compress(module: &[u8]) -> Option<Self> {
        let mut packed = Vec::new();
        let mut encoder = brotli::CompressorWriter::new(&mut packed, BUFFER, QUALITY, WINDOW);
        encoder.write_all(module).ok()?;
        drop(encoder);
        Self::measure(module, &packed)
    }

    /// Returns the costs of the bytes `start..end` of the module.
    #[must_use]
    pub fn range(&self, start: usize, end: usize) -> u64 {
        let at = |index: usize| {
            self.before
                .get(index)
                .or(self.before.last())
                .copied()
                .unwrap_or(0)
        };
        at(end).saturating_sub(at(start))
    }
}

/// Adds `total` to the costs of a block, evenly.
fn spread(costs: &mut [u64], total: u64) {
    let count = costs.len() as u64;
    for (index, cost) in (0..).zip(costs) {
        *cost += total * (index + 1) / count - total * index / count;
    }
}

#[cfg(test)]
mod tests {
    use super::BrotliCosts;
    use std::io::Write as _;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut encoder = brotli::CompressorWriter::new(&mut packed, 4096, 11, 22);
        encoder.write_all(bytes).expect("a Vec takes every write");
        drop(encoder);
        packed
    }

    #[test]
    fn costs_add_up_to_the_file_and_a_copy_is_cheap() {
        let mut state = 1_u32;
        let random = (0..20_000).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let mut bytes: Vec<u8> = random.collect();
        bytes.extend_from_within(..);
        let packed = packed(&bytes);
        let costs = BrotliCosts::measure(&bytes, &packed).expect("it is the same module");
        assert_eq!(costs.range(0, bytes.len()), packed.len() as u64);
        assert!(costs.range(0, 20_000) > 19_000);
        assert!(costs.range(20_100, 40_000) < 500);
    }

    #[test]
    fn another_file_has_no_costs() {
        let bytes = b"some text, some text, some text";
        assert!(BrotliCosts::measure(&bytes[1..], &packed(bytes)).is_none());
        assert!(BrotliCosts::measure(b"some text", &packed(bytes)).is_none());
        assert!(BrotliCosts::measure(bytes, b"no brotli").is_none());
        let empty = BrotliCosts::measure(b"", &packed(b""));
        assert_eq!(empty.map(|costs| costs.range(0, 0)), Some(0));
    }
}
