//! Finds the folders that a project's own modules are imported from: what `source` says, else
//! `src` where it is laid out so, else the project's root; a script's own folder goes first, as
//! it does under `python FILE`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Config;
use pywasm_diagnostic::Diagnostic;
use pywasm_target::is_identifier;

/// The source roots without the script's, which is known later.
pub(crate) fn find(root: &Path, config: &Config, wrong: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    if config.source.is_empty() {
        let src = root.join("src");
        return vec![if is_source_folder(&src) {
            src
        } else {
            root.to_path_buf()
        }];
    }
    let mut roots = Vec::new();
    for item in &config.source {
        match inside(root, &item.value) {
            Some(folder) if folder.is_dir() => {
                if !roots.contains(&folder) {
                    roots.push(folder);
                }
            }
            Some(_) => wrong.push(
                Diagnostic::new(format!("`source`: there is no folder `{}`", item.value))
                    .with_location(item.place.clone()),
            ),
            None => wrong.push(
                Diagnostic::new(format!("`source`: `{}` is not inside the project", item.value))
                    .with_location(item.place.clone())
                    .with_hint("name folders outside the project in `paths`"),
            ),
        }
    }
    roots
}

/// Puts a script's folder before the other roots.
pub(crate) fn with_script(mut roots: Vec<PathBuf>, script: &Path) -> Vec<PathBuf> {
    if let Some(folder) = script.parent() {
        roots.retain(|root| root != folder);
        roots.insert(0, folder.to_path_buf());
    }
    roots
}

/// `text` below `root`, without `.` and `..`; `None` where it is absolute or leaves the root.
pub(crate) fn inside(root: &Path, text: &str) -> Option<PathBuf> {
    let mut path = root.to_path_buf();
    for part in Path::new(text).components() {
        match part {
            std::path::Component::Normal(name) => path.push(name),
            std::path::Component::CurDir => {}
            _ => return None,
        }
    }
    Some(path)
}

/// Whether a folder `src` is a source root: it is not a package itself and contains Python modules or
/// folders that can be packages.
fn is_source_folder(src: &Path) -> bool {
    let Ok(entries) = fs::read_dir(src) else {
        return false;
    };
    let mut holds = false;
    for entry in entries.filter_map(Result::ok) {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name == "__init__.py" {
            return false;
        }
        holds |= match name.strip_suffix(".py") {
            Some(stem) => is_identifier(stem),
            None => is_identifier(&name) && name != "__pycache__" && entry.path().is_dir(),
        };
    }
    holds
}
