//! Hashes files. Sources and archives from outside are accepted only by their digest.

use std::fs::File;
use std::path::Path;

use pywasm_digest::Digest;

use crate::error::{Error, IoContext as _};

/// Hashes the content of a file.
pub(crate) fn hash_file(path: &Path) -> Result<Digest, Error> {
    File::open(path)
        .and_then(|mut file| Digest::from_reader(&mut file))
        .with_path("read", path)
}
