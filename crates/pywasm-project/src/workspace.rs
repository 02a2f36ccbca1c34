//! Finds the projects below a folder, which `pywasm build --workspace` builds.
//!
//! A project is a folder with a `pyproject.toml` that has a `[tool.pywasm]`, that has a program to
//! start, or that cannot be read. Projects may be inside other projects. Some folders are not
//! searched: hidden ones, `node_modules`, `dist`, `site-packages`, `__pycache__`, virtual
//! environments, and symbolic links.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::Error;
use crate::config::FILE;
use crate::data::io_text;
use crate::load;
use pywasm_diagnostic::Diagnostic;

/// Folders that hold what was installed or built.
const SKIPPED: [&str; 4] = ["__pycache__", "dist", "node_modules", "site-packages"];

/// The folders with a `pyproject.toml`, relative to the workspace's folder, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Workspace {
    /// The workspace's folder, absolute.
    pub root: PathBuf,
    /// The projects; an empty path is the workspace's folder itself.
    pub projects: Vec<PathBuf>,
    /// Those in which no program starts, such as libraries.
    pub skipped: Vec<PathBuf>,
}

impl Workspace {
    /// Looks for projects in `folder` and below it.
    ///
    /// # Errors
    /// When it is not a folder, a folder below it cannot be read, or there is no project.
    pub fn find(folder: &Path) -> Result<Self, Error> {
        let given = folder.display().to_string().replace('\\', "/");
        let wrong = |text: &str| Diagnostic::new(format!("`{given}` is not a workspace: {text}"));
        let root = fs::canonicalize(folder).map_err(|error| wrong(&io_text(&error)))?;
        if !root.is_dir() {
            return Err(wrong("it is not a folder")
                .with_hint("name the folder that holds the projects")
                .into());
        }
        let mut found = Self {
            root: root.clone(),
            ..Self::default()
        };
        let entries = WalkDir::new(&root)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(is_searched);
        for entry in entries {
            let entry = entry.map_err(|error| wrong(&error.to_string()))?;
            if !entry.file_type().is_dir() || !entry.path().join(FILE).is_file() {
                continue;
            }
            // Each path of the walk begins with the folder that it began in.
            let path = entry.path().strip_prefix(&root).unwrap_or(entry.path());
            if load::is_project(entry.path()) {
                found.projects.push(path.to_owned());
            } else {
                found.skipped.push(path.to_owned());
            }
        }
        if found.projects.is_empty() {
            return Err(wrong("it contains no project")
                .with_hint(format!(
                    "add [tool.pywasm] to the `{FILE}` of each project, or give the project a program to start"
                ))
                .into());
        }
        Ok(found)
    }
}

fn is_searched(entry: &DirEntry) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_dir() {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    let skipped = name.starts_with('.') || SKIPPED.contains(&name.as_ref());
    !skipped && !entry.path().join("pyvenv.cfg").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    #[test]
    fn projects_are_found_by_their_configuration_or_their_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        write(root, "pyproject.toml", "[project]\nname = 'all'\n");
        write(root, "b/configured/pyproject.toml", "[tool.pywasm]\n");
        write(root, "b/configured/inner/pyproject.toml", "[tool.pywasm]\n");
        write(root, "a/program/pyproject.toml", "[project]\nname = 'p'\n");
        write(root, "a/program/main.py", "");
        write(root, "a/library/pyproject.toml", "[project]\nname = 'l'\n");
        write(root, "broken/pyproject.toml", "[project\n");
        for skipped in [".git", "node_modules", "dist", "a/program/site-packages", "venv"] {
            write(root, &format!("{skipped}/x/pyproject.toml"), "[tool.pywasm]\n");
        }
        write(root, "venv/pyvenv.cfg", "");

        let found = Workspace::find(root).expect("there are projects");
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(
            found.projects,
            paths(&["a/program", "b/configured", "b/configured/inner", "broken"])
        );
        assert_eq!(found.skipped, paths(&["", "a/library"]));
    }

    #[test]
    fn a_folder_without_projects_is_an_error_that_says_what_one_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = Workspace::find(folder.path()).expect_err("there is nothing");
        assert!(error.to_string().contains("[tool.pywasm]"), "{error}");
        assert!(Workspace::find(&folder.path().join("gone")).is_err());
    }
}
