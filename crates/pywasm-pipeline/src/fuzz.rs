//! Opens the readers of a trace and of C sources to the fuzz targets of `pywasm-fuzz`. Nothing else uses this.

use crate::{stage, trace};

/// Reads what a traced program left. Returns the paths that it opened.
pub fn read_trace(text: &str) -> Vec<String> {
    trace::read_opened(text)
}

/// Reads the text of a C file. Returns the names of the modules that it imports.
pub fn read_c_source(text: &str) -> Vec<String> {
    stage::c_imports::find(text).into_iter().collect()
}
