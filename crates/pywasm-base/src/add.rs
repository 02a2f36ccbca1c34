//! Brings a packed base into the store. In: an archive's path or address and its SHA-256, or the
//! bytes that this program carries. Out: the installed base. The order matters: digest, then
//! unpacking, then every file's digest, then the final name.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::path::Path;

use crate::error::{Error, IoContext as _};
use crate::fetch::fetch;
use crate::home::{self, Home};
use crate::store::{Installed, Store};
use crate::unpack::{Limits, unpack};
use pywasm_digest::Digest;
use pywasm_host::Progress;

/// How to add a base.
#[derive(Debug, Clone, Copy, Default)]
pub struct AddOptions {
    /// The archive's digest; an address needs it.
    pub sha256: Option<Digest>,
    /// Whether an address is refused.
    pub offline: bool,
    /// How big the content may be.
    pub limits: Limits,
}

/// Adds the base in `source`, a file's path or an address that begins with `https://` (or
/// `http://`, for this machine only).
pub fn add(
    home: &Home,
    source: &str,
    options: AddOptions,
    progress: &dyn Progress,
) -> Result<Installed, Error> {
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
    let downloads = home::ensure(home.downloads())?;
    let folder = tempfile::Builder::new()
        .prefix(".tmp-")
        .tempdir_in(&downloads)
        .at("create a folder in", &downloads)?;
    let file = folder.path().join("base");
    fetch(source, sha256, &file, progress)?;
    add_file(home, &file, source, options, progress)
}

/// Adds the base in `archive`, which is part of this program and called `name` in errors.
pub fn add_embedded(
    home: &Home,
    name: &str,
    archive: &[u8],
    progress: &dyn Progress,
) -> Result<Installed, Error> {
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
) -> Result<Installed, Error> {
    let mut file = File::open(path).at("read", path)?;
    if let Some(expected) = options.sha256 {
        let found = Digest::from_reader(&mut file).at("read", path)?;
        if found != expected {
            return Err(Error::WrongHash {
                name: name.to_owned(),
                expected,
                found,
            });
        }
        // The same open file: nobody can put another one under its name in between.
        file.seek(SeekFrom::Start(0)).at("read", path)?;
    }
    Store::new(home).install(progress, |dir| {
        progress.step("unpack the base");
        unpack(&mut file, name, dir, options.limits, progress)
    })
}
