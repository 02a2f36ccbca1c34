//! Reads a module that is to be published, and the report that stands beside it.

use std::{fs, path::Path};

use pywasm_digest::Digest;
use pywasm_report::Report;

use super::Error;

/// Reads a file that has to be a module from its first byte to its last, and no larger than `most`
/// bytes.
///
/// # Errors
/// When it is not.
pub fn read_module(file: &Path, most: u64) -> Result<Vec<u8>, Error> {
    let reading = || format!("read {}", file.display());
    let size = fs::metadata(file).map_err(Error::io(reading()))?.len();
    if size > most {
        return Err(Error::TooLarge {
            path: file.to_owned(),
            size,
            most,
        });
    }
    let module = fs::read(file).map_err(Error::io(reading()))?;
    if !module.starts_with(b"\0asm") {
        return Err(Error::NotAModule(file.to_owned()));
    }
    pywasm_object::validate_artifact(&module).map_err(|cause| Error::InvalidModule {
        path: file.to_owned(),
        cause,
    })?;
    Ok(module)
}

/// The report beside a module, if it is about these very bytes.
#[must_use]
pub fn report_of(file: &Path, module: &[u8]) -> Option<Report> {
    let text = fs::read_to_string(file.with_extension("report.json")).ok()?;
    let report = Report::from_json(&text).ok()?;
    let digest = Digest::compute(module);
    let listed = report.artifacts.iter().any(|artifact| artifact.sha256 == digest);
    listed.then_some(report)
}
