//! Gives the compressed forms of a file, in this process, so that no build depends on what a machine
//! happens to have installed; each has the same bytes for the same input.

use std::io::{self, Read, Write};

use flate2::{Compression, GzBuilder};

use crate::pieces::compress_pieces;

const BUFFER: usize = 64 * 1024;

/// Brotli's form of a file (RFC 7932), with quality 11 and a window of 2^24 bytes.
///
/// Large files are compressed in [pieces](crate::Piece), on all processors; the bytes depend on neither.
#[must_use]
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    compress_pieces(bytes, |piece| piece.compress())
}

/// gzip's form of a file: no name, no time, no system.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new()
        .mtime(0)
        .operating_system(255)
        .write(Vec::new(), Compression::best());
    // Writing to a Vec cannot fail, and the encoder has no errors of its own.
    encoder.write_all(bytes).expect("a Vec takes every write");
    encoder.finish().expect("a Vec takes every write")
}

/// Zstandard's form of a file, with its checksum.
#[must_use]
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    let made = (|| {
        let mut encoder = zstd::Encoder::new(Vec::new(), 19)?;
        encoder.include_checksum(true)?;
        encoder.write_all(bytes)?;
        encoder.finish()
    })();
    // Writing to a Vec cannot fail, and the level exists.
    made.expect("a Vec takes every write")
}

/// Why a file could not be decompressed.
#[derive(Debug, thiserror::Error)]
pub enum DecompressError {
    /// The input is no Brotli stream, or it ends too soon.
    #[error("this is not a complete Brotli stream")]
    Malformed(#[source] io::Error),
    /// The output would be larger than the caller allows.
    #[error("the decompressed file would be larger than {limit} bytes")]
    TooLarge {
        /// What the caller allows, in bytes.
        limit: u64,
    },
}

/// Decompresses a Brotli stream of at most `limit` bytes of output.
///
/// # Errors
/// When the stream is malformed or truncated, and when its content is larger than `limit`.
pub fn decompress(bytes: &[u8], limit: u64) -> Result<Vec<u8>, DecompressError> {
    let mut out = Vec::new();
    brotli::Decompressor::new(bytes, BUFFER)
        .take(limit.saturating_add(1))
        .read_to_end(&mut out)
        .map_err(DecompressError::Malformed)?;
    if out.len() as u64 > limit {
        return Err(DecompressError::TooLarge { limit });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Vec<u8> {
        (0..2000u32)
            .flat_map(|n| format!("line {n}\n").into_bytes())
            .collect()
    }

    #[test]
    fn what_goes_in_comes_out() {
        let packed = compress(&text());
        assert!(packed.len() < text().len() / 3);
        assert_eq!(decompress(&packed, 1 << 20).expect("valid"), text());
        assert_eq!(packed, compress(&text()), "the same bytes each time");
    }

    #[test]
    fn bad_streams_are_refused() {
        let packed = compress(&text());
        assert!(matches!(
            decompress(&packed[..packed.len() / 2], 1 << 20),
            Err(DecompressError::Malformed(_))
        ));
        assert!(matches!(
            decompress(b"\0asm\x01\0\0\0", 1 << 20),
            Err(DecompressError::Malformed(_))
        ));
        assert!(matches!(
            decompress(&packed, 100),
            Err(DecompressError::TooLarge { limit: 100 })
        ));
    }
}
