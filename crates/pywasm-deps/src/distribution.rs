//! Lists what is installed in a folder: one [`Distribution`] for each `*.dist-info`. The folder may
//! be an installation, a vendored one, or that of a virtual environment.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use packageurl::PackageUrl;

use crate::error::{Error, IoContext as _};
use crate::install;
use crate::licence::find_licence;
use crate::metadata::{header, headers, sections};
use crate::record::{self, RecordFile};
use crate::tree;
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_project::normalize;

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Its name, normalised.
    pub name: String,
    /// Its name as its metadata writes it.
    pub shown: String,
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
    /// Its licence, as its metadata has it: an SPDX expression, or some words.
    pub license: Option<String>,
    /// `License-File`: files of the `*.dist-info` folder or of its `licenses`, in the order of the file.
    pub license_files: Vec<String>,
    /// The digest of its wheel, where pywasm installed it and knows.
    pub wheel: Option<Digest>,
}

impl Distribution {
    /// Its package URL, such as `pkg:pypi/six@1.17.0`.
    #[must_use]
    pub fn purl(&self) -> String {
        // Only a name without a character that can be in one is refused.
        let made = PackageUrl::new("pypi", self.name.as_str()).and_then(|mut url| {
            if !self.version.is_empty() {
                url.with_version(self.version.as_str())?;
            }
            Ok(url.to_string())
        });
        made.unwrap_or_else(|_| format!("pkg:pypi/{}", self.name))
    }

    /// The digest of what its `RECORD` lists, except for what installers add: sorted, as `RECORD`
    /// writes it. `None` without a `RECORD`.
    #[must_use]
    pub fn record_digest(&self) -> Option<Digest> {
        let own = |file: &&RecordFile| file.sha256.is_some() && !tree::is_installers(&file.path);
        let files: Vec<RecordFile> = self.files.iter().filter(own).cloned().collect();
        (!self.files.is_empty()).then(|| Digest::compute(record::render(&files).as_bytes()))
    }
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
    let wheels = install::wheels(site_packages);
    for entry in fs::read_dir(site_packages).with_path("list", site_packages)? {
        let path = entry.with_path("list", site_packages)?.path();
        if path.extension().is_some_and(|end| end == "dist-info") && path.is_dir() {
            let mut distribution = read(path)?;
            distribution.wheel = wheels.get(&distribution.name).copied();
            found.push(distribution);
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
            Diagnostic::new(format!(
                "`{}` is not a valid distribution: {what}",
                folder.display()
            ))
            .with_hint("remove the folder, or install the distribution again"),
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
        shown: name,
        version: header(&metadata, "Version").unwrap_or_default(),
        requires: headers(&metadata, "Requires-Dist").collect(),
        extras: headers(&metadata, "Provides-Extra")
            .map(|extra| normalize(&extra))
            .collect(),
        tags: headers(&wheel, "Tag").collect(),
        files,
        entry_points: points.collect(),
        license: find_licence(&metadata),
        license_files: headers(&metadata, "License-File").collect(),
        wheel: None,
        folder,
    })
}

/// The text of a file, if it is there.
fn optional(folder: &Path, name: &str) -> Result<Option<String>, Error> {
    let path = folder.join(name);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_path("read", &path),
    }
}
