//! Fills a folder of the cache in one step: a temporary folder beside it comes out, and what was made in there
//! is moved to its place.

use std::fs;
use std::path::{Path, PathBuf};

use pywasm_host::WorkFolder;

use crate::error::{Error, IoContext as _};

/// Makes a temporary folder beside `folder`, with these folders in it.
pub(crate) fn stage<const N: usize>(
    folder: &Path,
    names: [&str; N],
) -> Result<(WorkFolder, [PathBuf; N]), Error> {
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent).with_path("create", parent)?;
    let staging = WorkFolder::create_in(parent).with_path("create a folder in", parent)?;
    let made = names.map(|name| staging.path().join(name));
    for path in &made {
        fs::create_dir_all(path).with_path("create", path)?;
    }
    Ok((staging, made))
}

/// Moves what was made to `folder`, unless another build was faster: then `sign` is a file there.
pub(crate) fn publish(made: &Path, folder: &Path, sign: &str) -> Result<(), Error> {
    match fs::rename(made, folder) {
        Err(_) if folder.join(sign).is_file() => Ok(()),
        renamed => renamed.with_path("create", folder),
    }
}
