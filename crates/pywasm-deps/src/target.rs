//! The Python that dependencies are for: its version in, the values of the environment markers
//! (PEP 508) out. They are WASI's, whatever the machine is that builds.

use std::collections::BTreeMap;

use pep440_rs::Version;

/// The artifact's Python.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// `3.13.15`.
    pub(crate) full: String,
    /// `3.13`.
    pub(crate) short: String,
    pub(crate) version: Version,
}

impl Target {
    /// The Python of a base; what is no version counts as 3.13.
    pub(crate) fn new(python: &str) -> Self {
        let version = python.parse().unwrap_or_else(|_| Version::new([3, 13, 0]));
        let part = |at: usize| version.release().get(at).copied().unwrap_or(0);
        Self {
            full: format!("{}.{}.{}", part(0), part(1), part(2)),
            short: format!("{}.{}", part(0), part(1)),
            version,
        }
    }

    /// The markers and their values; `extra` is not among them.
    pub(crate) fn environment(&self) -> BTreeMap<&'static str, &str> {
        BTreeMap::from([
            ("implementation_name", "cpython"),
            ("implementation_version", self.full.as_str()),
            ("os_name", "posix"),
            ("platform_machine", "wasm32"),
            ("platform_python_implementation", "CPython"),
            ("platform_release", "0.0.0"),
            ("platform_system", "WASI"),
            ("platform_version", "0.0.0"),
            ("python_full_version", self.full.as_str()),
            ("python_version", self.short.as_str()),
            ("sys_platform", "wasi"),
        ])
    }
}
