//! Finds what killed processes left: files and folders that never got their final names.
//!
//! The process that makes one holds a lock on it, and the operating system releases the lock however
//! the process ends. So one that nobody has locked is nobody's work. Before a process makes its first
//! one in a folder, it removes those there, so that they never add up.

use std::{
    collections::BTreeSet,
    env,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use tempfile::TempDir;

/// The beginning of unfinished names, so that a person who finds one after a crash knows what it is.
pub(crate) const PREFIX: &str = ".pywasm-unfinished-";

/// How often a new name is tried when another process takes the one before for a leftover.
const ATTEMPTS: usize = 10;

/// A folder for work in progress. Dropping it deletes it; what a killed process left goes when the next
/// one works in the same place.
#[derive(Debug)]
pub struct WorkFolder {
    folder: TempDir,
    /// Held until the folder is gone.
    _lock: Option<File>,
}

impl WorkFolder {
    /// Makes a folder that only the user may read, where the system keeps temporary files.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn create() -> io::Result<Self> {
        Self::create_in(&env::temp_dir())
    }

    /// Makes a folder that only the user may read in `parent`.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn create_in(parent: &Path) -> io::Result<Self> {
        Self::build_in(parent, &tempfile::Builder::new())
    }

    /// Makes a folder with the permissions of `builder`.
    pub(crate) fn build_in(parent: &Path, builder: &tempfile::Builder<'_, '_>) -> io::Result<Self> {
        create_locked(parent, || {
            let folder = builder.clone().prefix(PREFIX).tempdir_in(parent)?;
            let lock = File::open(folder.path()).ok();
            let is_ours = match &lock {
                Some(lock) => claim(lock, folder.path()),
                // Either another process took it for a leftover, or this system does not open folders: then
                // nobody can lock it, and so nobody removes it.
                None => folder.path().is_dir(),
            };
            Ok(is_ours.then_some(Self { folder, _lock: lock }))
        })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Makes something unfinished in `folder`. `make` returns nothing if another process took it for a
/// leftover before it was locked.
pub(crate) fn create_locked<T>(
    folder: &Path,
    mut make: impl FnMut() -> io::Result<Option<T>>,
) -> io::Result<T> {
    sweep_once(folder);
    for _ in 0..ATTEMPTS {
        if let Some(made) = make()? {
            return Ok(made);
        }
    }
    Err(io::Error::other("another process removes each new file"))
}

/// Locks what was just made at `path`. Returns whether it is still there.
pub(crate) fn claim(made: &File, path: &Path) -> bool {
    // Where there are no locks, nobody finds leftovers either.
    !matches!(made.try_lock(), Err(TryLockError::WouldBlock)) && path.symlink_metadata().is_ok()
}

/// Removes what killed processes left in `folder`, at the first call for it.
fn sweep_once(folder: &Path) {
    static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let mut swept = SWEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if swept.insert(folder.to_owned()) {
        sweep(folder);
    }
}

/// Removes what killed processes left in `folder`. Returns whether nothing of it stays.
pub(crate) fn sweep(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return true;
    };
    let mut is_clean = true;
    for entry in entries.flatten() {
        let is_unfinished = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let kind = entry
            .file_type()
            .ok()
            .filter(|kind| is_unfinished && (kind.is_file() || kind.is_dir()));
        let Some(kind) = kind else { continue };
        let path = entry.path();
        // The lock lasts until the name is gone, so that a process that has just made it notices.
        if let Some(_lock) = take_left(&path) {
            // What cannot be removed now, for example since a child of the killed process still
            // writes there, is found again by the next process.
            let removed = match kind.is_dir() {
                true => fs::remove_dir_all(&path),
                false => fs::remove_file(&path),
            };
            is_clean &= removed.is_ok() || path.symlink_metadata().is_err();
        }
    }
    is_clean
}

/// The lock of what a killed process left, or nothing where another process works on it.
pub(crate) fn take_left(path: &Path) -> Option<File> {
    File::open(path).ok().filter(|left| left.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    use super::*;
    use crate::{Access, FreshFile, FreshFolder};

    fn leave(folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(format!("{PREFIX}{name}"));
        fs::create_dir_all(path.join("new/site-packages")).expect("made");
        fs::write(path.join("new/site-packages/module.py"), "x").expect("written");
        path
    }

    #[cfg(unix)]
    #[test]
    fn what_killed_processes_left_goes_and_what_others_write_stays() {
        let parent = tempfile::tempdir().expect("a folder");
        let parent = parent.path();
        let file = FreshFile::create_in(parent, Access::Owner).expect("begun");
        let folder = FreshFolder::create_in(parent, Access::Umask).expect("begun");
        let work = WorkFolder::create_in(parent).expect("begun");
        let left = [
            leave(parent, "a"),
            leave(parent, "b"),
            parent.join(format!("{PREFIX}c")),
        ];
        fs::write(&left[2], "half").expect("written");
        let other = parent.join(".pywasm-backup");
        fs::create_dir(&other).expect("made");
        sweep(parent);
        assert!(left.iter().all(|path| !path.exists()));
        assert!(other.exists());
        for path in [file.path(), folder.path(), work.path()] {
            assert!(path.exists(), "{}", path.display());
        }
        drop((file, folder, work));
        assert_eq!(fs::read_dir(parent).expect("a folder").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn the_first_file_of_a_process_in_a_folder_takes_leftovers_away() {
        let parent = tempfile::tempdir().expect("a folder");
        let first = leave(parent.path(), "a");
        drop(FreshFile::create_in(parent.path(), Access::Owner).expect("begun"));
        assert!(!first.exists());
        let second = leave(parent.path(), "b");
        drop(FreshFile::create_in(parent.path(), Access::Owner).expect("begun"));
        assert!(second.exists(), "a folder is searched once");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_takes_a_folder_from_who_works_in_it() {
        let parent = tempfile::tempdir().expect("a folder");
        let parent = parent.path();
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        sweep(parent);
                    }
                });
            }
            let workers = [(); 4].map(|()| {
                scope.spawn(|| {
                    for _ in 0..200 {
                        // Where the others are always faster, there is no folder.
                        let Ok(work) = WorkFolder::create_in(parent) else {
                            continue;
                        };
                        let inner = work.path().join("work");
                        fs::create_dir_all(&inner).expect("made");
                        thread::yield_now();
                        assert!(inner.is_dir(), "taken away");
                    }
                })
            });
            let ends = workers.map(thread::ScopedJoinHandle::join);
            is_over.store(true, Ordering::Relaxed);
            assert!(ends.iter().all(Result::is_ok));
        });
    }

    #[cfg(unix)]
    #[test]
    fn what_another_process_takes_away_is_made_again() {
        let parent = tempfile::tempdir().expect("a folder");
        let mut attempts = 0;
        let made = create_locked(parent.path(), || {
            attempts += 1;
            let path = parent.path().join(format!("{PREFIX}{attempts}"));
            let made = File::create(&path)?;
            if attempts == 1 {
                sweep(parent.path());
            }
            Ok(claim(&made, &path).then_some(path))
        });
        assert_eq!(made.expect("made"), parent.path().join(format!("{PREFIX}2")));
        assert!(create_locked::<()>(parent.path(), || Ok(None)).is_err());
    }
}
