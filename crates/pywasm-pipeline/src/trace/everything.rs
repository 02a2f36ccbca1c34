//! A project and a base in, all of their files in the image out, whether a build would take them or
//! not: modules as sources, and data.

use std::{fs, path::PathBuf};

use pywasm_bundle::image::ImageBuilder;
use pywasm_project::{DataFile, folder_files};
use pywasm_resolve::Origin;

use super::Files;
use crate::{Error, context::Context, stage::layout::without_source};

/// The most bytes that a traced program's files may have; they stand in the guest's memory.
const MOST: u64 = 1 << 30;

/// A file of the project or of a dependency.
pub(super) struct File {
    /// Whose it is.
    pub(super) origin: Origin,
    /// Where it is on the host.
    pub(super) host: PathBuf,
    /// Below the folder of its origin.
    pub(super) relative: String,
}

/// Adds what is not there yet, and tells which files of the project and its dependencies there are.
pub(super) fn add(context: &Context<'_>, image: &mut ImageBuilder) -> Result<Files, Error> {
    let (project, layout) = (context.project, context.layout());
    let mut files = Files::new();
    let mut room = MOST;
    let mut take = |origin: Origin, found: Vec<DataFile>, files: &mut Files| -> Result<(), Error> {
        for file in found {
            let code = file.guest.strip_suffix(".py");
            let excluded = code.is_some_and(|path| {
                let name = module(path);
                project.exclude.iter().any(|pattern| pattern.matches(&name))
            });
            if excluded || is_compiled(&file.guest) {
                continue;
            }
            let place = layout.place(origin, &file.guest);
            let compiled = image.contains(&without_source(&place));
            if !compiled && !image.contains(&place) {
                room = room
                    .checked_sub(file.size)
                    .ok_or(Error::TooMuch { limit: MOST })?;
                let bytes = fs::read(&file.host).map_err(|error| Error::io("read", &file.host, error))?;
                // A file where another root has a folder is nothing that Python finds.
                if image.add_file(&place, bytes).is_err() {
                    continue;
                }
            }
            let (host, relative) = (file.host, file.guest);
            files.entry(place).or_insert(File {
                origin,
                host,
                relative,
            });
        }
        Ok(())
    };
    take(Origin::App, project.files(), &mut files)?;
    for root in &project.paths {
        take(Origin::Dependency, folder_files(root), &mut files)?;
    }
    let mut stdlib = Files::new();
    take(Origin::Stdlib, folder_files(&context.base.stdlib()), &mut stdlib)?;
    Ok(files)
}

/// The module that a path without `.py` is.
pub(super) fn module(path: &str) -> String {
    let path = path.strip_suffix("/__init__").unwrap_or(path);
    path.replace('/', ".")
}

/// Whether a file holds code in a form that no artifact takes.
fn is_compiled(path: &str) -> bool {
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    matches!(end, "pyc" | "pyo" | "so" | "pyd" | "dylib" | "a" | "o")
}
