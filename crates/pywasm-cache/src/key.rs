//! Computes the key of a result from everything that the result depends on.

use pywasm_digest::Hasher;

use crate::CacheKind;

/// A digest over everything that a result depends on.
#[derive(Clone)]
pub struct Key {
    pub(crate) kind: CacheKind,
    hasher: Hasher,
}

impl Key {
    /// Starts a key for a result of this kind. A new `version` invalidates earlier results.
    #[must_use]
    pub fn new(kind: CacheKind, version: u32) -> Self {
        let hasher = Hasher::new();
        Self { kind, hasher }.text(kind.name()).text(&version.to_string())
    }

    /// Adds a text. Its length is part of the digest, so that adjacent inputs cannot be confused.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds bytes.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.hasher.update(&(bytes.len() as u64).to_le_bytes());
        self.hasher.update(bytes);
        self
    }

    /// Adds a list of texts.
    #[must_use]
    pub fn texts<'a>(self, texts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let start = self.text(&texts.len().to_string());
        texts.fold(start, Self::text)
    }

    /// Returns the name of the entry: 64 hex digits.
    pub(crate) fn file_name(&self) -> String {
        self.hasher.clone().finish().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjacent_inputs_are_not_confused() {
        let one = Key::new(CacheKind::Link, 1).text("ab").text("c").file_name();
        let two = Key::new(CacheKind::Link, 1).text("a").text("bc").file_name();
        assert_ne!(one, two);
    }
}
