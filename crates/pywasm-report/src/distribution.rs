//! The installed distributions of which something is in an artifact: what a bill of materials
//! and a list of licences are made from.

use serde::{Deserialize, Serialize};

use pywasm_digest::Digest;

/// A distribution of which a module or a data file is in the artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistributionEntry {
    /// Its name, as its metadata writes it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its wheel, where the installer or a lock told; nothing for what was built here from source,
    /// or installed by others.
    pub sha256: Option<Digest>,
    /// What its `RECORD` lists, without what installers add: the same for all that hold the same
    /// files. Nothing where it has no `RECORD`.
    pub record_sha256: Option<Digest>,
    /// Its licence, as its metadata has it: an SPDX expression, or some words.
    pub license: Option<String>,
    /// Its package URL, such as `pkg:pypi/six@1.17.0`.
    pub purl: String,
}
