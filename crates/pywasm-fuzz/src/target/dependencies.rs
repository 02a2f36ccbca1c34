//! What names dependencies: `RECORD`, `METADATA`, requirements, markers and lock files.

use pywasm_deps::fuzz;

use crate::text;

/// A `RECORD`.
pub(crate) fn record(bytes: &[u8]) {
    let _read = fuzz::read_record(text(bytes));
}

/// A `METADATA`, a `WHEEL`, an `entry_points.txt`, the name of a wheel.
pub(crate) fn metadata(bytes: &[u8]) {
    let _read = fuzz::read_metadata(text(bytes));
}

/// A requirement.
pub(crate) fn requirement(bytes: &[u8]) {
    let _read = fuzz::read_requirement(text(bytes));
}

/// A marker.
pub(crate) fn marker(bytes: &[u8]) {
    let _read = fuzz::read_marker(text(bytes));
}

/// A file of requirements.
pub(crate) fn requirements(bytes: &[u8]) {
    let _read = fuzz::read_requirements(text(bytes));
}

/// A `pylock.toml`.
pub(crate) fn pylock(bytes: &[u8]) {
    let _read = fuzz::read_pylock(text(bytes));
}

/// A `uv.lock`.
pub(crate) fn uv_lock(bytes: &[u8]) {
    let _read = fuzz::read_uv_lock(text(bytes));
}
