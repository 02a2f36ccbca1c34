//! Assembles a release from the files of a build: adds compressed forms, a report without times,
//! licences, SBOMs, the provenance, the sums, a signature and an archive.

use std::path::Path;

use pywasm_digest::{Digest, sha256sums};
use pywasm_dist::{ArtifactKind, FileNames, OutputFile, SUMS};
use pywasm_report::{Report, Timings};

use serde::Serialize;

use crate::{
    archive::{self, Format},
    files::Files,
    provenance::{RebuildOptions, Statement},
    signature::{KeyError, SIGNATURE, SecretKey},
};

/// A release that was written: the content of `pywasm release --format json`.
#[derive(Debug, Serialize)]
pub struct ReleaseForm<'a> {
    schema: u32,
    release: &'a str,
    folder: String,
    files: Vec<FileForm<'a>>,
}

#[derive(Debug, Serialize)]
struct FileForm<'a> {
    file: &'a str,
    bytes: usize,
    sha256: Digest,
}

impl<'a> ReleaseForm<'a> {
    /// The form of a release with its name, its folder and its files.
    #[must_use]
    pub fn new(release: &'a str, folder: &Path, files: &'a Files) -> Self {
        let files = files.iter().map(|(file, bytes)| FileForm {
            file,
            bytes: bytes.len(),
            sha256: Digest::compute(bytes),
        });
        Self {
            schema: 1,
            release,
            folder: folder.display().to_string(),
            files: files.collect(),
        }
    }
}

/// What the release of a project is called: its folder, and its archive but for the end.
#[must_use]
pub fn stem(name: &str, version: &str) -> String {
    format!("{name}-{version}")
}

/// Adds the requested compressed forms to the files and to the report, and removes the times from
/// the report.
#[must_use]
pub fn complete(mut files: Files, mut report: Report, gzip: bool, zstd: bool) -> (Files, Report) {
    let names = FileNames::new(&report.project.name);
    let module = names.module();
    type Compress = fn(&[u8]) -> Vec<u8>;
    let forms: [(bool, String, ArtifactKind, Compress); 2] = [
        (gzip, names.gzip(), ArtifactKind::Gzip, pywasm_dist::gzip),
        (zstd, names.zstd(), ArtifactKind::Zstd, pywasm_dist::zstd),
    ];
    for (_, file, kind, compress) in forms.into_iter().filter(|(wanted, ..)| *wanted) {
        let Some(bytes) = files.get(&module).map(|bytes| compress(bytes)) else {
            continue;
        };
        let file = OutputFile::new(file, kind, bytes);
        report.artifacts.push(file.entry());
        files.insert(file.name, file.bytes);
    }
    report.timings = Timings::default();
    (files, report)
}

/// Adds the report, the provenance and the sums.
///
/// # Errors
/// Never in practice, since JSON can express every part of a report.
pub fn seal(
    mut files: Files,
    report: &Report,
    base: Digest,
    options: RebuildOptions,
) -> Result<Files, serde_json::Error> {
    let name = &report.project.name;
    files.insert(format!("{name}.report.json"), report.to_json()?.into_bytes());
    let statement = Statement::new(files.iter(), report, base, options);
    files.insert(format!("{name}.provenance.json"), statement.to_json());
    let sums = format_sums(&files);
    files.insert(SUMS.to_owned(), sums);
    Ok(files)
}

/// Formats the text of `SHA256SUMS` for `files`.
pub(crate) fn format_sums<'a>(files: impl IntoIterator<Item = (&'a String, &'a Vec<u8>)>) -> Vec<u8> {
    let digests = files
        .into_iter()
        .map(|(name, bytes)| (name.as_str(), Digest::compute(bytes)));
    sha256sums(digests).into_bytes()
}

/// Adds a signature of the sums.
///
/// # Errors
/// When signing fails.
pub fn sign(files: &mut Files, stem: &str, key: &SecretKey) -> Result<(), KeyError> {
    if let Some(sums) = files.get(SUMS) {
        let signature = key.sign(sums, stem)?;
        files.insert(SIGNATURE.to_owned(), signature);
    }
    Ok(())
}

/// Adds the archive of all files.
pub fn pack(files: &mut Files, stem: &str, format: Format) {
    let archive = archive::pack(stem, files, format);
    files.insert(format!("{stem}.{}", format.as_str()), archive);
}
