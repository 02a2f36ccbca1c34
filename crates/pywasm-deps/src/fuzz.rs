//! Opens the readers of wheels, locks and requirements to the fuzz targets of `pywasm-fuzz`. Nothing
//! else uses this.

use std::path::Path;
use std::sync::OnceLock;

use pywasm_diagnostic::Diagnostic;
use pywasm_target::{PythonVersion, Target, WasiWheels};

use crate::choose::Choice;
use crate::declared::Selection;
use crate::error::Error;
use crate::marker::{Marker, Scope};
use crate::metadata;
use crate::record;
use crate::requirement::Requirement;
use crate::requirements_file;
use crate::tags::{Tags, WheelName};
use crate::{licence, pylock, uv_lock, wheel};

fn target() -> Target {
    Target::new(PythonVersion::new(3, 13, 15))
}

/// Checks a wheel and reads all of its members. Returns where its files would be installed.
///
/// # Errors
/// When the wheel is refused.
pub fn read_wheel(file_name: &str, bytes: &[u8]) -> Result<Vec<String>, Error> {
    wheel::read_all(file_name, bytes)
}

/// Reads a `RECORD` and writes it; what is written has to be read as the same.
///
/// # Errors
/// When the text is not a `RECORD`.
pub fn read_record(text: &str) -> Result<String, String> {
    let files = record::parse(text)?;
    let written = record::render(&files);
    assert_eq!(
        record::parse(&written).as_ref(),
        Ok(&files),
        "what was written is read again"
    );
    Ok(written)
}

/// Reads a requirement, and says whether it applies. Its line has to be read as the same line.
///
/// # Errors
/// When the text is not a requirement.
pub fn read_requirement(text: &str) -> Result<bool, String> {
    let requirement = Requirement::parse(text)?;
    let line = requirement.line();
    let again = Requirement::parse(&line).map(|again| again.line());
    assert_eq!(again.as_ref(), Ok(&line), "a requirement's line is read again");
    let _pinned = (requirement.pinned(), requirement.takes("1.0"));
    Ok(requirement.applies(scope(&target())))
}

/// Reads a marker, and says whether it holds.
///
/// # Errors
/// When the text is not a marker.
pub fn read_marker(text: &str) -> Result<bool, String> {
    Ok(Marker::parse(text)?.holds(scope(&target())))
}

fn scope(target: &Target) -> Scope<'_> {
    Scope {
        target,
        extras: &[],
        groups: &[],
    }
}

/// Reads a `pylock.toml`. Returns how many distributions it pins.
///
/// # Errors
/// When the lock is refused.
pub fn read_pylock(text: &str) -> Result<usize, Error> {
    let read = pylock::read(text, &Selection::default(), &target(), choice("pylock.toml"))?;
    Ok(read.pins.len())
}

/// Reads a `uv.lock` of the project `app`. Returns how many distributions it pins.
///
/// # Errors
/// When the lock is refused.
pub fn read_uv_lock(text: &str) -> Result<usize, Error> {
    let choice = choice("uv.lock");
    let read = uv_lock::read(text, Some("app"), &Selection::default(), &target(), choice)?;
    Ok(read.pins.len())
}

fn choice(file: &str) -> Choice<'_> {
    // There are thousands of them.
    static TAGS: OnceLock<Tags> = OnceLock::new();
    Choice {
        tags: TAGS.get_or_init(|| Tags::new(target(), WasiWheels::Taken)),
        sdists: &[],
        file,
        folder: Path::new("/project"),
    }
}

/// Reads the text of a `requirements.txt` that includes no other file.
///
/// # Errors
/// When a line is refused.
pub fn read_requirements(text: &str) -> Result<usize, Vec<Diagnostic>> {
    requirements_file::read_text(text, &target())
}

/// Reads the files of a `*.dist-info`: headers, the licence, entry points, a wheel's name.
pub fn read_metadata(text: &str) -> usize {
    let names = ["Name", "Version", "Requires-Dist", "License-File"];
    let headers: usize = names
        .map(|name| metadata::headers(text, name).count())
        .iter()
        .sum();
    let first = text.lines().next().unwrap_or_default();
    let tags = WheelName::parse(first).map_or(0, |name| name.tags().count());
    let licence = licence::find_licence(text).map_or(0, |licence| licence.len());
    headers + metadata::sections(text).len() + tags + licence
}
