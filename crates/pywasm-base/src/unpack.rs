//! Unpacks the archive of a base into a folder.
//!
//! The archive may come from anywhere. Only what `pack` writes is accepted: plain ustar members that
//! are regular files or folders, with paths that stay inside. Nothing else has a legitimate use here,
//! so links, devices, sparse files, long-name and PAX extensions are refused, not interpreted.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use tar::EntryType;

use crate::error::{Error, IoContext as _};
use crate::manifest::check_path;
use pywasm_host::Progress;

/// The largest accepted content of an archive.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one member.
    pub file: u64,
    /// Bytes of all members, including the archive's own framing.
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
    let mut written = 0;
    read_members(source, name, limits, &mut |member| {
        progress.check()?;
        let target = dir.join(&member.path);
        let Some(content) = member.content else {
            return fs::create_dir_all(&target).with_path("create", &target);
        };
        write_member(content, member.size, &target, &|error| broken(name, &error))?;
        written += member.size;
        progress.bytes(written, None);
        Ok(())
    })
}

/// A file or folder of an archive.
pub(crate) struct Member<'a> {
    /// Its path, which stays inside of the folder that it is unpacked into.
    pub(crate) path: String,
    /// A file's size.
    pub(crate) size: u64,
    /// A file's bytes; `None` for a folder.
    pub(crate) content: Option<&'a mut dyn Read>,
}

/// Checks the members of an archive, and gives them to `take` in their order.
pub(crate) fn read_members(
    source: impl Read,
    name: &str,
    limits: Limits,
    take: &mut dyn FnMut(Member<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let refuse = |reason: String| Error::Archive {
        name: name.to_owned(),
        reason,
    };
    let stream = decompress(source).map_err(|error| refuse(error.to_string()))?;
    let mut archive = tar::Archive::new(LimitedReader {
        inner: stream,
        remaining: limits.total,
    });
    let broken = |error: io::Error| broken(name, &error);

    let mut seen = BTreeSet::new();
    for entry in archive.entries().map_err(broken)?.raw(true) {
        let mut entry = entry.map_err(broken)?;
        let path = member_path(&entry, limits, &mut seen).map_err(refuse)?;
        let is_folder = entry.header().entry_type() == EntryType::Directory;
        let size = entry.size();
        take(Member {
            path,
            size,
            content: match is_folder {
                true => None,
                false => Some(&mut entry),
            },
        })?;
    }
    // The rest is padding. Reading it makes the decompressor check the end of the stream.
    let mut rest = archive.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(broken)?;
    Ok(())
}

/// Checks the kind, path and size of a member, and returns its path inside the base. `seen` has the
/// paths of earlier members. The error says why the archive is refused.
fn member_path<R: Read>(
    entry: &tar::Entry<'_, R>,
    limits: Limits,
    seen: &mut BTreeSet<String>,
) -> Result<String, String> {
    let bytes = entry.path_bytes();
    let shown = String::from_utf8_lossy(&bytes).escape_debug().to_string();
    let kind = entry.header().entry_type();
    if let Some(what) = describe_refused(kind) {
        return Err(format!("member `{shown}` is {what}"));
    }
    let path =
        std::str::from_utf8(&bytes).map_err(|_| format!("the name of member `{shown}` is not UTF-8"))?;
    let path = if kind == EntryType::Directory {
        path.strip_suffix('/').unwrap_or(path)
    } else {
        path
    };
    check_path(path).map_err(|reason| format!("member `{shown}` {reason}"))?;
    let size = entry.size();
    if size > limits.file {
        let limit = limits.file;
        return Err(format!(
            "member `{shown}` has {size} bytes, but the limit is {limit}"
        ));
    }
    if !seen.insert(path.to_owned()) {
        return Err(format!("member `{shown}` occurs twice"));
    }
    if seen.len() > limits.members {
        return Err(format!("the archive has more than {} members", limits.members));
    }
    Ok(path.to_owned())
}

fn broken(name: &str, error: &io::Error) -> Error {
    Error::Archive {
        name: name.to_owned(),
        reason: explain(error),
    }
}

/// Writes the content of a member to a new file.
fn write_member(
    mut content: impl Read,
    size: u64,
    target: &Path,
    broken: &dyn Fn(io::Error) -> Error,
) -> Result<(), Error> {
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).with_path("create", parent)?;
    }
    // On some platforms, names that differ only in case collide here.
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(target)
        .with_path("create", target)?;
    copy(&mut content, &mut file, size).map_err(|error| match error {
        CopyError::Read(error) => broken(error),
        CopyError::Write(source) => Error::Io {
            action: "write",
            path: target.to_owned(),
            source,
        },
    })
}

fn describe_refused(kind: EntryType) -> Option<&'static str> {
    match kind {
        EntryType::Regular | EntryType::Directory => None,
        EntryType::Link | EntryType::Symlink => Some("a link"),
        EntryType::Char | EntryType::Block | EntryType::Fifo => Some("a device"),
        EntryType::GNULongName | EntryType::GNULongLink => Some("a GNU extension, not plain ustar"),
        EntryType::XHeader | EntryType::XGlobalHeader => Some("a PAX extension, not plain ustar"),
        _ => Some("of a kind that bases do not contain"),
    }
}

/// Chooses the decompressor by the first bytes: gzip has a signature, and Brotli has none.
fn decompress<'a>(source: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    let start = io::BufRead::fill_buf(&mut source)?;
    if start.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the archive is empty",
        ));
    }
    if start.starts_with(&[0x1f, 0x8b, 0x08]) {
        return Ok(Box::new(flate2::bufread::GzDecoder::new(source)));
    }
    Ok(Box::new(brotli::Decompressor::new(source, 1 << 16)))
}

/// Rewrites the messages of the decompressors, which are meant for programmers.
fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the archive ends too early".into(),
        io::ErrorKind::FileTooLarge => error.to_string(),
        _ => format!("the file is not a `.tar.br` or `.tar.gz`, or it is damaged ({error})"),
    }
}

/// Fails when a stream is longer than allowed.
struct LimitedReader<R> {
    inner: R,
    remaining: u64,
}

impl<R: Read> Read for LimitedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.remaining.checked_sub(count as u64) {
            Some(remaining) => self.remaining = remaining,
            None => {
                return Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    "the unpacked content is too large",
                ));
            }
        }
        Ok(count)
    }
}

enum CopyError {
    Read(io::Error),
    Write(io::Error),
}

/// Copies exactly `size` bytes. Fewer bytes are an error, which `io::copy` would not report.
fn copy(from: &mut impl Read, to: &mut impl Write, size: u64) -> Result<(), CopyError> {
    let mut buffer = vec![0; 1 << 16];
    let mut left = size;
    while left > 0 {
        let part = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        match from.read(&mut buffer[..part]) {
            Ok(0) => return Err(CopyError::Read(io::ErrorKind::UnexpectedEof.into())),
            Ok(count) => {
                to.write_all(&buffer[..count]).map_err(CopyError::Write)?;
                left -= count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(CopyError::Read(error)),
        }
    }
    Ok(())
}
