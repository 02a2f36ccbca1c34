//! Converts a result to the bytes of a cache entry, and back.

use std::borrow::Cow;

/// A result that the cache can keep.
pub trait CacheValue: Sized {
    /// Encodes the result.
    fn encode(&self) -> Cow<'_, [u8]>;

    /// Decodes the bytes that `encode` returned; `None` if they are not valid, so that the result is
    /// made again.
    fn decode(entry: Vec<u8>) -> Option<Self>;
}

impl CacheValue for Vec<u8> {
    fn encode(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self)
    }

    fn decode(entry: Vec<u8>) -> Option<Self> {
        Some(entry)
    }
}
