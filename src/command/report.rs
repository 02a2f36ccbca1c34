//! The path of a report in, the report out, and where its module stands: what the commands share
//! that read what was built.

use std::path::{Path, PathBuf};

use pywasm_digest::Digest;
use pywasm_project::{Error, Project, read_report};
use pywasm_report::Report;

use crate::exit::Usage;

/// Where a build of the project at `path` leaves its report.
pub(crate) fn of_project(path: &Path, project: &Project) -> PathBuf {
    pywasm_pipeline::default_out_dir(path, project).join(format!("{}.report.json", project.name))
}

/// Reads a report.
pub(crate) fn read(path: &Path) -> anyhow::Result<Report> {
    let name = path.display().to_string();
    match read_report(path, &name).map_err(Error::from)? {
        Some(report) => Ok(report),
        None => Err(Usage::mark(anyhow::anyhow!(
            "there is no report `{name}`\nhint: `pywasm build` writes it, or name another"
        ))),
    }
}

/// The module of the report at `path`, which stands beside it, and its digest.
pub(crate) fn module(path: &Path, report: &Report) -> Option<(PathBuf, Digest)> {
    let module = report.artifacts.iter().find(|file| file.kind == "wasm")?;
    // A name in a report from elsewhere leads to no other folder.
    let name = Path::new(&module.file).file_name()?;
    Some((path.with_file_name(name), module.sha256))
}
