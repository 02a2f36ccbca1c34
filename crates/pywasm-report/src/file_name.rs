//! Names the files of a build that budgets count. The other names follow from these.

/// Names the module of a project.
#[must_use]
pub fn module_file_name(project: &str) -> String {
    format!("{project}.wasm")
}

/// Names the module in Brotli's format.
#[must_use]
pub fn brotli_file_name(project: &str) -> String {
    module_file_name(project) + ".br"
}
