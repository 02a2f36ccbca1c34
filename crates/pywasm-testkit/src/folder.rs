//! Lists and copies folders.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Lists the entries of a folder, sorted.
///
/// # Panics
/// When the folder cannot be read.
#[must_use]
pub fn list(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap_or_else(|error| panic!("cannot list {}: {error}", dir.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// Copies a folder with all below it.
///
/// # Panics
/// When something cannot be copied.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap_or_else(|error| panic!("cannot create {}: {error}", to.display()));
    for path in list(from) {
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target)
                .unwrap_or_else(|error| panic!("cannot copy {}: {error}", path.display()));
        }
    }
}
