//! Evaluates environment markers (PEP 508) for the target.

use std::collections::BTreeMap;

use crate::Target;

/// All markers except for `extra`, sorted.
pub const MARKERS: [&str; 11] = [
    "implementation_name",
    "implementation_version",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_full_version",
    "python_version",
    "sys_platform",
];

impl Target {
    /// Returns the value of a marker; `None` if there is no marker with this name.
    #[must_use]
    pub fn marker(self, name: &str) -> Option<String> {
        Some(match name {
            "implementation_name" => crate::IMPLEMENTATION.to_owned(),
            "implementation_version" | "python_full_version" => self.python.to_string(),
            "os_name" => crate::OS_NAME.to_owned(),
            "platform_machine" => crate::MACHINE.to_owned(),
            "platform_python_implementation" => crate::PYTHON_IMPLEMENTATION.to_owned(),
            "platform_release" => crate::RELEASE.to_owned(),
            "platform_system" => crate::SYSTEM.to_owned(),
            "platform_version" => crate::VERSION.to_owned(),
            "python_version" => self.series().to_string(),
            "sys_platform" => crate::SYS_PLATFORM.to_owned(),
            _ => return None,
        })
    }

    /// Returns all markers with their values.
    #[must_use]
    pub fn markers(self) -> BTreeMap<&'static str, String> {
        MARKERS
            .into_iter()
            .filter_map(|name| Some((name, self.marker(name)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PythonVersion;

    #[test]
    fn each_marker_has_a_value() {
        let target = Target::new(PythonVersion::new(3, 13, 15));
        assert_eq!(target.markers().len(), MARKERS.len());
        assert!(MARKERS.is_sorted());
        assert_eq!(target.marker("platform_system").as_deref(), Some("wasi"));
        assert_eq!(target.marker("python_version").as_deref(), Some("3.13"));
        assert_eq!(target.marker("extra"), None);
    }
}
