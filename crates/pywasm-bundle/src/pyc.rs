//! Writes a marshalled code object as a `.pyc` file, and reads such files.
//!
//! The header is the unchecked, hash-based one of PEP 552, with a hash of zero. So the guest's
//! importer accepts the file without looking for its source, and no time stamp or digest takes bytes.

use thiserror::Error;

/// The bytes before the marshalled code object.
pub const HEADER_LENGTH: usize = 16;

/// The flags of PEP 552: the file has a hash (bit 0), which is not checked (bit 1 is not set).
const FLAGS: [u8; 4] = [1, 0, 0, 0];

/// The magic number of a Python version's bytecode, as in the file.
pub type Magic = [u8; 4];

/// The file is not a `.pyc` file that [`write()`] made.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// The file ends within the header.
    #[error("the .pyc file has only {length} bytes, which is less than its header")]
    Short {
        /// The file's length in bytes.
        length: usize,
    },
    /// The bytecode belongs to another version of Python.
    #[error("the .pyc file is for another Python: its magic number is {found:02x?}, not {wanted:02x?}")]
    Magic {
        /// The number in the file.
        found: Magic,
        /// The number of the base.
        wanted: Magic,
    },
    /// The file is not unchecked and hash-based.
    #[error("the .pyc file is not an unchecked, hash-based one")]
    Flags,
}

/// Adds the header to a marshalled code object.
pub fn write(magic: Magic, code: &[u8]) -> Vec<u8> {
    let mut file = Vec::with_capacity(HEADER_LENGTH + code.len());
    file.extend_from_slice(&magic);
    file.extend_from_slice(&FLAGS);
    file.extend_from_slice(&[0; 8]);
    file.extend_from_slice(code);
    file
}

/// Reads the marshalled code object in a `.pyc` file that [`write()`] made.
///
/// # Errors
///
/// When the file is too short, for another Python, or of another kind.
pub fn read(magic: Magic, file: &[u8]) -> Result<&[u8], Error> {
    let (Some(header), Some(code)) = (file.first_chunk::<HEADER_LENGTH>(), file.get(HEADER_LENGTH..)) else {
        return Err(Error::Short { length: file.len() });
    };
    let found = [header[0], header[1], header[2], header[3]];
    if found != magic {
        return Err(Error::Magic { found, wanted: magic });
    }
    if header[4..8] != FLAGS || header[8..] != [0; 8] {
        return Err(Error::Flags);
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAGIC: Magic = [0xf3, 0x0d, b'\r', b'\n'];

    #[test]
    fn header_is_magic_flags_and_zeros() {
        let file = write(MAGIC, b"code");
        assert_eq!(file, b"\xf3\x0d\r\n\x01\0\0\0\0\0\0\0\0\0\0\0code");
        assert_eq!(read(MAGIC, &file), Ok(&b"code"[..]));
    }

    #[test]
    fn foreign_files_are_refused() {
        let file = write(MAGIC, b"code");
        assert_eq!(read(MAGIC, &file[..15]), Err(Error::Short { length: 15 }));
        assert!(matches!(read([0; 4], &file), Err(Error::Magic { .. })));
        let mut timed = file;
        timed[4] = 0;
        assert_eq!(read(MAGIC, &timed), Err(Error::Flags));
    }
}
