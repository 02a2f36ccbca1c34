//! Adds a packed base to the store, from a file, an address, or the bytes inside this program.
//!
//! The order matters: check the archive's digest, unpack it, check every file's digest, and only then
//! give the base its final name.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::path::Path;

use crate::error::{Error, IoContext as _};
use crate::fetch::fetch;
use crate::home::{self, Home};
use crate::store::{Installation, Store};
use crate::unpack::{Limits, unpack};
use pywasm_digest::Digest;
use pywasm_host::{Progress, WorkFolder};

/// How to add a base.
#[derive(Debug, Clone, Copy, Default)]
pub struct AddOptions {
    /// The archive's digest; required for an address.
    pub sha256: Option<Digest>,
    /// Whether downloads are forbidden.
    pub offline: bool,
    /// The largest accepted content.
    pub limits: Limits,
}

/// Adds the base in `source`: the path of a file, or an address that starts with `https://` (or
/// with `http://` on this machine).
pub fn add(
    home: &Home,
    source: &str,
    options: AddOptions,
    progress: &dyn Progress,
) -> Result<Installation, Error> {
    if !source.starts_with("https://") && !source.starts_with("http://") {
        return add_file(home, Path::new(source), source, options, progress);
    }
    let sha256 = options.sha256.ok_or_else(|| Error::HashNeeded {
        url: source.to_owned(),
    })?;
    if options.offline {
        return Err(Error::Offline {
            missing: vec![source.to_owned()],
        });
    }
    let downloads = home::ensure_folder(home.downloads())?;
    let folder = WorkFolder::create_in(&downloads).with_path("create a folder in", &downloads)?;
    let file = folder.path().join("base");
    fetch(source, sha256, &file, progress)?;
    add_file(home, &file, source, options, progress)
}

/// Adds the base in `archive`, which is part of this program. Errors call it `name`.
pub fn add_embedded(
    home: &Home,
    name: &str,
    archive: &[u8],
    progress: &dyn Progress,
) -> Result<Installation, Error> {
    Store::new(home).install(progress, |dir| {
        progress.step("unpack the base");
        unpack(archive, name, dir, Limits::default(), progress)
    })
}

fn add_file(
    home: &Home,
    path: &Path,
    name: &str,
    options: AddOptions,
    progress: &dyn Progress,
) -> Result<Installation, Error> {
    let mut file = File::open(path).with_path("read", path)?;
    if let Some(expected) = options.sha256 {
        let found = Digest::from_reader(&mut file).with_path("read", path)?;
        if found != expected {
            return Err(Error::WrongHash {
                name: name.to_owned(),
                expected,
                found,
            });
        }
        // The file stays open, so nobody can replace it in between.
        file.seek(SeekFrom::Start(0)).with_path("read", path)?;
    }
    Store::new(home).install(progress, |dir| {
        progress.step("unpack the base");
        unpack(&mut file, name, dir, options.limits, progress)
    })
}
