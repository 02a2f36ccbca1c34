//! Compares the files of a base with its manifest, and lists the differences sorted by path.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::ops::Bound;
use std::path::Path;

use crate::error::{Error, IoContext as _};
use crate::manifest::{MANIFEST, Manifest};
use pywasm_digest::Digest;
use pywasm_host::Progress;

/// One difference between a base's files and its manifest. Paths are inside the base.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Problem {
    /// A file that the manifest lists does not exist.
    Missing(String),
    /// The content of a file differs from the manifest.
    Changed(String),
    /// The manifest does not list a file or folder that exists.
    Extra(String),
    /// A link, a device or the like; only files and folders are allowed.
    NotAFile(String),
}

impl Problem {
    fn path(&self) -> &str {
        match self {
            Self::Missing(path) | Self::Changed(path) | Self::Extra(path) | Self::NotAFile(path) => path,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::Missing(_) => "is missing",
            Self::Changed(_) => "was changed",
            Self::Extra(_) => "does not belong to the base",
            Self::NotAFile(_) => "is neither a file nor a folder",
        };
        write!(f, "{} {what}", self.path().escape_debug())
    }
}

/// The contents of a base's folder.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// Sizes by `/`-separated path, without the manifest.
    pub(crate) files: BTreeMap<String, u64>,
    folders: Vec<String>,
    odd: Vec<String>,
}

/// Lists the folder of a base without following links.
pub(crate) fn list_contents(dir: &Path) -> Result<Contents, Error> {
    let mut contents = Contents::default();
    let mut open = vec![(dir.to_owned(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        for entry in fs::read_dir(&folder).with_path("list", &folder)? {
            let entry = entry.with_path("list", &folder)?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let data = entry.metadata().with_path("read", &entry.path())?;
            if data.is_dir() {
                open.push((entry.path(), format!("{path}/")));
                contents.folders.push(path);
            } else if !data.is_file() {
                contents.odd.push(path);
            } else if path != MANIFEST {
                contents.files.insert(path, data.len());
            }
        }
    }
    Ok(contents)
}

/// Hashes every listed file.
pub(crate) fn hash_files(
    dir: &Path,
    files: &BTreeMap<String, u64>,
    progress: &dyn Progress,
) -> Result<BTreeMap<String, Digest>, Error> {
    let total = files.values().sum();
    let mut done = 0;
    let mut digests = BTreeMap::new();
    for (path, size) in files {
        progress.check()?;
        digests.insert(path.clone(), crate::digest::hash_file(&dir.join(path))?);
        done += size;
        progress.bytes(done, Some(total));
    }
    Ok(digests)
}

/// Compares the folder `dir` with `manifest`, byte by byte.
pub(crate) fn verify(
    dir: &Path,
    manifest: &Manifest,
    progress: &dyn Progress,
) -> Result<Vec<Problem>, Error> {
    let found = list_contents(dir)?;
    let listed = &manifest.files;
    let digests = hash_files(dir, &found.files, progress)?;
    let mut problems: Vec<Problem> = found.odd.iter().cloned().map(Problem::NotAFile).collect();
    for (path, digest) in &digests {
        match listed.get(path) {
            None => problems.push(Problem::Extra(path.clone())),
            Some(wanted) if wanted != digest => problems.push(Problem::Changed(path.clone())),
            Some(_) => {}
        }
    }
    let missing = listed
        .keys()
        .filter(|path| !digests.contains_key(*path) && !found.odd.contains(*path));
    problems.extend(missing.cloned().map(Problem::Missing));
    // To Python, an empty folder is a namespace package, so it counts as a difference.
    let needed = |folder: &String| {
        let start = format!("{folder}/");
        let next = listed
            .range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded))
            .next();
        next.is_some_and(|(path, _)| path.starts_with(&start))
    };
    let extra = found.folders.iter().filter(|folder| !needed(folder));
    problems.extend(extra.cloned().map(Problem::Extra));
    problems.sort_by(|a, b| a.path().cmp(b.path()).then_with(|| a.cmp(b)));
    Ok(problems)
}
