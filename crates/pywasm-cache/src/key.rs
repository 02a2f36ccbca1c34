//! All that a result depends on in, the name that it is kept under out.

use pywasm_digest::Hasher;

/// A digest over everything that a result depends on.
#[derive(Clone)]
pub struct Key(Hasher);

impl Key {
    /// Starts a key for `step`, whose results change with `version`.
    #[must_use]
    pub fn new(step: &str, version: u32) -> Self {
        Self(Hasher::new()).text(step).text(&version.to_string())
    }

    /// Adds a text. Lengths are part of the digest, so that no two inputs run into each other.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds bytes.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds a list of texts.
    #[must_use]
    pub fn texts<'a>(self, texts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let start = self.text(&texts.len().to_string());
        texts.fold(start, Self::text)
    }

    /// The name of the entry: 64 hex digits.
    pub(crate) fn file_name(self) -> String {
        self.0.finish().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_do_not_run_into_each_other() {
        let one = Key::new("s", 1).text("ab").text("c").file_name();
        let two = Key::new("s", 1).text("a").text("bc").file_name();
        assert_ne!(one, two);
    }
}
