//! Keeps the content of each file of a build, which is read once: what was parsed is what is
//! compiled, hashed and recorded, even if somebody saves the file during the build.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::Error;

/// The files of a build by their paths on the host.
#[derive(Debug, Default)]
pub(crate) struct Sources(RefCell<BTreeMap<PathBuf, Arc<[u8]>>>);

impl Sources {
    /// Adds what the resolver has read, where a file is not known yet.
    pub(crate) fn add(&self, parsed: BTreeMap<PathBuf, Arc<[u8]>>) {
        let mut known = self.0.borrow_mut();
        for (path, bytes) in parsed {
            known.entry(path).or_insert(bytes);
        }
    }

    /// The content of a file, as it was when it was read first.
    pub(crate) fn read(&self, path: &Path) -> Result<Arc<[u8]>, Error> {
        if let Some(known) = self.0.borrow().get(path) {
            return Ok(known.clone());
        }
        let bytes = fs::read(path).map_err(|error| Error::io("read", path, error))?;
        let bytes: Arc<[u8]> = bytes.into();
        self.0.borrow_mut().insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changes_during_a_build_keeps_its_first_content() {
        let folder = tempfile::tempdir().expect("a folder");
        let (parsed, data) = (folder.path().join("app.py"), folder.path().join("data.txt"));
        for path in [&parsed, &data] {
            fs::write(path, "old").expect("writes");
        }
        let sources = Sources::default();
        sources.add(BTreeMap::from([(parsed.clone(), Arc::from(*b"old"))]));
        assert_eq!(&*sources.read(&data).expect("reads"), b"old");
        for path in [&parsed, &data] {
            fs::write(path, "new").expect("writes");
            assert_eq!(&*sources.read(path).expect("reads"), b"old");
        }
        fs::remove_file(&data).expect("removes");
        assert_eq!(&*sources.read(&data).expect("reads"), b"old");
        assert!(sources.read(&folder.path().join("none")).is_err());
    }
}
