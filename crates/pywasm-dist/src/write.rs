//! Writes the files of a build into a folder.
//!
//! All files are written beside their places first and get their names together at the end. The earlier
//! `SHA256SUMS` leaves before that and the new one comes last, so that a killed build leaves the
//! earlier files, or whole files without sums.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use pywasm_digest::sha256sums;
use pywasm_host::{Access, FreshFile};
use pywasm_report::Report;

use crate::{FileNames, OutputFiles, SUMS};

/// The operating system refused something.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}", path.display())]
pub struct WriteError {
    /// A verb.
    pub action: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// The operating system's reason.
    pub source: io::Error,
}

impl WriteError {
    fn new(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { action, path, source }
    }
}

/// Writes `files`, the report and the checksums into `folder`, and takes away what an earlier
/// build of the same project left there and this one does not make.
///
/// The report is not among the checksums: its `timings` differ from build to build.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(folder: &Path, project: &str, files: &OutputFiles, report: &Report) -> Result<(), WriteError> {
    fs::create_dir_all(folder).map_err(WriteError::new("make", folder))?;
    let sums = sha256sums(
        report
            .artifacts
            .iter()
            .map(|file| (file.file.as_str(), file.sha256)),
    );
    let report_name = FileNames::new(project).report();
    let json = report.to_json().map_err(io::Error::other);
    let json = json.map_err(WriteError::new("write", &folder.join(&report_name)))?;

    let mut ready: Vec<(FreshFile, PathBuf)> = Vec::new();
    let contents = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let last = [(report_name.as_str(), json.as_bytes()), (SUMS, sums.as_bytes())];
    for (name, bytes) in contents.chain(last) {
        let path = folder.join(name);
        let file = prepare(folder, bytes).map_err(WriteError::new("write", &path))?;
        ready.push((file, path));
    }
    remove(&folder.join(SUMS))?;
    for stale in stale(folder, project, files) {
        remove(&stale)?;
    }
    for (file, path) in ready {
        file.persist(&path).map_err(WriteError::new("write", &path))?;
    }
    Ok(())
}

/// Removes a file, which another build may have done already.
fn remove(path: &Path) -> Result<(), WriteError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(WriteError::new("remove", path)(error)),
        _ => Ok(()),
    }
}

fn prepare(folder: &Path, bytes: &[u8]) -> io::Result<FreshFile> {
    let mut file = FreshFile::create_in(folder, Access::Umask)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Files of this project that this build does not write.
fn stale(folder: &Path, project: &str, files: &OutputFiles) -> Vec<PathBuf> {
    FileNames::new(project)
        .optional()
        .filter(|name| !files.contains_key(name))
        .map(|name| folder.join(name))
        .filter(|path| path.is_file())
        .collect()
}

#[cfg(test)]
mod tests {
    use pywasm_report::Stage;

    use super::*;

    #[test]
    fn a_write_that_fails_on_its_way_leaves_no_sums() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let report = serde_json::json!({
            "schema": 1,
            "tool": {"name": "pywasm", "version": "0.1.0"},
            "base": {"id": "cpython-3.13.15-0123456789ab", "python": "3.13.15"},
            "project": {"name": "app", "version": "2", "license": null, "entry": "app"},
            "settings": {"profile": "release", "optimize": "size", "preinit": "none", "docstrings": "app"},
            "stages": [], "artifacts": [], "modules": [], "data": [], "distributions": [], "warnings": [],
            "timings": {"total": 0.0, "stages": {}},
        });
        let report = Report::from_json(&report.to_string()).expect("a report");
        let files = |content: &str| OutputFiles::from([("app.wasm".to_owned(), content.as_bytes().to_vec())]);
        write(folder.path(), "app", &files("one"), &report).expect("written");
        assert!(at(SUMS).is_file());

        // A file cannot take the place of a folder.
        fs::remove_file(at("app.report.json")).expect("removed");
        fs::create_dir(at("app.report.json")).expect("made");
        assert!(write(folder.path(), "app", &files("two"), &report).is_err());
        assert!(!at(SUMS).exists(), "sums stand beside files of two builds");
        assert_eq!(
            fs::read_dir(folder.path()).expect("a folder").count(),
            2,
            "nothing unfinished stays"
        );
    }

    #[test]
    fn every_module_that_a_stage_left_is_stale() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept: Vec<String> = Stage::ALL
            .into_iter()
            .filter(|stage| stage.gives_module())
            .map(|stage| stage.kept_file("app"))
            .collect();
        for name in kept
            .iter()
            .map(String::as_str)
            .chain(["other.link.wasm", "app.wasm"])
        {
            fs::write(folder.path().join(name), "").expect("writes");
        }
        let files = OutputFiles::from([("app.wasm".to_owned(), Vec::new())]);
        let names: Vec<String> = stale(folder.path(), "app", &files)
            .iter()
            .filter_map(|path| path.file_name()?.to_str().map(str::to_owned))
            .collect();
        assert_eq!(names, kept);
        for name in ["app.link.wasm", "app.preinit.wasm"] {
            assert!(names.iter().any(|stale| stale == name), "{name}");
        }
    }
}
