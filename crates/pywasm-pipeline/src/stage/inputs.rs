//! What was reached in, the files whose content went into the artifact out, each by a name that
//! is the same on every machine, with its digest.

use std::{collections::BTreeMap, path::Path};

use pywasm_digest::Digest;
use pywasm_project::Project;
use pywasm_report::InputEntry;
use pywasm_resolve::{ModuleKind, Origin};

use super::{data, link::Linked, resolve::Reached};
use crate::Error;

/// The files, sorted by name.
pub(crate) fn run(
    project: &Project,
    reached: &Reached,
    linked: &Linked<'_>,
) -> Result<Vec<InputEntry>, Error> {
    let mut files = BTreeMap::new();
    let mut add = |origin, path: &Path, relative: &str| -> Result<(), Error> {
        // The first of two with one name is the one in the image.
        if let std::collections::btree_map::Entry::Vacant(entry) =
            files.entry(name(project, origin, path, relative))
        {
            entry.insert(Digest::compute(&reached.sources.read(path)?));
        }
        Ok(())
    };
    for module in reached.graph.modules.values() {
        if let ModuleKind::Source { path, relative, .. } = &module.kind {
            add(module.origin, path, relative)?;
        }
    }
    for (origin, file) in data::list(reached, project)? {
        add(origin, &file.host, &file.guest)?;
    }
    for hooks in &project.hooks {
        add(Origin::App, hooks, "")?;
    }
    let compiled = project
        .extensions
        .iter()
        .filter(|extension| reached.graph.modules.contains_key(&extension.name))
        .flat_map(|extension| &extension.sources);
    for file in compiled {
        add(Origin::App, &project.root.join(file), file)?;
    }
    // As they were when they were compiled.
    for (header, digest) in &linked.headers {
        let name = name(project, Origin::App, &project.root.join(header), header);
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
