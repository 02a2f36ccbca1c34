//! Describes the installed distributions that have files in an artifact, for the bill of materials
//! and the list of licences.

use serde::{Deserialize, Serialize};

use pywasm_digest::Digest;

/// A distribution that has a module or a data file in the artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistributionEntry {
    /// Its name, as its metadata writes it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The digest of its wheel, if the installer or a lock file records it. `None` if the distribution
    /// was built here from source or installed by another tool.
    pub sha256: Option<Digest>,
    /// The digest of the files that its `RECORD` lists, without those that installers add. The same
    /// files give the same digest. `None` without a `RECORD`.
    pub record_sha256: Option<Digest>,
    /// Its licence as its metadata states it: an SPDX expression or free text.
    pub license: Option<String>,
    /// Its package URL, such as `pkg:pypi/six@1.17.0`.
    pub purl: String,
}
