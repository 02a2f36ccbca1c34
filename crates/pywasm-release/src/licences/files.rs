//! Where a licence's text is: a base's folder, a `*.dist-info` folder, a project's folder in,
//! names of files and their texts out. What is outside of the folder is not read.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use pywasm_deps::Distribution;

use super::Error;

/// What the names of such files begin with, in lower case.
const NAMES: [&str; 6] = ["authors", "copying", "copyright", "licence", "license", "notice"];

/// The text of a file that is named relative to a folder; nothing where there is none, or where
/// the name leaves the folder.
pub(super) fn inside(folder: &Path, name: &str) -> Result<Option<String>, Error> {
    let relative = Path::new(name);
    let stays = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !stays || name.is_empty() {
        return Ok(None);
    }
    let path = folder.join(relative);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(text(&bytes))),
        Err(error) if absent(&error) => Ok(None),
        Err(source) => Err(Error::Read { path, source }),
    }
}

/// The texts of a distribution: the files that its metadata names; without such, those in its
/// `*.dist-info` that are called as such files are, or in its packages.
pub(super) fn of_distribution(distribution: &Distribution) -> Result<Vec<(String, String)>, Error> {
    let folder = &distribution.folder;
    let mut found = Vec::new();
    for name in &distribution.license_files {
        // Where PEP 639 puts them, and where tools did before.
        let text = match inside(&folder.join("licenses"), name)? {
            Some(text) => Some(text),
            None => inside(folder, name)?,
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
        for file in distribution.files.iter().filter(|file| is_text(&file.path)) {
            let name = file.path.rsplit('/').next().unwrap_or_default().to_owned();
            if let Some(text) = inside(site, &file.path)? {
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

/// The texts beside a project's `pyproject.toml`.
pub(super) fn beside(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let wrong = |source| Error::Read {
        path: folder.to_owned(),
        source,
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let name = entry.map_err(wrong)?.file_name().to_string_lossy().into_owned();
        if is_text(&name) && folder.join(PathBuf::from(&name)).is_file() {
            names.push(name);
        }
    }
    names.sort();
    let mut found = Vec::new();
    for name in names {
        found.extend(inside(folder, &name)?.map(|text| (name.clone(), text)));
    }
    Ok(found)
}

/// Whether a file is called as licences are: `LICENSE`, `COPYING.txt`, `LICENSE-MIT`. Sources are
/// none: `license.py` is a module.
fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    NAMES.iter().any(|start| name.starts_with(start))
        && !matches!(end, "json" | "py" | "pyc" | "pyi" | "toml")
}

fn absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
    )
}

/// The same text with whatever line ends.
fn text(bytes: &[u8]) -> String {
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
            inside(&below, "LICENSE").expect("read").as_deref(),
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
            assert_eq!(inside(&below, name).expect("read"), None, "{name}");
        }
        assert!(is_text("x/COPYING.LESSER") && is_text("Licence-MIT") && !is_text("license.py"));
    }
}
