//! Keeps what was pulled in files named by their SHA-256.
//!
//! Every read is checked, so a damaged file counts as absent. A file gets its name only when it is
//! complete. The digest that a tag had when it was last resolved is kept beside the files.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use pywasm_digest::Digest;
use pywasm_host::{Access, FreshFile};

use crate::{Error, Reference, reference::read_digest};

/// A folder of blobs: `sha256/DIGITS`, and `tags/DIGITS` for the digest that a tag had.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// The store in a folder, which need not exist.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Reads a blob, if it exists, is intact and has at most `limit` bytes.
    pub(crate) fn read(&self, digest: Digest, limit: u64) -> Option<Vec<u8>> {
        let path = self.blob(digest);
        let file = File::open(path).ok()?;
        if file.metadata().ok()?.len() > limit {
            return None;
        }
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(file, limit), &mut bytes).ok()?;
        (Digest::compute(&bytes) == digest).then_some(bytes)
    }

    /// Creates a file for a blob that arrives in pieces; it is removed when dropped.
    pub(crate) fn create_file(&self) -> Result<FreshFile, Error> {
        let folder = self.root.join("sha256");
        fs::create_dir_all(&folder)
            .and_then(|()| FreshFile::create_in(&folder, Access::Owner))
            .map_err(Error::io("create a file in", &folder))
    }

    /// Gives a checked blob that arrived in pieces its name.
    pub(crate) fn keep(&self, file: FreshFile, digest: Digest) -> Result<(), Error> {
        let path = self.blob(digest);
        file.persist(&path).map_err(Error::io("write", &path))
    }

    /// Writes a blob.
    pub(crate) fn write(&self, bytes: &[u8], digest: Digest) -> Result<(), Error> {
        write(&self.blob(digest), bytes)
    }

    /// The digest that the reference's tag had when it was last resolved.
    pub(crate) fn recall_tag(&self, reference: &Reference) -> Option<Digest> {
        let text = fs::read_to_string(self.tag(reference)).ok()?;
        read_digest(text.trim_end()).ok()
    }

    /// Notes the digest that the reference's tag has now.
    pub(crate) fn remember_tag(&self, reference: &Reference, digest: Digest) -> Result<(), Error> {
        write(&self.tag(reference), format!("sha256:{digest}\n").as_bytes())
    }

    fn blob(&self, digest: Digest) -> PathBuf {
        self.root.join("sha256").join(digest.to_string())
    }

    fn tag(&self, reference: &Reference) -> PathBuf {
        let name = Digest::compute(reference.to_string().as_bytes());
        self.root.join("tags").join(name.to_string())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    pywasm_host::write_file(path, &[bytes]).map_err(Error::io("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_only_what_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new(folder.path().to_owned());
        let digest = Digest::compute(b"bytes");
        assert_eq!(store.read(digest, 100), None);
        store.write(b"bytes", digest).expect("written");
        assert_eq!(store.read(digest, 5).as_deref(), Some(b"bytes".as_slice()));
        assert_eq!(store.read(digest, 4), None);
        fs::write(store.blob(digest), b"bites").expect("damaged");
        assert_eq!(store.read(digest, 100), None);
    }

    #[test]
    fn remembers_a_tag() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new(folder.path().to_owned());
        let reference = Reference::parse("oci://host/name:1").expect("a reference");
        assert_eq!(store.recall_tag(&reference), None);
        let digest = Digest::compute(b"bytes");
        store.remember_tag(&reference, digest).expect("written");
        assert_eq!(store.recall_tag(&reference), Some(digest));
        fs::write(store.tag(&reference), b"nonsense").expect("damaged");
        assert_eq!(store.recall_tag(&reference), None);
    }
}
