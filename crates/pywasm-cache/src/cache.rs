//! Finds earlier results by their key on this machine, or on a store that several machines share.
//!
//! An entry on this machine is one file, named by its key. It has the SHA-256 of the content in 64
//! hex digits, and then the content. A damaged entry is a miss. A cache that cannot be read or written
//! only costs time.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use pywasm_digest::Digest;

use crate::{
    Account, CacheKind, CacheValue, Key, Sharing, mark_used, run_alone, shared::SharedStore, write_cached,
};

/// The length of a digest in an entry.
const DIGITS: usize = 64;

/// Keeps results in a folder, and optionally on a shared store.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    shared: Option<Arc<SharedStore>>,
}

impl Cache {
    /// A cache in `folder`, which is created with the first result.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, shared: None }
    }

    /// Also uses a shared store for results that the folder does not have.
    #[must_use]
    pub fn with_sharing(self, sharing: Sharing) -> Self {
        Self {
            shared: Some(Arc::new(SharedStore::open(sharing))),
            ..self
        }
    }

    /// Returns the result for `key` from the cache, or makes it with `make`. If several threads need
    /// the same result, one makes it and the others wait.
    ///
    /// # Errors
    /// When `make` fails.
    pub fn get_or<T: CacheValue, E>(&self, key: Key, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.get_if_or(key, |_| true, make)
    }

    /// Like [`Cache::get_or`], but uses a cached result only if `is_valid` accepts it. This is for
    /// results that depend on something outside of the key, such as the headers that a C file includes.
    ///
    /// # Errors
    /// When `make` fails.
    pub fn get_if_or<T: CacheValue, E>(
        &self,
        key: Key,
        is_valid: impl Fn(&T) -> bool,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let name = key.file_name();
        // Of parallel builds, the first makes what the others need too.
        run_alone(&format!("{} {name}", key.kind.name()), || {
            if let Some(found) = self.get(key.kind, &name).filter(&is_valid) {
                return Ok(found);
            }
            let made = make()?;
            self.put(key.kind, &name, &made);
            Ok(made)
        })
    }

    /// Returns the results for `keys`, which are all of one kind, in their order. `make` gets the
    /// positions of all results that the cache does not have, and makes them together; it is not called
    /// if there are none. Results that succeed are kept even if others fail.
    ///
    /// # Errors
    /// When `make` fails as a whole.
    pub fn get_all_or<T: CacheValue, R, E>(
        &self,
        kind: CacheKind,
        keys: &[Key],
        make: impl FnOnce(&[usize]) -> Result<Vec<Result<T, R>>, E>,
    ) -> Result<Vec<Result<T, R>>, E> {
        let names: Vec<String> = keys.iter().map(Key::file_name).collect();
        let mut found: Vec<Option<Result<T, R>>> =
            names.iter().map(|name| self.get(kind, name).map(Ok)).collect();
        let missing = |found: &[Option<_>]| -> Vec<usize> {
            (0..found.len()).filter(|&at| found[at].is_none()).collect()
        };
        if missing(&found).is_empty() {
            return Ok(found.into_iter().flatten().collect());
        }
        run_alone(kind.name(), || {
            // Another thread may have made some of them in the meantime.
            for at in missing(&found) {
                found[at] = self.get(kind, &names[at]).map(Ok);
            }
            let missing = missing(&found);
            if !missing.is_empty() {
                for (&at, made) in missing.iter().zip(make(&missing)?) {
                    if let Ok(made) = &made {
                        self.put(kind, &names[at], made);
                    }
                    found[at] = Some(made);
                }
            }
            Ok(found.into_iter().flatten().collect())
        })
    }

    /// Finds the entry for `key`. This and [`Cache::replace`] are for collections of results, which grow
    /// under one key.
    #[must_use]
    pub fn find<T: CacheValue>(&self, key: &Key) -> Option<T> {
        self.get(key.kind, &key.file_name())
    }

    /// Puts an entry in the place of the one for `key`.
    pub fn replace<T: CacheValue>(&self, key: &Key, value: &T) {
        self.put(key.kind, &key.file_name(), value);
    }

    /// Looks up a result on this machine and on the shared store; `None` if it is missing or damaged.
    fn get<T: CacheValue>(&self, kind: CacheKind, name: &str) -> Option<T> {
        if let Some(found) = read(&self.path(kind, name)) {
            return T::decode(found);
        }
        let kind_name = kind.name();
        let shared = self.shared.as_ref().filter(|_| kind.is_shared())?;
        let copy = shared.copy_path(kind_name, name);
        let found = read(&copy).or_else(|| {
            let found = shared.fetch(kind_name, name)?;
            write(&copy, &found);
            Some(found)
        });
        shared.count_request(kind_name, name, found.is_some());
        T::decode(found?)
    }

    /// Stores a result.
    fn put<T: CacheValue>(&self, kind: CacheKind, name: &str, made: &T) {
        let content = made.encode();
        write(&self.path(kind, name), &content);
        if let Some(shared) = self.shared.as_ref().filter(|_| kind.is_shared()) {
            shared.send(kind.name(), name, &content);
        }
    }

    /// Summarizes the use of the shared store so far; `None` without one.
    #[must_use]
    pub fn account(&self) -> Option<Account> {
        self.shared.as_ref().map(|shared| shared.account())
    }

    /// Waits a short time for uploads at the end of a build, and summarizes the use of the shared store.
    #[must_use]
    pub fn finish(&self) -> Option<Account> {
        self.shared.as_ref().map(|shared| shared.finish())
    }

    fn path(&self, kind: CacheKind, name: &str) -> PathBuf {
        self.folder.join(kind.name()).join(name)
    }
}

/// Reads the content of an entry on this machine, if it is intact.
fn read(path: &Path) -> Option<Vec<u8>> {
    let mut entry = fs::read(path).ok()?;
    let (digest, content) = entry.split_at_checked(DIGITS)?;
    if Digest::compute(content).to_string().as_bytes() != digest {
        return None;
    }
    entry.drain(..DIGITS);
    mark_used(path);
    Some(entry)
}

fn write(path: &Path, content: &[u8]) {
    let digest = Digest::compute(content).to_string();
    let _only_costs_time = write_cached(path, &[digest.as_bytes(), content]);
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::{
        borrow::Cow,
        sync::atomic::{AtomicUsize, Ordering},
        thread,
    };

    const KIND: CacheKind = CacheKind::Shake;

    fn key(text: &str) -> Key {
        Key::new(KIND, 1).text(text)
    }

    fn get_or(cache: &Cache, text: &str, made: Result<&[u8], ()>) -> Result<Vec<u8>, ()> {
        cache.get_or(key(text), || made.map(<[u8]>::to_vec))
    }

    #[test]
    fn a_result_comes_back_once_it_was_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cache"));
        assert_eq!(get_or(&cache, "a", Err(())), Err(()));
        assert_eq!(get_or(&cache, "a", Ok(b"result")), Ok(b"result".to_vec()));
        assert_eq!(get_or(&cache, "a", Err(())), Ok(b"result".to_vec()));
        assert_eq!(get_or(&cache, "b", Err(())), Err(()));
    }

    #[test]
    fn a_damaged_result_is_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        assert_eq!(get_or(&cache, "a", Ok(b"result")), Ok(b"result".to_vec()));
        let path = cache.path(KIND, &key("a").file_name());
        let mut bytes = fs::read(&path).expect("is there");
        *bytes.last_mut().expect("not empty") ^= 1;
        fs::write(&path, &bytes).expect("writes");
        assert_eq!(get_or(&cache, "a", Err(())), Err(()));
        fs::write(&path, b"short").expect("writes");
        assert_eq!(get_or(&cache, "a", Ok(b"again")), Ok(b"again".to_vec()));
        assert_eq!(get_or(&cache, "a", Err(())), Ok(b"again".to_vec()));
    }

    /// A result whose entry starts with `#`.
    #[derive(Debug, PartialEq)]
    struct Marked(u8);

    impl CacheValue for Marked {
        fn encode(&self) -> Cow<'_, [u8]> {
            Cow::Owned(vec![b'#', self.0])
        }

        fn decode(entry: Vec<u8>) -> Option<Self> {
            match entry[..] {
                [b'#', number] => Some(Self(number)),
                _ => None,
            }
        }
    }

    #[test]
    fn a_result_that_cannot_be_decoded_or_is_not_valid_is_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        assert_eq!(get_or(&cache, "a", Ok(b"no mark")), Ok(b"no mark".to_vec()));
        let get = |number, least| {
            cache.get_if_or::<_, ()>(key("a"), |found: &Marked| found.0 >= least, || Ok(Marked(number)))
        };
        assert_eq!(get(1, 0), Ok(Marked(1)));
        assert_eq!(get(2, 0), Ok(Marked(1)));
        assert_eq!(get(3, 2), Ok(Marked(3)));
        assert_eq!(get(4, 2), Ok(Marked(3)));
    }

    #[test]
    fn threads_that_need_the_same_results_make_them_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        let (one, all) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let made = cache.get_or::<_, ()>(key("one"), || {
                        one.fetch_add(1, Ordering::SeqCst);
                        Ok(b"made".to_vec())
                    });
                    assert_eq!(made, Ok(b"made".to_vec()));
                    let keys = [key("x"), key("y")];
                    let made = cache.get_all_or::<Vec<u8>, (), ()>(KIND, &keys, |open| {
                        all.fetch_add(open.len(), Ordering::SeqCst);
                        Ok(open.iter().map(|&at| Ok(vec![at as u8])).collect())
                    });
                    assert_eq!(made, Ok(vec![Ok(vec![0]), Ok(vec![1])]));
                });
            }
        });
        assert_eq!((one.into_inner(), all.into_inner()), (1, 2));
    }

    #[test]
    fn of_many_results_those_that_succeed_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        let keys = [key("good"), key("bad")];
        let get = |made: Vec<Result<Vec<u8>, &'static str>>| {
            cache.get_all_or::<_, _, usize>(KIND, &keys, |open| match open.len() == made.len() {
                true => Ok(made),
                false => Err(open.len()),
            })
        };
        let first = get(vec![Ok(vec![1]), Err("no")]);
        assert_eq!(first, Ok(vec![Ok(vec![1]), Err("no")]));
        assert_eq!(get(vec![Ok(vec![2])]), Ok(vec![Ok(vec![1]), Ok(vec![2])]));
        assert_eq!(get(Vec::new()), Ok(vec![Ok(vec![1]), Ok(vec![2])]));
    }
}
