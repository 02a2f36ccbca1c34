//! Lists, finds, installs and removes the bases of one home folder.
//!
//! Each change happens in one step, so that another process sees either a complete base or none.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::base::Base;
use crate::error::{Error, IoContext as _};
use crate::home::{self, Home};
use crate::lock::Lock;
use crate::manifest::BASE_ABI;
use pywasm_host::{Progress, Quiet};

/// The prefix of folders that are work in progress and not bases.
const TEMPORARY: &str = ".tmp-";

/// The bases below a home folder.
#[derive(Debug, Clone)]
pub struct Store {
    dir: PathBuf,
}

/// The contents of a store.
#[derive(Debug, Default)]
pub struct Listing {
    /// The bases, including those with another ABI, sorted by id.
    pub bases: Vec<Base>,
    /// Folders without a readable base, and the reason, sorted by path.
    pub broken: Vec<(PathBuf, Error)>,
}

impl Listing {
    /// The bases, where all that are there may be read: one that this user may not read is no reason to
    /// build another one.
    fn readable(self) -> Result<Vec<Base>, Error> {
        let is_denied = |error: &Error| match error {
            Error::Io { source, .. } => source.kind() == std::io::ErrorKind::PermissionDenied,
            _ => false,
        };
        match self.broken.into_iter().find(|(_, error)| is_denied(error)) {
            Some((_, error)) => Err(error),
            None => Ok(self.bases),
        }
    }
}

/// The result of an installation.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The base, as it is in the store now.
    pub base: Base,
    /// Whether the store already had the same base, intact.
    pub was_there: bool,
}

impl Store {
    /// The store of a home folder, which does not have to exist yet.
    pub fn new(home: &Home) -> Self {
        Self { dir: home.bases() }
    }

    /// Lists everything in the store.
    pub fn list(&self) -> Result<Listing, Error> {
        let mut listing = Listing::default();
        let mut names = Vec::new();
        match fs::read_dir(&self.dir) {
            Ok(entries) => {
                for entry in entries {
                    names.push(entry.with_path("list", &self.dir)?.file_name());
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_path("list", &self.dir),
        }
        names.sort();
        for name in names {
            if name.to_string_lossy().starts_with('.') {
                continue;
            }
            let dir = self.dir.join(&name);
            match Base::open(&dir) {
                Ok(base) if name == base.id() => listing.bases.push(base),
                Ok(base) => {
                    let id = base.id().to_owned();
                    let problems = vec![crate::Problem::Extra(name.to_string_lossy().into())];
                    listing.broken.push((dir, Error::Damaged { id, problems }));
                }
                Err(error) => listing.broken.push((dir, error)),
            }
        }
        Ok(listing)
    }

    /// Finds the base that `selector` means: an id; a unique prefix of an id or of its digest; a
    /// Python version (`3.13.15` or `3.13`), which means the best base as in [`Store::find_best`]; or,
    /// if it contains a `/`, the path of a base's folder anywhere.
    pub fn find(&self, selector: &str) -> Result<Base, Error> {
        if selector.contains(['/', std::path::MAIN_SEPARATOR]) {
            return Base::open(&std::path::absolute(selector).with_path("find", selector.as_ref())?);
        }
        let listing = self.list()?;
        match choose_best(&listing.bases, selector) {
            Some(base) => Ok(base),
            None => find_unique(listing.readable()?, selector),
        }
    }

    /// Finds the base to use for a Python version (`3.13.15`; `3.13` means the newest of that series).
    /// Only bases with this tool's ABI count. The newest version wins, then a base that this tool's own
    /// recipe built, then the first id.
    pub fn find_best(&self, python: &str) -> Result<Option<Base>, Error> {
        let listing = self.list()?;
        match choose_best(&listing.bases, python) {
            Some(base) => Ok(Some(base)),
            None => listing.readable().map(|_| None),
        }
    }

    /// Removes a base. `selector` is as in [`Store::find`], but never a path, and a version must match
    /// only one base. The name of a folder without a readable base works too. Returns the name of the
    /// removed folder.
    pub fn remove(&self, selector: &str, progress: &dyn Progress) -> Result<String, Error> {
        let Listing { bases, broken } = self.list()?;
        let unreadable = broken
            .into_iter()
            .map(|(dir, _)| dir)
            .find(|dir| dir.file_name() == Some(selector.as_ref()));
        let dir = match unreadable {
            Some(dir) => dir,
            None => find_unique(bases, selector)?.dir().to_owned(),
        };
        self.begin(progress)?.discard(&dir)?;
        Ok(dir.file_name().unwrap_or_default().to_string_lossy().into_owned())
    }

    /// Installs the base that `fill` writes into an empty folder. The folder gets its final name only
    /// if the files match their manifest. An existing base stays, unless it is damaged; then the new
    /// one replaces it.
    pub(crate) fn install(
        &self,
        progress: &dyn Progress,
        fill: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<Installation, Error> {
        let transaction = self.begin(progress)?;
        let temporary = transaction.folder()?;
        let incoming = temporary.path().join("base");
        fs::create_dir(&incoming).with_path("create", &incoming)?;
        fill(&incoming)?;
        let base = Base::open(&incoming)?;
        base.ensure_intact(progress)?;
        progress.check()?;

        let dir = self.dir.join(base.id());
        if dir.symlink_metadata().is_ok() {
            if let Ok(existing) = Base::open(&dir)
                && existing.manifest() == base.manifest()
                && existing.verify(&Quiet)?.is_empty()
            {
                return Ok(Installation {
                    base: existing,
                    was_there: true,
                });
            }
            progress.note(&format!("replacing {}, which was damaged", base.id()));
            transaction.discard(&dir)?;
        }
        fs::rename(&incoming, &dir).with_path("install", &dir)?;
        Ok(Installation {
            base: Base::open(&dir)?,
            was_there: false,
        })
    }

    fn begin(&self, progress: &dyn Progress) -> Result<Transaction, Error> {
        let dir = home::ensure_folder(self.dir.clone())?;
        let lock = Lock::acquire(
            &dir.join(".lock"),
            "another pywasm to finish with the bases",
            progress,
        )?;
        let transaction = Transaction { dir, _lock: lock };
        transaction.sweep()?;
        Ok(transaction)
    }
}

/// The right to change the store, which one process has at a time.
struct Transaction {
    dir: PathBuf,
    _lock: Lock,
}

impl Transaction {
    /// Removes what killed processes left. Work in progress needs the lock, which we hold, so nothing
    /// here belongs to a running process.
    fn sweep(&self) -> Result<(), Error> {
        for entry in fs::read_dir(&self.dir).with_path("list", &self.dir)? {
            let entry = entry.with_path("list", &self.dir)?;
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                fs::remove_dir_all(entry.path()).with_path("remove", &entry.path())?;
            }
        }
        Ok(())
    }

    fn folder(&self) -> Result<TempDir, Error> {
        tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(&self.dir)
            .with_path("create a folder in", &self.dir)
    }

    /// Deletes the folder of a base. Its name disappears at once.
    fn discard(&self, dir: &Path) -> Result<(), Error> {
        let temporary = self.folder()?;
        match fs::rename(dir, temporary.path().join("base")) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            result => result.with_path("remove", dir),
        }
    }
}

/// Finds the only base that `selector` matches.
fn find_unique(bases: Vec<Base>, selector: &str) -> Result<Base, Error> {
    let matches = |base: &Base| {
        let digest = base.id().rsplit('-').next().unwrap_or_default();
        let is_prefix = base.id().starts_with(selector) || digest.starts_with(selector);
        !selector.is_empty() && (is_prefix || is_version(base, selector))
    };
    let ids = |bases: &[Base]| bases.iter().map(|base| base.id().to_owned()).collect();
    if let Some(base) = bases.iter().find(|base| base.id() == selector) {
        return Ok(base.clone());
    }
    let mut matching: Vec<Base> = bases.iter().filter(|base| matches(base)).cloned().collect();
    match matching.len() {
        0 => Err(Error::NoSuchBase {
            selector: selector.to_owned(),
            known: ids(&bases),
        }),
        1 => Ok(matching.remove(0)),
        _ => Err(Error::AmbiguousBase {
            selector: selector.to_owned(),
            candidates: ids(&matching),
        }),
    }
}

/// Whether a base has the Python version `python`, or one of that series.
fn is_version(base: &Base, python: &str) -> bool {
    base.python()
        .strip_prefix(python)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Chooses the best base for a Python version. `bases` is sorted by id.
fn choose_best(bases: &[Base], python: &str) -> Option<Base> {
    let is_usable = |base: &&Base| base.manifest().abi == BASE_ABI && is_version(base, python);
    let rank = |base: &Base| (version_numbers(base.python()), base.is_current());
    // Only a strictly better base replaces an earlier one.
    bases
        .iter()
        .filter(is_usable)
        .reduce(|best, base| if rank(base) > rank(best) { base } else { best })
        .cloned()
}

/// Splits a dotted version into numbers, for comparison.
pub(crate) fn version_numbers(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_that_may_not_be_read_does_not_count_as_absent() {
        let broken = |kind: std::io::ErrorKind| Listing {
            bases: Vec::new(),
            broken: vec![(
                PathBuf::from("bases/one"),
                Error::Io {
                    action: "read",
                    path: PathBuf::from("bases/one/manifest.json"),
                    source: kind.into(),
                },
            )],
        };
        let denied = broken(std::io::ErrorKind::PermissionDenied).readable();
        assert_eq!(
            denied.expect_err("an error").to_string(),
            "cannot read `bases/one/manifest.json`"
        );
        let absent = broken(std::io::ErrorKind::NotFound).readable();
        assert_eq!(absent.expect("no base"), []);
    }
}
