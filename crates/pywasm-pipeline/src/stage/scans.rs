//! Keeps the scans of Python files in the cache, so that a build scans only files that no build has
//! scanned. Scans of a package are one entry, a *pack*: a program has thousands of files, and writing an
//! entry takes as long as scanning a small one.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use pywasm_cache::{Cache, CacheValue};
use pywasm_digest::Digest;
use pywasm_resolve::{FileScan, Request, Resolution, ResolveError, ScanCache, ScanId};

use crate::cache_key;

/// Resolves with the scans that earlier builds have kept, and keeps what this one has scanned.
pub(crate) fn resolve(request: &Request, cache: &Cache) -> Result<Resolution, ResolveError> {
    let scans = KeptScans::new(cache);
    let resolved = pywasm_resolve::resolve_cached(request, &scans);
    scans.finish();
    resolved
}

/// The packs that a build has read, and what it has scanned itself.
struct KeptScans<'a> {
    cache: &'a Cache,
    packs: Mutex<BTreeMap<Digest, Pack>>,
}

impl<'a> KeptScans<'a> {
    fn new(cache: &'a Cache) -> Self {
        Self {
            cache,
            packs: Mutex::default(),
        }
    }

    /// Keeps what this build has scanned for later builds. Builds that run at the same time may replace
    /// each other's packs, which only costs time.
    fn finish(self) {
        let packs = self.packs.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (package, pack) in packs {
            if pack.has_news {
                self.cache.replace(&cache_key::scan(package), &pack);
            }
        }
    }

    fn packs(&self) -> MutexGuard<'_, BTreeMap<Digest, Pack>> {
        self.packs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ScanCache for KeptScans<'_> {
    fn get_or(&self, id: ScanId, scan: &dyn Fn() -> FileScan) -> FileScan {
        let kept = self
            .packs()
            .entry(id.package)
            .or_insert_with(|| self.cache.find(&cache_key::scan(id.package)).unwrap_or_default())
            .find(id.inputs);
        if let Some(found) = kept.and_then(|bytes| FileScan::from_bytes(&bytes)) {
            return found;
        }
        let scan = scan();
        let bytes = scan.to_bytes();
        self.packs().entry(id.package).or_default().add(id.inputs, bytes);
        scan
    }
}

/// A scan that this many later packs did not need is left out.
const PATIENCE: u8 = 8;

/// The scans of one package's files.
#[derive(Default)]
struct Pack {
    scans: BTreeMap<Digest, KeptScan>,
    /// Whether some are not in the cache.
    has_news: bool,
}

/// A scan in a pack.
struct KeptScan {
    bytes: Arc<[u8]>,
    /// How many packs were written since one needed it. Several versions of a package, or a file that
    /// changes to and fro, have a place in one pack.
    age: u8,
}

impl Pack {
    fn find(&mut self, inputs: Digest) -> Option<Arc<[u8]>> {
        let kept = self.scans.get_mut(&inputs)?;
        kept.age = 0;
        Some(Arc::clone(&kept.bytes))
    }

    fn add(&mut self, inputs: Digest, bytes: Vec<u8>) {
        let bytes = bytes.into();
        self.scans.insert(inputs, KeptScan { bytes, age: 0 });
        self.has_news = true;
    }
}

impl CacheValue for Pack {
    /// For each scan: the digest of its inputs, its age for the next build, its length, and its bytes.
    fn encode(&self) -> Cow<'_, [u8]> {
        let mut entry = Vec::new();
        for (inputs, kept) in &self.scans {
            let Ok(length) = u32::try_from(kept.bytes.len()) else {
                continue;
            };
            if kept.age < PATIENCE {
                entry.extend(inputs.as_bytes());
                entry.push(kept.age + 1);
                entry.extend(length.to_le_bytes());
                entry.extend(&*kept.bytes);
            }
        }
        Cow::Owned(entry)
    }

    fn decode(entry: Vec<u8>) -> Option<Self> {
        let mut pack = Self::default();
        let mut rest = &entry[..];
        while !rest.is_empty() {
            let (inputs, after) = rest.split_first_chunk()?;
            let (&[age], after) = after.split_first_chunk()?;
            let (length, after) = after.split_first_chunk()?;
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            let (bytes, after) = after.split_at_checked(length)?;
            let bytes = bytes.into();
            pack.scans
                .insert(Digest::from_bytes(*inputs), KeptScan { bytes, age });
            rest = after;
        }
        Some(pack)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> Digest {
        Digest::compute(text.as_bytes())
    }

    /// Writes a pack and reads it again.
    fn next(pack: &Pack) -> Pack {
        Pack::decode(pack.encode().into_owned()).expect("a pack")
    }

    #[test]
    fn scans_leave_a_pack_that_nobody_needs_for_long() {
        let mut pack = Pack::default();
        pack.add(digest("used"), b"1".to_vec());
        pack.add(digest("once"), Vec::new());
        for _ in 0..PATIENCE {
            pack = next(&pack);
            assert!(!pack.has_news);
            assert_eq!(pack.scans.len(), 2);
            assert_eq!(pack.find(digest("used")).as_deref(), Some(&b"1"[..]));
        }
        pack = next(&pack);
        assert!(pack.find(digest("once")).is_none());
        assert!(pack.find(digest("used")).is_some());
    }

    #[test]
    fn only_whole_packs_are_read() {
        let mut pack = Pack::default();
        pack.add(digest("a"), b"some".to_vec());
        let bytes = pack.encode().into_owned();
        for end in 1..bytes.len() {
            assert!(Pack::decode(bytes[..end].to_vec()).is_none());
        }
        assert!(Pack::decode(vec![0xff; 100]).is_none());
    }
}
