//! The results of the stages in, the files of `dist/` out.
//!
//! All files are written beside their places first and get their names together at the end,
//! `SHA256SUMS` last, so that a killed build leaves the earlier files or none.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use pywasm_digest::{Digest, sha256sums};
use pywasm_report::{ArtifactEntry, Report, Stage};
use tempfile::NamedTempFile;

use crate::Error;

/// A file on its way into `dist/`.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl File {
    pub(crate) fn new(name: String, kind: &'static str, bytes: Vec<u8>) -> Self {
        Self { name, kind, bytes }
    }

    pub(crate) fn artifact(&self) -> ArtifactEntry {
        ArtifactEntry {
            file: self.name.clone(),
            kind: self.kind.to_owned(),
            bytes: self.bytes.len() as u64,
            sha256: Digest::compute(&self.bytes),
        }
    }
}

/// Writes `files`, the report and the checksums into `folder`, and takes away what an earlier
/// build of the same project left there and this one does not make.
///
/// The report is not among the checksums: its `timings` differ from build to build.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(
    folder: &Path,
    project: &str,
    files: &BTreeMap<String, Vec<u8>>,
    report: &Report,
) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))?;
    let sums = sha256sums(
        report
            .artifacts
            .iter()
            .map(|file| (file.file.as_str(), file.sha256)),
    );
    let report_name = format!("{project}.report.json");
    let json = report.to_json().map_err(std::io::Error::other);
    let json = json.map_err(|error| Error::io("write", &folder.join(&report_name), error))?;

    let mut ready: Vec<(NamedTempFile, PathBuf)> = Vec::new();
    let contents = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let last = [
        (report_name.as_str(), json.as_bytes()),
        ("SHA256SUMS", sums.as_bytes()),
    ];
    for (name, bytes) in contents.chain(last) {
        let path = folder.join(name);
        let file = prepare(folder, bytes).map_err(|error| Error::io("write", &path, error))?;
        ready.push((file, path));
    }
    for stale in stale(folder, project, files) {
        fs::remove_file(&stale).map_err(|error| Error::io("remove", &stale, error))?;
    }
    for (file, path) in ready {
        file.persist(&path)
            .map_err(|error| Error::io("write", &path, error.error))?;
    }
    Ok(())
}

fn prepare(folder: &Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pywasm-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Less the user's umask, as for any file that a compiler writes.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Files of this project that this build does not write, such as the `.br` before a `dev` build.
fn stale(folder: &Path, project: &str, files: &BTreeMap<String, Vec<u8>>) -> Vec<PathBuf> {
    let stages = Stage::ALL
        .into_iter()
        .filter(|stage| stage.gives_module())
        .map(|stage| stage.kept_file(project));
    [format!("{project}.wasm.br")]
        .into_iter()
        .chain(stages)
        .chain(crate::stage::aot::all_names(project))
        .filter(|name| !files.contains_key(name))
        .map(|name| folder.join(name))
        .filter(|path| path.is_file())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let files = BTreeMap::from([("app.wasm".to_owned(), Vec::new())]);
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
