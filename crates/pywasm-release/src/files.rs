//! The files of a release: a folder or an archive in, names and bytes out, with all that no
//! release has told as a finding; and the way back, in one step.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use pywasm_digest::Digest;
use pywasm_host::{Access, FreshFolder};
use serde::Serialize;

use crate::signature::SUMS;

/// Name to content. A release has no folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a release may hold, in bytes and in files. Hostile ones would hold more.
pub(crate) const LIMIT: u64 = 2 << 30;
pub(crate) const MOST_FILES: usize = 1000;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The file, or what else differs.
    pub file: String,
    /// What differs.
    pub message: String,
}

impl Finding {
    /// A finding about a file.
    pub fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: plain(file.into()),
            message: plain(message.into()),
        }
    }
}

/// A text without what a terminal would obey: names in a hostile release may hold anything.
fn plain(text: String) -> String {
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

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> IoError {
    let path = path.to_owned();
    move |source| IoError { action, path, source }
}

/// Reads the files of a folder, and tells what in it is no file.
///
/// # Errors
/// When it cannot be read.
pub fn read_folder(folder: &Path) -> Result<(Files, Vec<Finding>), IoError> {
    let (mut files, mut findings) = (Files::new(), Vec::new());
    let mut left = LIMIT;
    for entry in fs::read_dir(folder).map_err(failed("list", folder))? {
        let entry = entry.map_err(failed("list", folder))?;
        let path = entry.path();
        let shown = entry.file_name().to_string_lossy().into_owned();
        let meta = entry.metadata().map_err(failed("read", &path))?;
        let refused = if !meta.is_file() {
            "this is no plain file, and a release holds only those"
        } else if entry.file_name().to_str().is_none_or(|name| !is_name(name)) {
            "no file of a release has such a name"
        } else if meta.len() > left || files.len() == MOST_FILES {
            "with this file, there is more than a release may hold"
        } else {
            left -= meta.len();
            files.insert(shown, fs::read(&path).map_err(failed("read", &path))?);
            continue;
        };
        findings.push(Finding::new(shown, refused));
    }
    findings.sort();
    Ok((files, findings))
}

/// Whether a file of a release may have this name: it leads nowhere else on any system.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let refused = |c: char| c.is_control() || r#"/\:*?"<>|"#.contains(c);
    !name.is_empty() && name.len() <= 255 && !name.starts_with(['.', '-']) && !name.contains(refused)
}

/// Writes a release: into a folder beside the target first, which then takes its name. An earlier
/// release of that name stays until the new one is whole.
///
/// # Errors
/// When the operating system refuses; the earlier release is there then. When a folder of that
/// name holds something else, which stays.
pub fn write_folder(target: &Path, files: &Files) -> Result<(), IoError> {
    check_replaced(target).map_err(failed("replace", target))?;
    let parent = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed("make", parent))?;
    let fresh = FreshFolder::create_in(parent, Access::Umask).map_err(failed("make", target))?;
    for (name, bytes) in files {
        fs::write(fresh.path().join(name), bytes).map_err(failed("write", &target.join(name)))?;
    }
    fresh.replace(target).map_err(failed("write", target))
}

/// Whatever is replaced is gone, so it has to be a release.
fn check_replaced(target: &Path) -> io::Result<()> {
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
        "it holds other things than a release: take it away, or choose another --out-dir",
    ))
}

/// What was made again against what was released.
#[must_use]
pub fn differences(released: &Files, made: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, bytes) in released {
        match made.get(name) {
            None => findings.push(Finding::new(name, "the rebuild does not make this file")),
            Some(again) if again != bytes => {
                let same = bytes
                    .iter()
                    .zip(again)
                    .take_while(|(one, other)| one == other)
                    .count();
                let message = format!(
                    "it is not what was built again: they differ from byte {same} on ({} and {} bytes, SHA-256 {} and {})",
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
    for name in made.keys().filter(|name| !released.contains_key(*name)) {
        findings.push(Finding::new(
            name,
            "the rebuild makes this file, and the release has it not",
        ));
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
