//! Takes a base archive apart. In: bytes from anywhere, already of the expected SHA-256 where
//! one was given. Out: regular files below one folder, or an error and nothing that matters.
//!
//! Only what `pack` writes is accepted: plain ustar members, regular files and folders, with
//! paths that stay inside. There is no legitimate use for anything else here, so links, devices,
//! sparse files, long-name and PAX extensions are refused rather than interpreted.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use tar::EntryType;

use crate::error::{Error, IoContext as _};
use crate::manifest::check_path;
use pywasm_host::Progress;

/// How big an archive's content may become.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one member.
    pub file: u64,
    /// Bytes of all members, with the archive's own framing.
    pub total: u64,
    /// Number of members.
    pub members: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 512 << 20,
            total: 1 << 30,
            members: 50_000,
        }
    }
}

/// Unpacks the archive `source` (named `name` in errors) into the empty folder `dir`.
pub(crate) fn unpack(
    source: impl Read,
    name: &str,
    dir: &Path,
    limits: Limits,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let refuse = |reason: String| Error::Archive {
        name: name.to_owned(),
        reason,
    };
    let stream = decompress(source).map_err(|error| refuse(error.to_string()))?;
    let mut archive = tar::Archive::new(Bounded {
        inner: stream,
        left: limits.total,
    });
    let broken = |error: io::Error| refuse(explain(&error));

    let mut seen = BTreeSet::new();
    let mut written = 0;
    for entry in archive.entries().map_err(broken)?.raw(true) {
        progress.check()?;
        let mut entry = entry.map_err(broken)?;
        let bytes = entry.path_bytes().into_owned();
        let shown = String::from_utf8_lossy(&bytes).escape_debug().to_string();
        let kind = entry.header().entry_type();
        if let Some(what) = refused_kind(kind) {
            return Err(refuse(format!("its member `{shown}` is {what}")));
        }
        let path =
            std::str::from_utf8(&bytes).map_err(|_| refuse(format!("the name `{shown}` is not UTF-8")))?;
        let path = if kind == EntryType::Directory {
            path.strip_suffix('/').unwrap_or(path)
        } else {
            path
        };
        check_path(path).map_err(|reason| refuse(format!("its member `{shown}` {reason}")))?;
        let size = entry.size();
        if size > limits.file {
            return Err(refuse(format!(
                "its member `{shown}` has {size} bytes, more than {}",
                limits.file
            )));
        }
        if !seen.insert(path.to_owned()) {
            return Err(refuse(format!("its member `{shown}` is there twice")));
        }
        if seen.len() > limits.members {
            return Err(refuse(format!("it has more than {} members", limits.members)));
        }
        let target = dir.join(path);
        if kind == EntryType::Directory {
            fs::create_dir_all(&target).at("create", &target)?;
            continue;
        }
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).at("create", parent)?;
        }
        // A name that differs only in case meets its twin here on some platforms.
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&target)
            .at("create", &target)?;
        copy(&mut entry, &mut file, size).map_err(|fault| match fault {
            Fault::Read(error) => broken(error),
            Fault::Write(source) => Error::Io {
                action: "write",
                path: target.clone(),
                source,
            },
        })?;
        written += size;
        progress.bytes(written, None);
    }
    // The rest is padding; reading it makes the decompressor check its end.
    let mut rest = archive.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(broken)?;
    Ok(())
}

fn refused_kind(kind: EntryType) -> Option<&'static str> {
    match kind {
        EntryType::Regular | EntryType::Directory => None,
        EntryType::Link | EntryType::Symlink => Some("a link"),
        EntryType::Char | EntryType::Block | EntryType::Fifo => Some("a device"),
        EntryType::GNULongName | EntryType::GNULongLink => Some("a GNU extension, not plain ustar"),
        EntryType::XHeader | EntryType::XGlobalHeader => Some("a PAX extension, not plain ustar"),
        _ => Some("of a kind that no base has"),
    }
}

/// gzip says what it is in its first bytes; Brotli has no such mark.
fn decompress<'a>(source: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    let start = io::BufRead::fill_buf(&mut source)?;
    if start.is_empty() {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is empty"));
    }
    if start.starts_with(&[0x1f, 0x8b, 0x08]) {
        return Ok(Box::new(flate2::bufread::GzDecoder::new(source)));
    }
    Ok(Box::new(brotli::Decompressor::new(source, 1 << 16)))
}

/// The decompressors' own words are for programmers.
fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends too early".into(),
        io::ErrorKind::FileTooLarge => error.to_string(),
        _ => format!("it is no `.tar.br` or `.tar.gz`, or it is damaged ({error})"),
    }
}

/// Ends a stream with an error where it becomes longer than allowed.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => {
                return Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    "it unpacks to too many bytes",
                ));
            }
        }
        Ok(count)
    }
}

enum Fault {
    Read(io::Error),
    Write(io::Error),
}

/// Copies exactly `size` bytes; fewer are an error, which `io::copy` would not tell.
fn copy(from: &mut impl Read, to: &mut impl Write, size: u64) -> Result<(), Fault> {
    let mut buffer = vec![0; 1 << 16];
    let mut left = size;
    while left > 0 {
        let part = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        match from.read(&mut buffer[..part]) {
            Ok(0) => return Err(Fault::Read(io::ErrorKind::UnexpectedEof.into())),
            Ok(count) => {
                to.write_all(&buffer[..count]).map_err(Fault::Write)?;
                left -= count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Fault::Read(error)),
        }
    }
    Ok(())
}
