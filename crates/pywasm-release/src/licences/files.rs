//! Reads the licence files of a base, a distribution or a project. Files outside of their folder are
//! never read.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use pywasm_deps::Distribution;

use super::Error;

/// The prefixes of names of licence files, in lower case.
const NAMES: [&str; 6] = ["authors", "copying", "copyright", "licence", "license", "notice"];

/// Reads a file by its path relative to a folder; `None` if it does not exist or the path leaves the
/// folder.
pub(super) fn read_inside(folder: &Path, name: &str) -> Result<Option<String>, Error> {
    let relative = Path::new(name);
    let stays = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !stays || name.is_empty() {
        return Ok(None);
    }
    let path = folder.join(relative);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(decode(&bytes))),
        Err(error) if is_absent(&error) => Ok(None),
        Err(source) => Err(Error::Read { path, source }),
    }
}

/// Reads the texts of a distribution: the files that its metadata lists, or else files with typical
/// names in its `*.dist-info`, or else those in its packages.
pub(super) fn read_distribution(distribution: &Distribution) -> Result<Vec<(String, String)>, Error> {
    let folder = &distribution.folder;
    let mut found = Vec::new();
    for name in &distribution.license_files {
        // The folder of PEP 639 first, then the one that tools used before it.
        let text = match read_inside(&folder.join("licenses"), name)? {
            Some(text) => Some(text),
            None => read_inside(folder, name)?,
        };
        found.extend(text.map(|text| (name.clone(), text)));
    }
    if found.is_empty() {
        let site = folder.parent().unwrap_or(folder);
        let own = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
            + "/";
        let (mut near, mut far) = (Vec::new(), Vec::new());
        for file in distribution
            .files
            .iter()
            .filter(|file| is_licence_file(&file.path))
        {
            let name = file.path.rsplit('/').next().unwrap_or_default().to_owned();
            if let Some(text) = read_inside(site, &file.path)? {
                let place = if file.path.starts_with(&own) {
                    &mut near
                } else {
                    &mut far
                };
                place.push((name, text));
            }
        }
        found = if near.is_empty() { far } else { near };
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Reads the texts next to a project's `pyproject.toml`.
pub(super) fn read_project(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let wrong = |source| Error::Read {
        path: folder.to_owned(),
        source,
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let name = entry.map_err(wrong)?.file_name().to_string_lossy().into_owned();
        if is_licence_file(&name) && folder.join(PathBuf::from(&name)).is_file() {
            names.push(name);
        }
    }
    names.sort();
    let mut found = Vec::new();
    for name in names {
        found.extend(read_inside(folder, &name)?.map(|text| (name.clone(), text)));
    }
    Ok(found)
}

/// Whether a file has a typical name of a licence file: `LICENSE`, `COPYING.txt`, `LICENSE-MIT`.
/// Sources do not count: `license.py` is a module.
fn is_licence_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    NAMES.iter().any(|start| name.starts_with(start))
        && !matches!(end, "json" | "py" | "pyc" | "pyi" | "toml")
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
    )
}

/// Decodes a text and unifies its line breaks.
fn decode(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("a");
        fs::create_dir(&below).expect("made");
        fs::write(folder.path().join("LICENSE"), "outside").expect("written");
        fs::write(below.join("LICENSE"), "inside\r\n").expect("written");
        assert_eq!(
            read_inside(&below, "LICENSE").expect("read").as_deref(),
            Some("inside\n")
        );
        let outside = folder.path().join("LICENSE");
        for name in [
            "../LICENSE",
            "",
            ".",
            "b/LICENSE",
            "LICENSE/x",
            &outside.to_string_lossy(),
        ] {
            assert_eq!(read_inside(&below, name).expect("read"), None, "{name}");
        }
        assert!(
            is_licence_file("x/COPYING.LESSER")
                && is_licence_file("Licence-MIT")
                && !is_licence_file("license.py")
        );
    }
}
