//! Chooses the file to install from those that a lock file lists for a distribution.

use std::path::PathBuf;

use pywasm_diagnostic::Diagnostic;
use pywasm_project::normalize;

use crate::requirement_set::{FileLocation, Pin};
use crate::tags::Tags;

/// What a lock is read for.
#[derive(Clone, Copy)]
pub(crate) struct Choice<'a> {
    pub(crate) tags: &'a Tags,
    /// Distributions that may be built from source; normalised.
    pub(crate) sdists: &'a [String],
    /// The lock file's name.
    pub(crate) file: &'a str,
    /// The folder that its paths count from.
    pub(crate) folder: &'a std::path::Path,
}

/// A distribution of a lock.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    /// Normalised.
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) wheels: Vec<LockedFile>,
    pub(crate) sdist: Option<LockedFile>,
    /// Whether the files have to be fetched from where the lock says, since no index has them.
    pub(crate) is_direct: bool,
}

/// A file of a lock.
#[derive(Debug, Clone, Default)]
pub(crate) struct LockedFile {
    /// Its name; without one, the last part of the address or path.
    pub(crate) name: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) path: Option<String>,
    /// `sha256:...`
    pub(crate) hash: Option<String>,
}

impl LockedFile {
    fn file_name(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let text = self.url.as_deref().or(self.path.as_deref()).unwrap_or_default();
        let text = text.split(['?', '#']).next().unwrap_or_default();
        let last = text.rsplit('/').next().unwrap_or_default();
        // The only character of a wheel's name that addresses write otherwise.
        last.replace("%2B", "+").replace("%2b", "+")
    }
}

impl Choice<'_> {
    /// The pin of a package: its best wheel, or its source where it may be built.
    pub(crate) fn pin(self, package: &Package) -> Result<Pin, Diagnostic> {
        let ranked = package
            .wheels
            .iter()
            .filter_map(|wheel| Some((self.tags.rank(&wheel.file_name())?, wheel)));
        if let Some((_, wheel)) = ranked.min_by_key(|(rank, wheel)| (*rank, wheel.file_name())) {
            return Ok(self.make_pin(package, wheel, false));
        }
        let name = &package.name;
        let what = format!(
            "`{name}`{}",
            package
                .version
                .as_deref()
                .map(|v| format!(" {v}"))
                .unwrap_or_default()
        );
        match &package.sdist {
            Some(sdist) if self.sdists.contains(name) => Ok(self.make_pin(package, sdist, true)),
            Some(_) => Err(Diagnostic::new(format!("`{}` has no suitable wheel of {what}, only its source", self.file))
                .with_hint(format!("if the distribution is pure Python, allow pywasm to build it: `sdists = [\"{name}\"]`, or `--sdist {name}`"))),
            None => Err(Diagnostic::new(format!("`{}` has no suitable wheel of {what}", self.file)).with_hint(format!(
                "lock again with a wheel for any platform, for WASI or for x86-64 Linux; or give the dependency a marker: `{name}; sys_platform != \"wasi\"`"
            ))),
        }
    }

    fn make_pin(self, package: &Package, file: &LockedFile, from_source: bool) -> Pin {
        let place = match (&file.path, &file.url) {
            (Some(path), _) => Some(FileLocation::Path(self.folder.join(PathBuf::from(path)))),
            (None, Some(url)) if package.is_direct => Some(FileLocation::Url(url.clone())),
            _ => None,
        };
        Pin {
            name: normalize(&package.name),
            version: package.version.clone(),
            place,
            hashes: file.hash.iter().cloned().collect(),
            from_source,
        }
    }
}
