//! Makes a base of a filled folder. In: the files, and a `manifest.json` without `id`, `recipe`
//! and `files`, as a recipe's script leaves them. Out: the base, with its manifest complete.

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
    let json = fs::read(&path).at("read", &path)?;
    let draft = Manifest::parse_draft(&json).map_err(wrong)?;
    remove_empty_folders(dir)?;
    let sizes = verify::contents(dir)?.files;
    let files = verify::hash_files(dir, &sizes, progress)?;
    let manifest = draft.complete(recipe, files).map_err(wrong)?;
    fs::write(&path, manifest.to_json().map_err(wrong)?).at("write", &path)?;
    Base::open(dir)
}

/// A base is its files: a folder without any would not be in the manifest, nor in an archive.
fn remove_empty_folders(dir: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(dir).at("list", dir)? {
        let path = entry.at("list", dir)?.path();
        if path.symlink_metadata().at("read", &path)?.is_dir() {
            remove_empty_folders(&path)?;
            if fs::read_dir(&path).at("list", &path)?.next().is_none() {
                fs::remove_dir(&path).at("remove", &path)?;
            }
        }
    }
    Ok(())
}
