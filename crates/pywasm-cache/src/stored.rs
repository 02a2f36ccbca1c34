//! Turns a result into the bytes of a cache entry, and back.

use std::borrow::Cow;

/// A result that the cache can keep.
pub trait Stored: Sized {
    /// The bytes that are kept.
    fn encode(&self) -> Cow<'_, [u8]>;

    /// The result that `encode` gave these bytes for; `None` where they cannot be read, so that
    /// the result is made again.
    fn decode(entry: Vec<u8>) -> Option<Self>;
}

impl Stored for Vec<u8> {
    fn encode(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self)
    }

    fn decode(entry: Vec<u8>) -> Option<Self> {
        Some(entry)
    }
}
