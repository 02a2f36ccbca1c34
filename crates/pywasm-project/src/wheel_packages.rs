//! Finds what the project's own wheel would hold at its top level: in a `src` folder all packages, else the
//! package of the project's name, and what `[tool.setuptools]` lists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pywasm_target::is_identifier;
use toml::de::{DeTable, DeValue};

use crate::config::Config;
use crate::distribution_name::normalize;

/// Reads the lists of `[tool.setuptools]`. What has another form is for setuptools to judge.
pub(crate) fn read(root: &DeTable<'_>) -> Vec<String> {
    let table = |table: &DeTable<'_>, key: &str| -> Option<Vec<String>> {
        let array = table.get(key)?.get_ref().as_array()?;
        let texts = array.iter().filter_map(|item| item.get_ref().as_str());
        Some(texts.map(str::to_owned).collect())
    };
    let tools = root.get("tool").and_then(|tool| tool.get_ref().as_table());
    let setuptools = tools.and_then(|tools| tools.get("setuptools"));
    let Some(setuptools) =
        setuptools.and_then(|value: &toml::Spanned<DeValue<'_>>| value.get_ref().as_table())
    else {
        return Vec::new();
    };
    let keys = ["packages", "py-modules"];
    keys.iter()
        .filter_map(|key| table(setuptools, key))
        .flatten()
        .collect()
}

/// Finds the packages and modules. A project without a name has no wheel.
pub(crate) fn find(root: &Path, source_roots: &[PathBuf], config: &Config) -> Vec<String> {
    let Some(name) = &config.project_name else {
        return Vec::new();
    };
    let mut found: BTreeSet<String> = BTreeSet::new();
    let own = normalize(&name.value).replace('-', "_");
    for folder in source_roots {
        let is_package = |name: &str| folder.join(name).join("__init__.py").is_file();
        let listed = config.wheel.iter().filter_map(|name| name.split('.').next());
        let named = listed.chain([own.as_str()]);
        let is_module = |name: &str| config.wheel.iter().any(|one| one == name);
        let is_file = |name: &str| is_module(name) && folder.join(format!("{name}.py")).is_file();
        found.extend(
            named
                .filter(|name| is_package(name) || is_file(name))
                .map(str::to_owned),
        );
        if folder != root {
            let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            found.extend(names.filter(|name| is_identifier(name) && is_package(name)));
        }
    }
    found.into_iter().collect()
}
