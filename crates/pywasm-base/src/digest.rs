//! A file's digest, with the file's name in the error. Everything that comes from outside
//! (sources, archives) is accepted by its digest and by nothing else.

use std::fs::File;
use std::path::Path;

use pywasm_digest::Digest;

use crate::error::{Error, IoContext as _};

/// The digest of a file's content.
pub(crate) fn of_file(path: &Path) -> Result<Digest, Error> {
    File::open(path)
        .and_then(|mut file| Digest::from_reader(&mut file))
        .at("read", path)
}
