//! The stage cache: a digest of all inputs of a step in, its earlier result out.
//!
//! An entry is one file, named by its key: the SHA-256 of the content in 64 hex digits, then the
//! content. A damaged entry is a miss. A cache that cannot be read or written only costs time.

use std::{fs, path::PathBuf};

use pywasm_engine::write_cached;
use pywasm_report::{Digest, Hasher};

/// The length of a digest in an entry.
const DIGITS: usize = 64;

/// Where results are kept.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// A digest over everything that a result depends on.
#[derive(Clone)]
pub(crate) struct Key(Hasher);

impl Key {
    /// Starts a key for `step`, whose results change with `version`.
    pub(crate) fn new(step: &str, version: u32) -> Self {
        Self(Hasher::new()).text(step).text(&version.to_string())
    }

    /// Adds a text. Lengths are part of the digest, so that no two inputs run into each other.
    pub(crate) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds bytes.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds a list of texts.
    pub(crate) fn texts<'a>(self, texts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let start = self.text(&texts.len().to_string());
        texts.fold(start, Self::text)
    }

    fn file_name(self) -> String {
        self.0.finish().to_string()
    }
}

impl Cache {
    /// The cache in `folder`, which is made when the first result comes.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The result for `key`, if it is here and whole.
    pub(crate) fn get(&self, kind: &str, key: Key) -> Option<Vec<u8>> {
        let mut entry = fs::read(self.path(kind, key)).ok()?;
        let (digest, content) = entry.split_at_checked(DIGITS)?;
        if Digest::of(content).to_string().as_bytes() != digest {
            return None;
        }
        entry.drain(..DIGITS);
        Some(entry)
    }

    /// Keeps a result.
    pub(crate) fn put(&self, kind: &str, key: Key, content: &[u8]) {
        let path = self.path(kind, key);
        let digest = Digest::of(content).to_string();
        let _only_costs_time = write_cached(&path, &[digest.as_bytes(), content]);
    }

    /// The result for `key`, from the cache or made by `make`; and whether it was made.
    pub(crate) fn get_or<E>(
        &self,
        kind: &str,
        key: Key,
        make: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Vec<u8>, E> {
        if let Some(found) = self.get(kind, key.clone()) {
            return Ok(found);
        }
        let made = make()?;
        self.put(kind, key, &made);
        Ok(made)
    }

    fn path(&self, kind: &str, key: Key) -> PathBuf {
        self.folder.join(kind).join(key.file_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::new("step", 1).text(text)
    }

    #[test]
    fn a_result_comes_back_once_it_was_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cache"));
        assert_eq!(cache.get("k", key("a")), None);
        let made = cache.get_or::<()>("k", key("a"), || Ok(b"result".to_vec()));
        assert_eq!(made, Ok(b"result".to_vec()));
        let found = cache.get_or::<()>("k", key("a"), || Err(()));
        assert_eq!(found, Ok(b"result".to_vec()));
        assert_eq!(cache.get("k", key("b")), None);
        assert_eq!(cache.get("other", key("a")), None);
    }

    #[test]
    fn a_damaged_result_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        cache.put("k", key("a"), b"result");
        let path = cache.path("k", key("a"));
        let mut bytes = fs::read(&path).expect("is there");
        *bytes.last_mut().expect("not empty") ^= 1;
        fs::write(&path, &bytes).expect("writes");
        assert_eq!(cache.get("k", key("a")), None);
        fs::write(&path, b"short").expect("writes");
        assert_eq!(cache.get("k", key("a")), None);
    }

    #[test]
    fn inputs_do_not_run_into_each_other() {
        let one = Key::new("s", 1).text("ab").text("c").file_name();
        let two = Key::new("s", 1).text("a").text("bc").file_name();
        assert_ne!(one, two);
    }
}
