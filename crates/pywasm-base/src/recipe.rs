//! The recipe that this library carries: scripts, C sources, Python files and the pins of the
//! source archives. In: nothing. Out: the files, one digest over them, and the pins.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::error::{Error, IoContext as _};
use crate::home::ensure_folder;
use crate::store::version_numbers;
use pywasm_digest::{Digest, Hasher};

/// Path (with `/`) and content of each file, sorted by path.
pub(crate) static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/recipe_files.rs"));

/// The header of the functions that the component glue implements. It has to be that of the wit-dylib which
/// writes the worlds' modules, so it comes from that crate.
const WIT_HEADER: (&str, &[u8]) = ("component/wit_dylib.h", wit_dylib::C_HEADER.as_bytes());

/// All files that a base is built from.
fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    FILES.iter().copied().chain([WIT_HEADER])
}

/// The digest of the whole recipe: SHA-256 over, for each file in the order of the paths, the
/// line `LENGTH PATH` and the content.
pub fn digest() -> Digest {
    static DIGEST: OnceLock<Digest> = OnceLock::new();
    *DIGEST.get_or_init(|| {
        let mut hasher = Hasher::new();
        for (path, content) in files() {
            hasher.update(format!("{} {path}\n", content.len()).as_bytes());
            hasher.update(content);
        }
        hasher.finish()
    })
}

/// Writes the recipe's files below `dir`.
pub(crate) fn write(dir: &Path) -> Result<(), Error> {
    for (path, content) in files() {
        let file = dir.join(path);
        if let Some(parent) = file.parent() {
            ensure_folder(parent.to_owned())?;
        }
        fs::write(&file, content).with_path("write", &file)?;
    }
    Ok(())
}

/// One source archive, pinned. This is an entry of the recipe's `sources.json`; its licence is
/// the manifest writer's business.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Archive {
    /// What it is: `cpython`, `zlib`, ...
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its file name, as the recipe's script looks for it.
    pub file: String,
    /// The digest that it must have.
    pub sha256: Digest,
    /// The Debian source package that has it.
    pub debian: Option<String>,
    /// The Debian suite whose package has this version.
    pub suite: Option<String>,
    /// Where upstream has the same bytes.
    pub url: Option<String>,
    /// The requirement by which pip finds it, where it is a wheel.
    pub wheel: Option<String>,
}

/// The pins of the recipe.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pins {
    schema: u32,
    default: String,
    archives: Vec<Archive>,
}

const PYTHON: &str = "cpython";

impl Pins {
    /// The pins of the recipe in this library.
    pub fn embedded() -> Result<Self, Error> {
        let (_, json) = FILES
            .iter()
            .find(|(path, _)| *path == "sources.json")
            .ok_or_else(|| Error::Recipe("it is missing".into()))?;
        Self::parse(json)
    }

    pub(crate) fn parse(json: &[u8]) -> Result<Self, Error> {
        let pins: Self = serde_json::from_slice(json).map_err(|error| Error::Recipe(error.to_string()))?;
        if pins.schema != 1 {
            return Err(Error::Recipe(format!("its schema is {}", pins.schema)));
        }
        if !pins.pythons().contains(&pins.default.as_str()) {
            return Err(Error::Recipe(format!(
                "its default {} has no archive",
                pins.default
            )));
        }
        if let Some(archive) = pins
            .archives
            .iter()
            .find(|archive| archive.file.contains(['/', '\\']))
        {
            return Err(Error::Recipe(format!("`{}` is not a file name", archive.file)));
        }
        Ok(pins)
    }

    /// The Python version that is built unless another is asked for.
    pub fn default_python(&self) -> &str {
        &self.default
    }

    /// The Python versions that can be built.
    pub fn pythons(&self) -> Vec<&str> {
        let pythons = self.archives.iter().filter(|archive| archive.name == PYTHON);
        pythons.map(|archive| archive.version.as_str()).collect()
    }

    /// The version that a request means: none means the default, `3.13` the default where it is
    /// of that line, else the newest of the line.
    pub fn choose_python(&self, wanted: Option<&str>) -> Result<&str, Error> {
        let Some(wanted) = wanted else {
            return Ok(&self.default);
        };
        let fits = |python: &str| {
            python
                .strip_prefix(wanted)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if fits(&self.default) {
            return Ok(&self.default);
        }
        let fitting = self.pythons().into_iter().filter(|python| fits(python));
        fitting
            .max_by_key(|python| version_numbers(python))
            .ok_or_else(|| Error::NoRecipe {
                wanted: wanted.to_owned(),
                known: self.pythons().into_iter().map(str::to_owned).collect(),
            })
    }

    /// The archives that a base of this Python version is made of.
    pub fn archives(&self, python: &str) -> Vec<&Archive> {
        self.archives
            .iter()
            .filter(|archive| archive.name != PYTHON || archive.version == python)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The embedded list against the folder, read in another way than the build script does.
    #[test]
    fn every_file_of_the_folder_is_embedded() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipe");
        let mut found = Vec::new();
        let mut open = vec![root.clone()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let inside = path
                    .strip_prefix(&root)
                    .expect("inside")
                    .to_string_lossy()
                    .replace('\\', "/");
                if inside
                    .split('/')
                    .any(|part| part.starts_with('.') || part.ends_with('~') || part == "__pycache__")
                {
                } else if path.is_dir() {
                    open.push(path);
                } else {
                    found.push((inside, fs::read(&path).expect("a file")));
                }
            }
        }
        found.sort();
        let embedded: Vec<_> = FILES
            .iter()
            .map(|(path, content)| ((*path).to_owned(), content.to_vec()))
            .collect();
        assert!(embedded == found, "the embedded recipe differs from the folder");
        for needed in ["build.sh", "sources.json"] {
            assert!(FILES.iter().any(|(path, _)| *path == needed), "{needed}");
        }
    }

    #[test]
    fn written_as_embedded() {
        let dir = tempfile::tempdir().expect("a folder");
        write(dir.path()).expect("written");
        for (path, content) in files() {
            assert!(
                fs::read(dir.path().join(path)).expect("a file") == content,
                "{path}"
            );
        }
    }

    #[test]
    fn pins() {
        let pins = Pins::embedded().expect("pins");
        assert_eq!(pins.default_python(), "3.13.15");
        assert_eq!(pins.choose_python(None).expect("one"), "3.13.15");
        assert_eq!(pins.choose_python(Some("3.13")).expect("one"), "3.13.15");
        assert_eq!(pins.choose_python(Some("3.13.5")).expect("one"), "3.13.5");
        let error = pins.choose_python(Some("3.1")).expect_err("none");
        assert_eq!(
            error.to_string(),
            "pywasm has no recipe for Python 3.1 (it has recipes for 3.13.15, 3.13.5)"
        );
        for python in pins.pythons() {
            let archives = pins.archives(python);
            assert_eq!(
                archives
                    .iter()
                    .filter(|archive| archive.name == "cpython")
                    .count(),
                1
            );
            assert!(
                archives.iter().all(|archive| archive.url.is_some()
                    || archive.debian.is_some()
                    || archive.wheel.is_some())
            );
        }
    }

    #[test]
    fn wrong_pins() {
        let wrong = |json: &str| Pins::parse(json.as_bytes()).expect_err("refused").to_string();
        assert!(wrong("{}").contains("missing field"));
        assert!(wrong(r#"{"schema": 2, "default": "1", "archives": []}"#).contains("schema is 2"));
        assert!(wrong(r#"{"schema": 1, "default": "1", "archives": []}"#).contains("default 1"));
    }
}
