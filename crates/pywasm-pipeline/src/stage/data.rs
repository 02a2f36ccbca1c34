//! Finds and reads the files of the project and of reached packages that come along as they are.

use pywasm_project::{DataFile, PackageFolder, Project, package_data};
use pywasm_resolve::{Origin, PackageData};

use super::{metadata, resolve::Resolution};
use crate::{Error, context::Context};

/// A file of the image.
pub(crate) struct File {
    /// Where it stands, relative to the mount.
    pub(crate) place: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn read(context: &Context<'_>, resolution: &Resolution) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for (origin, file) in list(context.project, resolution)? {
        files.push(File {
            place: context.layout().place(origin, &file.guest),
            bytes: resolution.sources.read(&file.host)?.to_vec(),
        });
    }
    files.sort_by(|a, b| a.place.cmp(&b.place));
    files.dedup_by(|a, b| a.place == b.place);
    Ok(files)
}

/// The files themselves, unread; two may have one place, which the first one gets.
pub(crate) fn list(project: &Project, resolution: &Resolution) -> Result<Vec<(Origin, DataFile)>, Error> {
    let mut files = Vec::new();
    for file in project.data_files(&resolution.graph.package_folders(Origin::App))? {
        files.push((Origin::App, file));
    }
    let dependencies = resolution.graph.package_folders(Origin::Dependency);
    let globs = globs(&resolution.graph.hooks.data);
    for root in &project.paths {
        let inside: Vec<PackageFolder> = dependencies
            .iter()
            .filter(|package| package.host.starts_with(root))
            .cloned()
            .collect();
        for file in package_data(root, &inside, &globs)? {
            files.push((Origin::Dependency, file));
        }
    }
    for file in metadata::files(&project.paths, resolution)? {
        files.push((Origin::Dependency, file));
    }
    Ok(files)
}

/// The globs of hooks, which count from a package's folder, as those of a root of imports.
fn globs(hooked: &[PackageData]) -> Vec<String> {
    let mut globs = Vec::new();
    for data in hooked {
        let folder = data.package.replace('.', "/");
        globs.extend(data.files.iter().map(|glob| match glob.strip_prefix('!') {
            Some(glob) => format!("!{folder}/{glob}"),
            None => format!("{folder}/{glob}"),
        }));
    }
    globs
}
