//! Reads a module that is to be run.

use std::{fs, path::Path};

use super::Error;

/// The largest module that a `.br` file may decompress to, in bytes.
const LARGEST_MODULE: u64 = 1 << 30;

/// Reads a module, which may be compressed in Brotli's format if its name ends in `.br`.
///
/// # Errors
/// When the file cannot be read or decompressed, or is not a module.
pub fn read_program(file: &Path) -> Result<Vec<u8>, Error> {
    let bytes = fs::read(file).map_err(Error::io(format!("read {}", file.display())))?;
    let wasm = if file.extension().is_some_and(|end| end == "br") {
        pywasm_dist::decompress(&bytes, LARGEST_MODULE).map_err(|cause| Error::Compressed {
            path: file.to_owned(),
            cause,
        })?
    } else {
        bytes
    };
    if !wasm.starts_with(b"\0asm") {
        return Err(Error::NotAProgram(file.to_owned()));
    }
    Ok(wasm)
}
