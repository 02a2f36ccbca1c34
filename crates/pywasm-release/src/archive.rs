//! Packs the files of a release into an archive whose bytes are always the same, and unpacks it in
//! memory. Unpacking refuses everything that the archive of a release does not contain.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use pywasm_dist::{gzip, zstd};

use crate::files::{Files, MAX_BYTES, MAX_FILES, is_valid_name};

/// How an archive is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `.tar.gz`
    #[default]
    Gzip,
    /// `.tar.zst`
    Zstd,
}

impl Format {
    /// Both formats, in the order of [`Format::CHOICES`].
    pub const ALL: [Self; 2] = [Self::Gzip, Self::Zstd];
    /// Their names, which are also the endings of file names.
    pub const CHOICES: &'static [&'static str] = &["tar.gz", "tar.zst"];

    /// Returns the name of the format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::CHOICES[self as usize]
    }

    /// Finds the format with this name.
    #[must_use]
    pub fn from_name(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    fn compress(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Gzip => gzip(bytes),
            Self::Zstd => zstd(bytes),
        }
    }
}

/// Decompresses gzip: one member of at most `limit` bytes, and nothing after it.
pub(crate) fn gunzip(bytes: &[u8], limit: u64) -> Result<Vec<u8>, String> {
    let mut decoder = GzDecoder::new(bytes);
    let plain = read(&mut decoder, limit)?;
    check_end(decoder.into_inner())?;
    Ok(plain)
}

/// Decompresses Zstandard: one frame of at most `limit` bytes, and nothing after it.
pub(crate) fn unzstd(bytes: &[u8], limit: u64) -> Result<Vec<u8>, String> {
    let decoder = zstd::Decoder::with_buffer(bytes).map_err(|error| error.to_string())?;
    let mut decoder = decoder.single_frame();
    let plain = read(&mut decoder, limit)?;
    check_end(decoder.finish())?;
    Ok(plain)
}

/// Decompresses Brotli to at most `limit` bytes.
pub(crate) fn unbrotli(bytes: &[u8], limit: u64) -> Result<Vec<u8>, String> {
    read(&mut brotli::Decompressor::new(bytes, 1 << 16), limit)
}

fn read(decoder: &mut impl Read, limit: u64) -> Result<Vec<u8>, String> {
    let mut plain = Vec::new();
    decoder
        .take(limit.saturating_add(1))
        .read_to_end(&mut plain)
        .map_err(|error| format!("the file cannot be unpacked: {error}"))?;
    if plain.len() as u64 > limit {
        return Err(format!("the file unpacks to more than {limit} bytes"));
    }
    Ok(plain)
}

fn check_end(rest: &[u8]) -> Result<(), String> {
    if rest.is_empty() {
        Ok(())
    } else {
        Err(format!("{} bytes follow the compressed content", rest.len()))
    }
}

/// Packs `files` into one folder `stem`.
#[must_use]
pub fn pack(stem: &str, files: &Files, format: Format) -> Vec<u8> {
    // Writing to a Vec cannot fail, and the names in releases are short enough.
    format.compress(&tar(stem, files).expect("a Vec takes every write"))
}

fn tar(stem: &str, files: &Files) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    builder.mode(tar::HeaderMode::Deterministic);
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        builder.append_data(&mut header, format!("{stem}/{name}"), bytes.as_slice())?;
    }
    builder.into_inner()
}

/// An unpacked archive.
#[derive(Debug)]
pub struct UnpackedArchive {
    /// The name of the folder in it.
    pub stem: String,
    /// Its files.
    pub files: Files,
    /// Its format.
    pub format: Format,
    plain: Vec<u8>,
}

/// Unpacks the archive of a release.
///
/// # Errors
/// When the archive is damaged, has links, folders or paths that leave it, or is too large.
pub fn unpack(bytes: &[u8]) -> Result<UnpackedArchive, String> {
    let (format, plain) = match bytes {
        [0x1f, 0x8b, ..] => (Format::Gzip, gunzip(bytes, MAX_BYTES)?),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => (Format::Zstd, unzstd(bytes, MAX_BYTES)?),
        _ => return Err("the file is neither a .tar.gz nor a .tar.zst".to_owned()),
    };
    let broken = |error: io::Error| format!("the archive is damaged: {error}");
    let mut stem = None;
    let mut files = Files::new();
    let mut archive = tar::Archive::new(plain.as_slice());
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let path = entry.path_bytes().into_owned();
        let shown = String::from_utf8_lossy(&path).into_owned();
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(format!(
                "the archive contains `{shown}`, which is not a regular file"
            ));
        }
        let inside = shown.split_once('/').filter(|(folder, name)| {
            is_valid_name(folder) && is_valid_name(name) && stem.as_deref().is_none_or(|stem| stem == *folder)
        });
        let Some((folder, name)) = inside else {
            return Err(format!(
                "the archive contains `{shown}`, which is not in the release's only folder"
            ));
        };
        stem.get_or_insert_with(|| folder.to_owned());
        // An entry cannot be longer than the archive, which is bounded.
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(broken)?;
        if files.insert(name.to_owned(), content).is_some() {
            return Err(format!("the archive contains `{shown}` twice"));
        }
        if files.len() > MAX_FILES {
            return Err(format!("the archive contains more than {MAX_FILES} files"));
        }
    }
    let stem = stem.ok_or("the archive is empty")?;
    Ok(UnpackedArchive {
        stem,
        files,
        format,
        plain,
    })
}

impl UnpackedArchive {
    /// Whether each byte is as [`pack`] writes it; `bytes` is the archive. Compressed bytes are
    /// compared only if `same_tool` wrote them, since another version may compress differently.
    pub(crate) fn is_canonical(&self, bytes: &[u8], same_tool: bool) -> bool {
        let Ok(plain) = tar(&self.stem, &self.files) else {
            return false;
        };
        plain == self.plain && (!same_tool || self.format.compress(&plain) == bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let long = format!("{}.wasm", "n".repeat(150));
        [("a.txt".to_owned(), b"text".to_vec()), (long, vec![7; 2000])].into()
    }

    #[test]
    fn what_is_packed_comes_back() {
        for format in Format::ALL {
            let packed = pack("app-1.0", &files(), format);
            assert_eq!(packed, pack("app-1.0", &files(), format));
            let unpacked = unpack(&packed).expect("an archive");
            assert_eq!((unpacked.stem.as_str(), &unpacked.files), ("app-1.0", &files()));
            assert!(unpacked.is_canonical(&packed, true));
        }
    }

    #[test]
    fn every_flipped_bit_is_detected() {
        for format in Format::ALL {
            let packed = pack("app-1.0", &files(), format);
            for bit in 0..packed.len() * 8 {
                let mut changed = packed.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                let same = unpack(&changed).is_ok_and(|unpacked| {
                    unpacked.files == files()
                        && unpacked.stem == "app-1.0"
                        && unpacked.is_canonical(&changed, true)
                });
                assert!(!same, "{format:?}: bit {bit}");
            }
        }
    }

    /// An archive with one entry of this type, path and link.
    fn hostile(kind: tar::EntryType, path: &str, link: &str) -> Vec<u8> {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        // The crate itself refuses to write such names.
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_cksum();
        let mut builder = tar::Builder::new(Vec::new());
        builder.append(&header, io::empty()).expect("written");
        gzip(&builder.into_inner().expect("written"))
    }

    #[test]
    fn hostile_archives_are_refused() {
        use tar::EntryType::{Directory, Fifo, Link, Regular, Symlink};
        for (kind, path, link) in [
            (Regular, "../evil", ""),
            (Regular, "app-1.0/../../evil", ""),
            (Regular, "/etc/passwd", ""),
            (Regular, "app-1.0/a/b", ""),
            (Regular, "app-1.0/", ""),
            (Regular, "app-1.0\\evil/x", ""),
            (Regular, "plain", ""),
            (Symlink, "app-1.0/a", "/etc/passwd"),
            (Link, "app-1.0/a", "app-1.0/b"),
            (Directory, "app-1.0/", ""),
            (Fifo, "app-1.0/a", ""),
        ] {
            let refused = unpack(&hostile(kind, path, link)).expect_err(path);
            assert!(refused.contains("which is not"), "{refused}");
        }
        assert!(unpack(b"PK\x03\x04").is_err());
        assert!(unpack(&gzip(b"")).is_err());
    }

    #[test]
    fn a_false_size_is_refused() {
        let mut header = tar::Header::new_gnu();
        header.set_path("app-1.0/a").expect("a path");
        header.set_size(1 << 60);
        header.set_cksum();
        let mut plain = header.as_bytes().to_vec();
        plain.extend([0; 1024]);
        assert!(unpack(&gzip(&plain)).is_err());
    }

    #[test]
    fn decompression_bombs_are_refused() {
        let bomb = vec![0; 100_000];
        assert!(gunzip(&gzip(&bomb), 99_999).is_err());
        assert!(unzstd(&zstd(&bomb), 99_999).is_err());
        let two = [gzip(b"a"), gzip(b"b")].concat();
        assert!(gunzip(&two, 10).is_err());
    }
}
