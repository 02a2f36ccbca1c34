//! Opens the reader of archives to the fuzz targets of `pywasm-fuzz`. Nothing else uses this.

use std::io;

use crate::Limits;
use crate::error::Error;
use crate::unpack::read_members;

/// Reads an archive to its end, as `pywasm base add` does, but writes no file. Returns the paths of its
/// members.
///
/// # Errors
/// When the archive is refused.
pub fn read_archive(bytes: &[u8]) -> Result<Vec<String>, Error> {
    let mut paths = Vec::new();
    read_members(bytes, "fuzz.tar.br", Limits::default(), &mut |member| {
        if let Some(content) = member.content {
            // The count of the bytes does not matter, and memory takes all of them.
            let _read = io::copy(content, &mut io::sink());
        }
        paths.push(member.path);
        Ok(())
    })?;
    Ok(paths)
}
