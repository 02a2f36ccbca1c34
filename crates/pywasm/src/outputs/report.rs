//! Reads a report and finds the module that it is about.

use std::path::{Path, PathBuf};

use pywasm_digest::Digest;
use pywasm_project::Project;
use pywasm_report::Report;

use super::Error;

/// Where a build of the project at `path` leaves its report.
#[must_use]
pub fn report_path(path: &Path, project: &Project) -> PathBuf {
    pywasm_pipeline::default_out_dir(path, project).join(format!("{}.report.json", project.name))
}

/// Reads a report.
///
/// # Errors
/// When it is not there, or is not a report.
pub fn read_report(path: &Path) -> Result<Report, Error> {
    let name = path.display().to_string();
    let report = pywasm_project::read_report(path, &name).map_err(pywasm_project::Error::from)?;
    report.ok_or(Error::NoReport(name))
}

/// The module of the report at `path`, which stands beside it, and its digest.
#[must_use]
pub fn module_of(path: &Path, report: &Report) -> Option<(PathBuf, Digest)> {
    let module = report.artifacts.iter().find(|file| file.kind == "wasm")?;
    // A name in a report from elsewhere leads to no other folder.
    let name = Path::new(&module.file).file_name()?;
    Some((path.with_file_name(name), module.sha256))
}
