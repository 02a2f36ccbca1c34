//! Reads the files of a release, and writes a release in one step. Everything that does not belong
//! into a release becomes a finding.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use pywasm_digest::Digest;
use pywasm_host::{Access, FreshFolder};
use serde::Serialize;

use crate::signature::SUMS;

/// The contents of files by name. A release has no folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The largest accepted release, in bytes and in files. A hostile one could be larger.
pub(crate) const MAX_BYTES: u64 = 2 << 30;
pub(crate) const MAX_FILES: usize = 1000;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The file or other item that differs.
    pub file: String,
    /// What is wrong with it.
    pub message: String,
}

impl Finding {
    /// Makes a finding about a file.
    pub fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: replace_controls(file.into()),
            message: replace_controls(message.into()),
        }
    }
}

/// Replaces control characters, which a terminal would obey: names in a hostile release may contain
/// anything.
fn replace_controls(text: String) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// The operating system refused something.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}", path.display())]
pub struct IoError {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

fn with_path(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> IoError {
    let path = path.to_owned();
    move |source| IoError { action, path, source }
}

/// Reads the files of a folder. Everything that is not a regular file becomes a finding.
///
/// # Errors
/// When the folder cannot be read.
pub fn read_folder(folder: &Path) -> Result<(Files, Vec<Finding>), IoError> {
    let (mut files, mut findings) = (Files::new(), Vec::new());
    let mut remaining = MAX_BYTES;
    for entry in fs::read_dir(folder).map_err(with_path("list", folder))? {
        let entry = entry.map_err(with_path("list", folder))?;
        let path = entry.path();
        let shown = entry.file_name().to_string_lossy().into_owned();
        let meta = entry.metadata().map_err(with_path("read", &path))?;
        let refused = if !meta.is_file() {
            "this is not a regular file"
        } else if entry.file_name().to_str().is_none_or(|name| !is_valid_name(name)) {
            "files in a release cannot have this name"
        } else if meta.len() > remaining || files.len() == MAX_FILES {
            "the release is too large with this file"
        } else {
            remaining -= meta.len();
            files.insert(shown, fs::read(&path).map_err(with_path("read", &path))?);
            continue;
        };
        findings.push(Finding::new(shown, refused));
    }
    findings.sort();
    Ok((files, findings))
}

/// Whether a file of a release may have this name, which must not lead elsewhere on any system.
#[must_use]
pub fn is_valid_name(name: &str) -> bool {
    let refused = |c: char| c.is_control() || r#"/\:*?"<>|"#.contains(c);
    !name.is_empty() && name.len() <= 255 && !name.starts_with(['.', '-']) && !name.contains(refused)
}

/// Writes a release to a folder next to the target, and then renames it. An earlier release stays
/// until the new one is complete.
///
/// # Errors
/// When the operating system refuses, or when the target contains something other than a release.
/// The target is then unchanged.
pub fn write_folder(target: &Path, files: &Files) -> Result<(), IoError> {
    check_replaceable(target).map_err(with_path("replace", target))?;
    let parent = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(with_path("create", parent))?;
    let fresh = FreshFolder::create_in(parent, Access::Umask).map_err(with_path("create", target))?;
    for (name, bytes) in files {
        fs::write(fresh.path().join(name), bytes).map_err(with_path("write", &target.join(name)))?;
    }
    fresh.replace(target).map_err(with_path("write", target))
}

/// Fails unless the target is a release, since replacing a folder deletes it.
fn check_replaceable(target: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    let is_release =
        names.iter().any(|name| name == SUMS) && names.iter().any(|name| name.ends_with(".provenance.json"));
    if names.is_empty() || is_release {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        "the folder contains something other than a release: remove it, or choose another --out-dir",
    ))
}

/// Compares the files of a rebuild with the released ones.
#[must_use]
pub fn compare(released: &Files, rebuilt: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, bytes) in released {
        match rebuilt.get(name) {
            None => findings.push(Finding::new(name, "the rebuild does not have this file")),
            Some(again) if again != bytes => {
                let same = bytes
                    .iter()
                    .zip(again)
                    .take_while(|(one, other)| one == other)
                    .count();
                let message = format!(
                    "the rebuilt file differs from byte {same} on ({} and {} bytes, SHA-256 {} and {})",
                    bytes.len(),
                    again.len(),
                    Digest::compute(bytes).short(12),
                    Digest::compute(again).short(12),
                );
                findings.push(Finding::new(name, message));
            }
            Some(_) => {}
        }
    }
    for name in rebuilt.keys().filter(|name| !released.contains_key(*name)) {
        findings.push(Finding::new(name, "only the rebuild has this file"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_release_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("app-1.0");
        let release = |content: &str| -> Files {
            [SUMS, "app.provenance.json"]
                .map(|name| (name.to_owned(), content.as_bytes().to_vec()))
                .into()
        };
        write_folder(&target, &release("one")).expect("written");
        write_folder(&target, &release("two")).expect("written again");
        assert_eq!(fs::read(target.join(SUMS)).expect("is there"), b"two");
        fs::remove_file(target.join(SUMS)).expect("taken away");
        fs::write(target.join("main.py"), "sources").expect("written");
        assert!(write_folder(&target, &release("three")).is_err());
        assert_eq!(fs::read(target.join("main.py")).expect("is there"), b"sources");
        fs::write(folder.path().join("file"), "").expect("written");
        assert!(write_folder(&folder.path().join("file"), &release("four")).is_err());
    }
}
