//! A module in, the same in gzip's format out: what platforms count that do not take Brotli.

use std::io::Write as _;

use flate2::{Compression, GzBuilder};

/// `bytes` at level 9, without a name and a time.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    #[test]
    fn it_unfolds_to_the_same_bytes() {
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(|at| (at / 7).to_le_bytes()).collect();
        let packed = super::gzip(&bytes);
        assert!(packed.len() < bytes.len() / 2);
        assert_eq!(packed[4..8], [0; 4], "no time");
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_end(&mut plain)
            .expect("gzip");
        assert!(plain == bytes);
    }
}
