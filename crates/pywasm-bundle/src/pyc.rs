//! A marshalled code object becomes a `.pyc` file, and back.
//!
//! The header is that of PEP 552, "unchecked, by hash", with a hash of zero: the guest's
//! importer takes the file as it is, never looks for a source, and no time stamp or digest
//! of the source costs bytes.

use thiserror::Error;

/// The bytes before the marshalled code object.
pub const HEADER_LENGTH: usize = 16;

/// PEP 552: the file is validated by a hash (bit 0), and that is not checked (bit 1 unset).
const FLAGS: [u8; 4] = [1, 0, 0, 0];

/// The magic number of a Python version's bytecode, as it stands in the file.
pub type Magic = [u8; 4];

/// A file is not a `.pyc` file of the kind that [`write`] makes.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// The file ends within the header.
    #[error("a .pyc file of {length} bytes has no room for its header")]
    Short {
        /// The file's length in bytes.
        length: usize,
    },
    /// The bytecode belongs to another version of Python.
    #[error("the .pyc file was made for another Python: magic number {found:02x?}, wanted {wanted:02x?}")]
    Magic {
        /// What the file says.
        found: Magic,
        /// What the base says.
        wanted: Magic,
    },
    /// The header is not that of an unchecked, hash-based file.
    #[error("the .pyc file is not an unchecked one by hash")]
    Flags,
}

/// Puts the header before a marshalled code object.
pub fn write(magic: Magic, code: &[u8]) -> Vec<u8> {
    let mut file = Vec::with_capacity(HEADER_LENGTH + code.len());
    file.extend_from_slice(&magic);
    file.extend_from_slice(&FLAGS);
    file.extend_from_slice(&[0; 8]);
    file.extend_from_slice(code);
    file
}

/// The marshalled code object in a `.pyc` file that [`write`] made.
///
/// # Errors
///
/// Where the file is too short, of another Python, or of another kind.
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
