//! Lists the files whose content went into the artifact, each with its digest and by a name that is
//! the same on every machine.

use std::{collections::BTreeMap, path::Path};

use pywasm_digest::Digest;
use pywasm_project::Project;
use pywasm_report::InputEntry;
use pywasm_resolve::{ModuleKind, Origin};

use super::{data, link::LinkedBase, resolve::Resolution};
use crate::{Error, context::Context};

/// The files, sorted by name.
pub(crate) fn list(
    context: &Context<'_>,
    linked: &LinkedBase<'_>,
    resolution: &Resolution,
) -> Result<Vec<InputEntry>, Error> {
    let project = context.project;
    let mut files = BTreeMap::new();
    let mut add = |origin, path: &Path, relative: &str| -> Result<(), Error> {
        // The first of two with one name is the one in the image.
        if let std::collections::btree_map::Entry::Vacant(entry) =
            files.entry(name(project, origin, path, relative))
        {
            entry.insert(Digest::compute(&resolution.sources.read(path)?));
        }
        Ok(())
    };
    for module in resolution.graph.modules.values() {
        if let ModuleKind::Source { path, relative, .. } = &module.kind
            && !context.world.is_some_and(|world| world.is_generated(path))
        {
            add(module.origin, path, relative)?;
        }
    }
    for (origin, file) in data::list(context, resolution)? {
        add(origin, &file.host, &file.guest)?;
    }
    for wit in context.world.iter().flat_map(|world| world.wit_files()) {
        add(Origin::App, &wit, "")?;
    }
    for hooks in &project.hooks {
        add(Origin::App, hooks, "")?;
    }
    // C files and headers, as they were when they were compiled.
    for (file, digest) in &linked.files {
        let name = name(project, Origin::App, &project.root.join(file), file);
        files.entry(name).or_insert(*digest);
    }
    Ok(files
        .into_iter()
        .map(|(path, sha256)| InputEntry { path, sha256 })
        .collect())
}

/// The name of a file: of the project's as it stands there, of all others as in the guest.
fn name(project: &Project, origin: Origin, path: &Path, relative: &str) -> String {
    let inside = path
        .strip_prefix(&project.root)
        .ok()
        .filter(|_| origin == Origin::App);
    let relative = match inside {
        Some(inside) => inside.to_string_lossy().replace('\\', "/"),
        None => relative.to_owned(),
    };
    let folder = match origin {
        Origin::App => "project",
        Origin::Dependency => "site-packages",
        Origin::Stdlib => "stdlib",
    };
    format!("{folder}/{relative}")
}
