//! Keeps fetched wheels as `SHA256/NAME.whl` below a folder of the user's cache. A wheel is found by
//! its digest, which is checked again; a damaged wheel counts as absent.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use pywasm_digest::Digest;
use pywasm_host::copy_file;

use crate::error::{Error, IoContext as _};

/// Keeps a wheel, and gives its digest. Failing only costs the next download.
pub(crate) fn keep(wheels: &Path, file: &Path) -> Result<Digest, Error> {
    let digest = digest(file).with_path("read", file)?;
    let target = wheels
        .join(digest.to_string())
        .join(file.file_name().unwrap_or_default());
    if !target.exists() {
        let _only_costs_time = copy_file(file, &target);
    }
    Ok(digest)
}

/// A kept wheel with one of these digests (`sha256:...`).
pub(crate) fn find(wheels: &Path, hashes: &BTreeSet<String>) -> Option<PathBuf> {
    hashes.iter().find_map(|hash| {
        let digits = hash.strip_prefix("sha256:")?;
        let wanted: Digest = digits.parse().ok()?;
        let mut files = files(&wheels.join(wanted.to_string())).ok()?;
        files.retain(|file| digest(file).is_ok_and(|digest| digest == wanted));
        files.into_iter().next()
    })
}

/// Puts all kept wheels into one folder, as an index.
pub(crate) fn gather(wheels: &Path, folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).with_path("create", folder)?;
    let Ok(entries) = fs::read_dir(wheels) else {
        return Ok(());
    };
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    for file in folders.iter().filter_map(|folder| files(folder).ok()).flatten() {
        let target = folder.join(file.file_name().unwrap_or_default());
        if !target.exists() {
            copy_file(&file, &target).with_path("write", &target)?;
        }
    }
    Ok(())
}

/// The wheels in a folder, sorted.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "whl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The digest of a file.
pub(crate) fn digest(file: &Path) -> io::Result<Digest> {
    Digest::from_reader(&mut File::open(file)?)
}
