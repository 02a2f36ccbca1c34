//! Tells whether a folder named `dist` is one that builds wrote, before it is removed.

use std::{ffi::OsString, fs, path::Path};

use super::Error;

/// Checks that a folder is ours: it holds a report, or a release that has one, or nothing.
///
/// # Errors
/// When it may be another tool's, or cannot be read.
pub fn check_is_ours(folder: &Path) -> Result<(), Error> {
    let names = names(folder)?;
    if names.is_empty() || has_report(&names) {
        return Ok(());
    }
    let releases = folder.join("release");
    if releases.is_dir() {
        for release in self::names(&releases)? {
            let release = releases.join(release);
            if release.is_dir() && has_report(&self::names(&release)?) {
                return Ok(());
            }
        }
    }
    Err(Error::NotOurs(folder.to_owned()))
}

fn has_report(names: &[OsString]) -> bool {
    names
        .iter()
        .any(|name| name.to_string_lossy().ends_with(".report.json"))
}

fn names(folder: &Path) -> Result<Vec<OsString>, Error> {
    fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect())
        .map_err(Error::io(format!("list {}", folder.display())))
}
