//! What is installed in a folder: its `*.dist-info` folders in, one [`Distribution`] each out.
//! Works for any folder: an installation, a vendored one, a virtual environment's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, IoContext as _};
use crate::metadata::{header, headers, sections};
use crate::name::normalize;
use crate::record::{self, RecordFile};
use pywasm_project::Diagnostic;

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Its name, normalised.
    pub name: String,
    /// Its version, as its metadata has it.
    pub version: String,
    /// Its `*.dist-info` folder, absolute where the folder given was.
    pub folder: PathBuf,
    /// `Requires-Dist`, as written, in the order of the file.
    pub requires: Vec<String>,
    /// `Provides-Extra`, normalised.
    pub extras: Vec<String>,
    /// The tags of its wheel, such as `py3-none-any`; empty where its `WHEEL` is missing.
    pub tags: Vec<String>,
    /// What its `RECORD` lists, sorted by path; empty where it has none.
    pub files: Vec<RecordFile>,
    /// What its `entry_points.txt` lists, in the order of the file.
    pub entry_points: Vec<EntryPoint>,
}

/// A line of an `entry_points.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPoint {
    /// The section, such as `console_scripts`.
    pub group: String,
    /// The name within it.
    pub name: String,
    /// What it stands for, such as `package.module:function`.
    pub value: String,
}

/// The distributions in a folder, sorted by name and version.
///
/// # Errors
/// When the folder cannot be read, or a `*.dist-info` without `METADATA` or a name is in it.
pub fn distributions(site_packages: &Path) -> Result<Vec<Distribution>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(site_packages).at("list", site_packages)? {
        let path = entry.at("list", site_packages)?.path();
        if path.extension().is_some_and(|end| end == "dist-info") && path.is_dir() {
            found.push(read(path)?);
        }
    }
    found.sort_by(|a, b| {
        let key = |one: &Distribution| (one.name.clone(), one.version.clone(), one.folder.clone());
        key(a).cmp(&key(b))
    });
    Ok(found)
}

fn read(folder: PathBuf) -> Result<Distribution, Error> {
    let wrong = |what: String| {
        Error::refused(
            Diagnostic::new(format!("`{}` is no distribution: {what}", folder.display()))
                .hint("remove it, or install the distribution anew"),
        )
    };
    let metadata = optional(&folder, "METADATA")?.ok_or_else(|| wrong("it has no `METADATA`".to_owned()))?;
    let name = header(&metadata, "Name").ok_or_else(|| wrong("its `METADATA` has no name".to_owned()))?;
    let wheel = optional(&folder, "WHEEL")?.unwrap_or_default();
    let record = optional(&folder, "RECORD")?.unwrap_or_default();
    let mut files = record::parse(&record).map_err(|what| wrong(format!("its `RECORD`: {what}")))?;
    files.sort();
    let points = sections(&optional(&folder, "entry_points.txt")?.unwrap_or_default());
    let points = points
        .into_iter()
        .map(|(group, name, value)| EntryPoint { group, name, value });
    Ok(Distribution {
        name: normalize(&name),
        version: header(&metadata, "Version").unwrap_or_default(),
        requires: headers(&metadata, "Requires-Dist").collect(),
        extras: headers(&metadata, "Provides-Extra")
            .map(|extra| normalize(&extra))
            .collect(),
        tags: headers(&wheel, "Tag").collect(),
        files,
        entry_points: points.collect(),
        folder,
    })
}

/// The text of a file, if it is there.
fn optional(folder: &Path, name: &str) -> Result<Option<String>, Error> {
    let path = folder.join(name);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).at("read", &path),
    }
}
