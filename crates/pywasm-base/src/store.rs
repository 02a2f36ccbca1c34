//! The bases of one home folder. In: the folder. Out: what is there, the one that a selector
//! means, the one to use by default; new ones put in and old ones taken out, each in one step
//! that another process sees either whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::base::Base;
use crate::error::{Error, IoContext as _};
use crate::home::{self, Home};
use crate::lock::Lock;
use crate::manifest::BASE_ABI;
use pywasm_host::{Progress, Quiet};

/// Names that begin so are work in progress, and nobody's base.
const TEMPORARY: &str = ".tmp-";

/// The bases below a home folder.
#[derive(Debug, Clone)]
pub struct Store {
    dir: PathBuf,
}

/// What stands in a store.
#[derive(Debug, Default)]
pub struct Listing {
    /// The usable bases and those of another ABI, sorted by id.
    pub bases: Vec<Base>,
    /// Folders that hold no readable base, with the reason, sorted by path.
    pub broken: Vec<(PathBuf, Error)>,
}

/// What came of an installation.
#[derive(Debug, Clone)]
pub struct Installed {
    /// The base, as it stands in the store now.
    pub base: Base,
    /// Whether the same base was there before, intact.
    pub was_there: bool,
}

impl Store {
    /// The store of a home folder, which need not exist yet.
    pub fn new(home: &Home) -> Self {
        Self { dir: home.bases() }
    }

    /// Everything that is there.
    pub fn list(&self) -> Result<Listing, Error> {
        let mut listing = Listing::default();
        let mut names = Vec::new();
        match fs::read_dir(&self.dir) {
            Ok(entries) => {
                for entry in entries {
                    names.push(entry.at("list", &self.dir)?.file_name());
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).at("list", &self.dir),
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

    /// The base that `selector` means: an id, the unique beginning of an id or of its digest, a
    /// Python version (`3.13.15`, `3.13`; then the best as in [`Store::best`]), or the path of
    /// a base's folder anywhere, if it has a `/` in it.
    pub fn find(&self, selector: &str) -> Result<Base, Error> {
        if selector.contains(['/', std::path::MAIN_SEPARATOR]) {
            return Base::open(&std::path::absolute(selector).at("find", selector.as_ref())?);
        }
        let bases = self.list()?.bases;
        match best(bases.clone(), selector) {
            Some(base) => Ok(base),
            None => only(bases, selector),
        }
    }

    /// The base to use for a Python version (`3.13.15`; `3.13` means the newest of that line):
    /// of this tool's ABI, the newest version first, then those that this tool's own recipe
    /// made before others, then by id.
    pub fn best(&self, python: &str) -> Result<Option<Base>, Error> {
        Ok(best(self.list()?.bases, python))
    }

    /// Takes a base out. `selector` as in [`Store::find`], but never a path, and a version only
    /// where one base has it; or the name of a folder of the store that holds no readable base
    /// any more. Returns the removed folder's name.
    pub fn remove(&self, selector: &str, progress: &dyn Progress) -> Result<String, Error> {
        let Listing { bases, broken } = self.list()?;
        let unreadable = broken
            .into_iter()
            .map(|(dir, _)| dir)
            .find(|dir| dir.file_name() == Some(selector.as_ref()));
        let dir = match unreadable {
            Some(dir) => dir,
            None => only(bases, selector)?.dir().to_owned(),
        };
        self.begin(progress)?.discard(&dir)?;
        Ok(dir.file_name().unwrap_or_default().to_string_lossy().into_owned())
    }

    /// Puts a base in: `fill` gets an empty folder, fills it with a whole base, and only if the
    /// files are what their manifest says does the folder get its name. A base that is there
    /// already stays, unless it is damaged; then the new one takes its place.
    pub(crate) fn install(
        &self,
        progress: &dyn Progress,
        fill: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<Installed, Error> {
        let transaction = self.begin(progress)?;
        let temporary = transaction.folder()?;
        let incoming = temporary.path().join("base");
        fs::create_dir(&incoming).at("create", &incoming)?;
        fill(&incoming)?;
        let base = Base::open(&incoming)?;
        base.ensure_intact(progress)?;
        progress.check()?;

        let dir = self.dir.join(base.id());
        if dir.symlink_metadata().is_ok() {
            if let Ok(there) = Base::open(&dir)
                && there.manifest() == base.manifest()
                && there.verify(&Quiet)?.is_empty()
            {
                return Ok(Installed {
                    base: there,
                    was_there: true,
                });
            }
            progress.note(&format!("{} was damaged and is replaced", base.id()));
            transaction.discard(&dir)?;
        }
        fs::rename(&incoming, &dir).at("install", &dir)?;
        Ok(Installed {
            base: Base::open(&dir)?,
            was_there: false,
        })
    }

    fn begin(&self, progress: &dyn Progress) -> Result<Transaction, Error> {
        let dir = home::ensure(self.dir.clone())?;
        let lock = Lock::take(
            &dir.join(".lock"),
            "another pywasm to finish with the bases",
            progress,
        )?;
        let transaction = Transaction { dir, _lock: lock };
        transaction.sweep()?;
        Ok(transaction)
    }
}

/// The right to change the store, held by one process at a time.
struct Transaction {
    dir: PathBuf,
    _lock: Lock,
}

impl Transaction {
    /// Removes what a killed process left. Work in progress stands under the lock only, so all
    /// that is found here is nobody's.
    fn sweep(&self) -> Result<(), Error> {
        for entry in fs::read_dir(&self.dir).at("list", &self.dir)? {
            let entry = entry.at("list", &self.dir)?;
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                fs::remove_dir_all(entry.path()).at("remove", &entry.path())?;
            }
        }
        Ok(())
    }

    fn folder(&self) -> Result<TempDir, Error> {
        tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(&self.dir)
            .at("create a folder in", &self.dir)
    }

    /// Deletes a base's folder, whose name is gone at once.
    fn discard(&self, dir: &Path) -> Result<(), Error> {
        let grave = self.folder()?;
        match fs::rename(dir, grave.path().join("base")) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            result => result.at("remove", dir),
        }
    }
}

/// The one base that `selector` means.
fn only(bases: Vec<Base>, selector: &str) -> Result<Base, Error> {
    let fits = |base: &Base| {
        let digest = base.id().rsplit('-').next().unwrap_or_default();
        let begins = base.id().starts_with(selector) || digest.starts_with(selector);
        !selector.is_empty() && (begins || is_version(base, selector))
    };
    let ids = |bases: &[Base]| bases.iter().map(|base| base.id().to_owned()).collect();
    if let Some(base) = bases.iter().find(|base| base.id() == selector) {
        return Ok(base.clone());
    }
    let mut fitting: Vec<Base> = bases.iter().filter(|base| fits(base)).cloned().collect();
    match fitting.len() {
        0 => Err(Error::NoSuchBase {
            selector: selector.to_owned(),
            known: ids(&bases),
        }),
        1 => Ok(fitting.remove(0)),
        _ => Err(Error::AmbiguousBase {
            selector: selector.to_owned(),
            candidates: ids(&fitting),
        }),
    }
}

/// Whether a base has the Python version `python`, or one of that line.
fn is_version(base: &Base, python: &str) -> bool {
    base.python()
        .strip_prefix(python)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// `bases` is sorted by id.
fn best(bases: Vec<Base>, python: &str) -> Option<Base> {
    let fits = |base: &Base| base.manifest().abi == BASE_ABI && is_version(base, python);
    let rank = |base: &Base| (version(base.python()), base.is_current());
    // Only a strictly better one takes the first one's place.
    bases
        .into_iter()
        .filter(fits)
        .reduce(|best, base| if rank(&base) > rank(&best) { base } else { best })
}

/// A dotted version as numbers, for comparison.
pub(crate) fn version(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}
