//! Reads `[build-system]`: which program builds the project's wheel, and so knows what is dynamic in its
//! metadata (PEP 517 and 518).

use toml::de::DeTable;

/// What builds the project's wheel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildSystem {
    /// The distributions that the backend needs.
    pub requires: Vec<String>,
    /// The backend, as `module` or `module:object`.
    pub backend: String,
    /// Folders of the project in which the backend is, relative to the project's.
    pub path: Vec<String>,
}

impl Default for BuildSystem {
    /// What the standard says about a project that names none.
    fn default() -> Self {
        Self {
            requires: vec!["setuptools>=40.8.0".to_owned()],
            backend: "setuptools.build_meta:__legacy__".to_owned(),
            path: Vec::new(),
        }
    }
}

/// Reads the table, if there is one.
pub(crate) fn read(document: &DeTable<'_>) -> BuildSystem {
    let usual = BuildSystem::default();
    let Some(table) = document
        .get("build-system")
        .and_then(|value| value.get_ref().as_table())
    else {
        return usual;
    };
    let list = |key: &str| {
        let array = table.get(key)?.get_ref().as_array()?;
        let texts = array.iter().filter_map(|value| value.get_ref().as_str());
        Some(texts.map(str::to_owned).collect::<Vec<_>>())
    };
    let backend = table
        .get("build-backend")
        .and_then(|value| value.get_ref().as_str());
    BuildSystem {
        requires: list("requires").unwrap_or(usual.requires),
        backend: backend.map_or(usual.backend, str::to_owned),
        path: list("backend-path").unwrap_or_default(),
    }
}
