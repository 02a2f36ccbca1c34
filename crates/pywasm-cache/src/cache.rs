//! The stage cache: a digest of all inputs of a step in, its earlier result out, from this machine
//! or else from a store that several machines share.
//!
//! An entry on this machine is one file, named by its key: the SHA-256 of the content in 64 hex
//! digits, then the content. A damaged entry is a miss. A cache that cannot be read or written only
//! costs time.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use pywasm_digest::Digest;

use crate::{Account, Key, Sharing, alone, shared::Shared, write_cached};

/// The length of a digest in an entry.
const DIGITS: usize = 64;

/// Where results are kept.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    shared: Option<Arc<Shared>>,
}

impl Cache {
    /// The cache in `folder`, which is made when the first result comes.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, shared: None }
    }

    /// The same, and what it lacks is asked of a shared store.
    #[must_use]
    pub fn with(self, sharing: Sharing) -> Self {
        Self {
            shared: Some(Arc::new(Shared::open(sharing))),
            ..self
        }
    }

    /// The result for `key`, if it is here or on the shared store, and whole.
    #[must_use]
    pub fn get(&self, kind: &str, key: Key) -> Option<Vec<u8>> {
        let name = key.file_name();
        if let Some(found) = read(&self.path(kind, &name)) {
            return Some(found);
        }
        let shared = self.shared.as_ref().filter(|shared| shared.takes(kind))?;
        let copy = shared.copy(kind, &name);
        let found = read(&copy).or_else(|| {
            let found = shared.fetch(kind, &name)?;
            write(&copy, &found);
            Some(found)
        });
        shared.count(kind, &name, found.is_some());
        found
    }

    /// Keeps a result.
    pub fn put(&self, kind: &str, key: Key, content: &[u8]) {
        let name = key.file_name();
        write(&self.path(kind, &name), content);
        if let Some(shared) = self.shared.as_ref().filter(|shared| shared.takes(kind)) {
            shared.send(kind, &name, content);
        }
    }

    /// The result for `key`, from the cache or made by `make`.
    ///
    /// # Errors
    /// When `make` fails.
    pub fn get_or<E>(
        &self,
        kind: &str,
        key: Key,
        make: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Vec<u8>, E> {
        // Of builds side by side, the first makes what the others want, too.
        alone(&format!("{kind} {}", key.clone().file_name()), || {
            if let Some(found) = self.get(kind, key.clone()) {
                return Ok(found);
            }
            let made = make()?;
            self.put(kind, key, &made);
            Ok(made)
        })
    }

    /// What the shared store has given and taken so far; `None` without one.
    #[must_use]
    pub fn account(&self) -> Option<Account> {
        self.shared.as_ref().map(|shared| shared.account())
    }

    /// The same at the end of a build, when what is on its way to the store has had time to arrive.
    #[must_use]
    pub fn finish(&self) -> Option<Account> {
        self.shared.as_ref().map(|shared| shared.finish())
    }

    fn path(&self, kind: &str, name: &str) -> PathBuf {
        self.folder.join(kind).join(name)
    }
}

/// The content of an entry on this machine, if it is whole.
fn read(path: &Path) -> Option<Vec<u8>> {
    let mut entry = fs::read(path).ok()?;
    let (digest, content) = entry.split_at_checked(DIGITS)?;
    if Digest::compute(content).to_string().as_bytes() != digest {
        return None;
    }
    entry.drain(..DIGITS);
    Some(entry)
}

fn write(path: &Path, content: &[u8]) {
    let digest = Digest::compute(content).to_string();
    let _only_costs_time = write_cached(path, &[digest.as_bytes(), content]);
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
        let path = cache.path("k", &key("a").file_name());
        let mut bytes = fs::read(&path).expect("is there");
        *bytes.last_mut().expect("not empty") ^= 1;
        fs::write(&path, &bytes).expect("writes");
        assert_eq!(cache.get("k", key("a")), None);
        fs::write(&path, b"short").expect("writes");
        assert_eq!(cache.get("k", key("a")), None);
    }
}
