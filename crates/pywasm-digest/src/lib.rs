//! Computes SHA-256 digests of bytes and streams, and writes the text of `SHA256SUMS`.

#![deny(missing_docs)]

mod digest;
mod sums;

pub use digest::{Digest, Hasher, InvalidDigest};
pub use sums::sha256sums;
