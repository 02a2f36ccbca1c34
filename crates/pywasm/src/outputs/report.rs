//! Reads a report and finds the module that it is about.

use std::path::{Path, PathBuf};

use pywasm_digest::Digest;
use pywasm_dist::FileNames;
use pywasm_project::{BuildOptions, Project};
use pywasm_report::Report;

use super::Error;

/// Where a build of the project at `path` leaves its report.
#[must_use]
pub fn report_path(path: &Path, project: &Project) -> PathBuf {
    pywasm_pipeline::default_out_dir(path, project).join(FileNames::new(&project.name).report())
}

/// Finds where the last build of the project at `path` left its report, without looking whether it is
/// there.
///
/// # Errors
/// When the project is wrong.
pub fn find_report(path: &Path) -> Result<PathBuf, Error> {
    Ok(report_path(path, &Project::load(path, &BuildOptions::default())?))
}

/// Finds the module that the last build of the project at `path` wrote.
///
/// # Errors
/// When the project is wrong, or there is no module.
pub fn find_module(path: &Path) -> Result<PathBuf, Error> {
    let project = Project::load(path, &BuildOptions::default())?;
    let folder = pywasm_pipeline::default_out_dir(path, &project);
    let file = folder.join(FileNames::new(&project.name).module());
    match file.is_file() {
        true => Ok(file),
        false => Err(Error::NotBuilt(file)),
    }
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
