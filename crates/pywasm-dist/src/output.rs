//! Holds a file that a build has made and not written yet.

use std::collections::BTreeMap;

use pywasm_digest::Digest;
use pywasm_report::ArtifactEntry;

use crate::ArtifactKind;

/// Name to content: what the report lists, and nothing else.
pub type OutputFiles = BTreeMap<String, Vec<u8>>;

/// A file on its way into `dist/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Its name, without a folder.
    pub name: String,
    /// What it is.
    pub kind: ArtifactKind,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl OutputFile {
    /// A file with its name, one of [`FileNames`](crate::FileNames).
    #[must_use]
    pub fn new(name: String, kind: ArtifactKind, bytes: Vec<u8>) -> Self {
        Self { name, kind, bytes }
    }

    /// Its row in a report.
    #[must_use]
    pub fn entry(&self) -> ArtifactEntry {
        ArtifactEntry {
            file: self.name.clone(),
            kind: self.kind.as_str().to_owned(),
            bytes: self.bytes.len() as u64,
            sha256: Digest::compute(&self.bytes),
        }
    }
}
