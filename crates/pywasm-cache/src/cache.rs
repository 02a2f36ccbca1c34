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

use crate::{Account, CacheKind, Key, Sharing, Stored, alone, shared::Shared, write_cached};

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

    /// The result for `key`, from the cache or made by `make`. Of threads that want the same
    /// result, one makes it and the others wait for it.
    ///
    /// # Errors
    /// When `make` fails.
    pub fn get_or<T: Stored, E>(&self, key: Key, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.get_if_or(key, |_| true, make)
    }

    /// As [`Cache::get_or`], where a cached result counts only if `is_valid`: it depends on
    /// something that the key cannot hold, such as the headers that a C file includes.
    ///
    /// # Errors
    /// When `make` fails.
    pub fn get_if_or<T: Stored, E>(
        &self,
        key: Key,
        is_valid: impl Fn(&T) -> bool,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let name = key.file_name();
        // Of builds side by side, the first makes what the others want, too.
        alone(&format!("{} {name}", key.kind.name()), || {
            if let Some(found) = self.get(key.kind, &name).filter(&is_valid) {
                return Ok(found);
            }
            let made = make()?;
            self.put(key.kind, &name, &made);
            Ok(made)
        })
    }

    /// The results for `keys`, which are all of one kind, in their order. `make` gets the positions
    /// of all that are not in the cache and makes them together; it is not called where there are
    /// none. Those that succeed are kept, even where others fail.
    ///
    /// # Errors
    /// When `make` fails as a whole.
    pub fn get_all_or<T: Stored, R, E>(
        &self,
        kind: CacheKind,
        keys: &[Key],
        make: impl FnOnce(&[usize]) -> Result<Vec<Result<T, R>>, E>,
    ) -> Result<Vec<Result<T, R>>, E> {
        let names: Vec<String> = keys.iter().map(Key::file_name).collect();
        let mut found: Vec<Option<Result<T, R>>> =
            names.iter().map(|name| self.get(kind, name).map(Ok)).collect();
        let open = |found: &[Option<_>]| -> Vec<usize> {
            (0..found.len()).filter(|&at| found[at].is_none()).collect()
        };
        if open(&found).is_empty() {
            return Ok(found.into_iter().flatten().collect());
        }
        alone(kind.name(), || {
            // Whoever had the turn before may have made some of them.
            for at in open(&found) {
                found[at] = self.get(kind, &names[at]).map(Ok);
            }
            let open = open(&found);
            if !open.is_empty() {
                for (&at, made) in open.iter().zip(make(&open)?) {
                    if let Ok(made) = &made {
                        self.put(kind, &names[at], made);
                    }
                    found[at] = Some(made);
                }
            }
            Ok(found.into_iter().flatten().collect())
        })
    }

    /// The result if it is here or on the shared store, and whole.
    fn get<T: Stored>(&self, kind: CacheKind, name: &str) -> Option<T> {
        if let Some(found) = read(&self.path(kind, name)) {
            return T::decode(found);
        }
        let kind_name = kind.name();
        let shared = self.shared.as_ref().filter(|_| kind.is_shared())?;
        let copy = shared.copy(kind_name, name);
        let found = read(&copy).or_else(|| {
            let found = shared.fetch(kind_name, name)?;
            write(&copy, &found);
            Some(found)
        });
        shared.count(kind_name, name, found.is_some());
        T::decode(found?)
    }

    /// Keeps a result.
    fn put<T: Stored>(&self, kind: CacheKind, name: &str, made: &T) {
        let content = made.encode();
        write(&self.path(kind, name), &content);
        if let Some(shared) = self.shared.as_ref().filter(|_| kind.is_shared()) {
            shared.send(kind.name(), name, &content);
        }
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

    fn path(&self, kind: CacheKind, name: &str) -> PathBuf {
        self.folder.join(kind.name()).join(name)
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

    /// A result whose entry begins with `#`.
    #[derive(Debug, PartialEq)]
    struct Marked(u8);

    impl Stored for Marked {
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
    fn threads_that_want_the_same_results_make_them_once() {
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
