//! Completes the manifest of a folder that a recipe's script has filled, which makes it a base. The
//! script writes `manifest.json` without `id`, `recipe` and `files`.

use std::fs;
use std::path::Path;

use crate::base::Base;
use crate::error::{Error, IoContext as _};
use crate::manifest::{MANIFEST, Manifest};
use crate::verify;
use pywasm_digest::Digest;
use pywasm_host::Progress;

/// Hashes every file in `dir`, writes the complete manifest, and opens the base.
pub fn seal(dir: &Path, recipe: Digest, progress: &dyn Progress) -> Result<Base, Error> {
    progress.step("hash the base's files");
    let path = dir.join(MANIFEST);
    let wrong = |source| Error::Manifest {
        path: path.clone(),
        source,
    };
    let json = fs::read(&path).with_path("read", &path)?;
    let draft = Manifest::parse_draft(&json).map_err(wrong)?;
    remove_empty_folders(dir)?;
    let sizes = verify::list_contents(dir)?.files;
    let files = verify::hash_files(dir, &sizes, progress)?;
    let manifest = draft.complete(recipe, files).map_err(wrong)?;
    fs::write(&path, manifest.to_json().map_err(wrong)?).with_path("write", &path)?;
    Base::open(dir)
}

/// Removes empty folders, since neither the manifest nor an archive would contain them.
fn remove_empty_folders(dir: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(dir).with_path("list", dir)? {
        let path = entry.with_path("list", dir)?.path();
        if path.symlink_metadata().with_path("read", &path)?.is_dir() {
            remove_empty_folders(&path)?;
            if fs::read_dir(&path).with_path("list", &path)?.next().is_none() {
                fs::remove_dir(&path).with_path("remove", &path)?;
            }
        }
    }
    Ok(())
}
