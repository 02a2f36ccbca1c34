//! Opens the reader of `pyproject.toml` to the fuzz targets of `pywasm-fuzz`. Nothing else uses this.

use std::path::Path;

use crate::config;

/// Reads the text of a `pyproject.toml` in a folder that does not exist. Returns the messages.
pub fn read_pyproject(text: &str) -> Vec<String> {
    let (_, diagnostics) = config::parse(Path::new("/nowhere"), config::FILE, text);
    diagnostics.iter().map(ToString::to_string).collect()
}
