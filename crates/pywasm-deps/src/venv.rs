//! Finds the `site-packages` of a virtual environment, and warns if its Python is not the
//! artifact's.

use std::fs;
use std::path::{Path, PathBuf};

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_target::Target;

use crate::error::{Error, IoContext as _};

/// Finds the packages; `shown` is the folder as the user wrote it.
pub(crate) fn site_packages(
    folder: &Path,
    shown: &str,
    place: Option<Location>,
    target: &Target,
) -> Result<(PathBuf, Vec<Diagnostic>), Error> {
    let refuse = |text: String| {
        let mut diagnostic =
            Diagnostic::new(text).with_hint("name the folder that `python -m venv` or `uv venv` created");
        diagnostic.location.clone_from(&place);
        Error::project(diagnostic)
    };
    let Ok(config) = fs::read_to_string(folder.join("pyvenv.cfg")) else {
        return Err(refuse(format!(
            "`{shown}` is not a virtual environment: it has no `pyvenv.cfg`"
        )));
    };
    let mut values = config.lines().filter_map(|line| line.split_once('='));
    let version = values
        .find(|(key, _)| matches!(key.trim(), "version" | "version_info"))
        .map(|(_, value)| value.trim().to_owned());
    let mut candidates = vec![folder.join("Lib/site-packages")];
    let lib = folder.join("lib");
    if lib.is_dir() {
        for entry in fs::read_dir(&lib).with_path("list", &lib)? {
            candidates.push(entry.with_path("list", &lib)?.path().join("site-packages"));
        }
    }
    candidates.retain(|candidate| candidate.is_dir());
    candidates.sort();
    let Some(site) = candidates.into_iter().next_back() else {
        return Err(refuse(format!("`{shown}` has no `site-packages`")));
    };
    let site = fs::canonicalize(&site).with_path("find", &site)?;
    let mut warnings = Vec::new();
    if let Some(version) = version
        && !version.starts_with(&format!("{}.", target.series()))
    {
        let text = format!(
            "`{shown}` is for Python {version}, but the artifact has Python {}",
            target.python
        );
        let mut diagnostic = Diagnostic::new(text).with_hint(format!(
            "create the environment again with Python {}, since its packages may depend on the version",
            target.series()
        ));
        diagnostic.location.clone_from(&place);
        warnings.push(diagnostic);
    }
    Ok((site, warnings))
}
