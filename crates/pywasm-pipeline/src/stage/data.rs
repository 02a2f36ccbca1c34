//! The project and the reached packages in, the files that come along as they are out.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use pywasm_project::{DataFile, PackageFolder, Project, package_data};
use pywasm_resolve::{ModuleKind, Origin};

use super::{layout, resolve::Reached};
use crate::Error;

/// A file of the image.
pub(crate) struct File {
    /// Where it stands, relative to the mount.
    pub(crate) place: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn run(reached: &Reached, project: &Project) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for file in project.data_files(&reached.graph.package_folders(Origin::App))? {
        files.push(read(Origin::App, file)?);
    }
    let dependencies = reached.graph.package_folders(Origin::Dependency);
    for root in &project.paths {
        let inside: Vec<PackageFolder> = dependencies
            .iter()
            .filter(|package| package.host.starts_with(root))
            .cloned()
            .collect();
        for file in package_data(root, &inside)? {
            files.push(read(Origin::Dependency, file)?);
        }
        files.extend(metadata(root, reached)?);
    }
    files.sort_by(|a, b| a.place.cmp(&b.place));
    files.dedup_by(|a, b| a.place == b.place);
    Ok(files)
}

fn read(origin: Origin, file: DataFile) -> Result<File, Error> {
    let bytes = fs::read(&file.host).map_err(|error| Error::io("read", &file.host, error))?;
    Ok(File {
        place: layout::place(origin, &file.guest),
        bytes,
    })
}

/// What `importlib.metadata` reads of a distribution.
const METADATA: [&str; 4] = ["METADATA", "RECORD", "entry_points.txt", "top_level.txt"];

/// The metadata of the distributions in `root` that a reached module belongs to.
fn metadata(root: &Path, reached: &Reached) -> Result<Vec<File>, Error> {
    let modules: BTreeSet<&str> = reached
        .graph
        .modules
        .values()
        .filter(|module| module.origin == Origin::Dependency)
        .filter_map(|module| match &module.kind {
            ModuleKind::Source { relative, .. } => Some(relative.as_str()),
            _ => None,
        })
        .collect();
    let mut files = Vec::new();
    for folder in distributions(root)? {
        let record = fs::read_to_string(folder.join("RECORD")).unwrap_or_default();
        let is_reached = record
            .lines()
            .filter_map(|line| line.split(',').next())
            .any(|file| modules.contains(file));
        let Some(name) = folder
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|_| is_reached)
        else {
            continue;
        };
        for part in METADATA {
            let path = folder.join(part);
            if path.is_file() {
                let bytes = fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
                files.push(File {
                    place: layout::place(Origin::Dependency, &format!("{name}/{part}")),
                    bytes,
                });
            }
        }
    }
    Ok(files)
}

fn distributions(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(root).map_err(|error| Error::io("list", root, error))?;
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Error::io("list", root, error))?.path();
        if path.extension().is_some_and(|end| end == "dist-info") {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}
