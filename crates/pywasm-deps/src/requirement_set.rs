//! Defines what has to be installed: requirements that still have to be resolved, or pins, the form
//! that every lock file takes.

use std::collections::BTreeSet;
use std::path::PathBuf;

use pywasm_diagnostic::Diagnostic;

use crate::requirement::Requirement;

/// What has to be installed, and where that is written.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequirementSet {
    /// The file that says so, for messages.
    pub(crate) file: String,
    /// Everything, each with its version and a digest; sorted by name.
    pub(crate) pins: Vec<Pin>,
    /// What has to be resolved first; empty where there are pins.
    pub(crate) open: Vec<Requirement>,
    /// Versions that must not be chosen otherwise, as lines of a constraints file.
    pub(crate) constraints: Vec<String>,
    /// Lines of a requirements file that say where the installer looks.
    pub(crate) options: Vec<String>,
    /// Warnings for the user.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// One distribution, exactly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pin {
    /// Normalised.
    pub(crate) name: String,
    /// Its version, if the lock has it.
    pub(crate) version: Option<String>,
    /// Where it is, if it is not in an index.
    pub(crate) place: Option<FileLocation>,
    /// `sha256:...`; one of them has to fit.
    pub(crate) hashes: BTreeSet<String>,
    /// Whether it has to be built from source.
    pub(crate) from_source: bool,
}

/// Where a distribution's file is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FileLocation {
    Url(String),
    /// Absolute.
    Path(PathBuf),
}

impl FileLocation {
    /// As an address.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            Self::Path(path) => {
                let mut url = "file://".to_owned();
                for c in path.to_string_lossy().replace('\\', "/").bytes() {
                    if c.is_ascii_alphanumeric() || b"/-_.~+:".contains(&c) {
                        url.push(char::from(c));
                    } else {
                        url += &format!("%{c:02X}");
                    }
                }
                url
            }
        }
    }
}

impl Pin {
    /// A line of a requirements file.
    pub(crate) fn line(&self) -> String {
        let mut line = match (&self.place, &self.version) {
            (Some(place), _) => format!("{} @ {}", self.name, place.url()),
            (None, Some(version)) => format!("{}=={version}", self.name),
            (None, None) => self.name.clone(),
        };
        for hash in &self.hashes {
            line += &format!(" --hash={hash}");
        }
        line
    }
}

impl RequirementSet {
    pub(crate) fn is_empty(&self) -> bool {
        self.pins.is_empty() && self.open.is_empty()
    }
}
