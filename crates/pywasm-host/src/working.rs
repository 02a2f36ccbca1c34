//! Shows that a process works on a folder with many folders in it, such as a cache, until it has ended.
//!
//! Comes in: the folder. Goes out: a file with a lock, in it. What a killed process left in a folder of a
//! cache would stay until another one writes there. So a process that begins looks for the files of
//! processes that died, and if there is one, removes leftovers from all of the folder.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use tempfile::NamedTempFile;

use crate::unfinished::{claim, sweep, take_left};

const PREFIX: &str = ".pywasm-working-";

/// How many folders deep a cache keeps what is made in one step.
const DEPTH: usize = 3;

/// The files of this process.
static MARKS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// The sign of a process that works on a folder. Dropping it removes the sign.
#[derive(Debug)]
pub struct Working(Option<NamedTempFile>);

impl Working {
    /// Removes what killed processes left in `folder`, and shows that this one works there. Where that
    /// is not possible, as in a folder that cannot be written, it is left out.
    #[must_use]
    pub fn begin(folder: &Path) -> Self {
        clean(folder);
        let mark = fs::create_dir_all(folder)
            .and_then(|()| tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder))
            .ok()
            .filter(|mark| claim(mark.as_file(), mark.path()));
        let mut marks = MARKS.lock().unwrap_or_else(PoisonError::into_inner);
        marks.extend(mark.as_ref().map(|mark| mark.path().to_owned()));
        Self(mark)
    }

    /// Removes the signs of this process, which has to stop.
    pub fn end_all() {
        for mark in MARKS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _the_next_process_looks = fs::remove_file(mark);
        }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        if let Some(mark) = &self.0 {
            let mut marks = MARKS.lock().unwrap_or_else(PoisonError::into_inner);
            marks.retain(|other| other != mark.path());
        }
    }
}

fn clean(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let dead: Vec<(PathBuf, File)> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX))
        .filter_map(|entry| Some((entry.path(), take_left(&entry.path())?)))
        .collect();
    // The sign stays as long as something is left, such as the folder of an installer that still runs.
    if !dead.is_empty() && sweep_below(folder, DEPTH) {
        for (mark, _lock) in dead {
            let _the_next_process_looks = fs::remove_file(mark);
        }
    }
}

/// Sweeps a folder and those below it. Returns whether nothing that was left stays.
fn sweep_below(folder: &Path, depth: usize) -> bool {
    let mut is_clean = sweep(folder);
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in folders.filter(|_| depth > 0) {
        // A link leads out of the cache.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            is_clean &= sweep_below(&entry.path(), depth - 1);
        }
    }
    is_clean
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::{Access, FreshFile};

    #[test]
    fn what_a_killed_process_left_anywhere_goes_when_the_next_one_begins() {
        let cache = tempfile::tempdir().expect("a folder");
        let at = |name: &str| cache.path().join(name);
        let left = at("site-packages/.pywasm-unfinished-a/work");
        let entry = at("stages/link/.pywasm-unfinished-b");
        fs::create_dir_all(&left).expect("made");
        fs::create_dir_all(at("stages/link")).expect("made");
        fs::write(&entry, "half").expect("written");

        // Nobody died: nothing is searched.
        drop(Working::begin(cache.path()));
        assert!(left.exists() && entry.exists());

        fs::write(at(".pywasm-working-dead"), "").expect("written");
        let alive = FreshFile::create_in(&at("stages/link"), Access::Owner).expect("begun");
        fs::write(&entry, "half").expect("written");
        let first = Working::begin(cache.path());
        assert!(!left.exists() && !entry.exists() && !at(".pywasm-working-dead").exists());
        assert!(alive.path().exists());

        // Those that work at the same time see each other's signs, and take nothing away.
        let second = Working::begin(cache.path());
        let signs = || {
            let entries = fs::read_dir(cache.path()).expect("a folder").flatten();
            entries
                .filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX))
                .count()
        };
        assert_eq!(signs(), 2);
        drop((first, second));
        assert_eq!(signs(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("written");
        assert!(Working::begin(&file.join("cache")).0.is_none());
    }
}
