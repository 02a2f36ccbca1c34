//! Packs an intact base into one `.tar.br` archive, whose bytes depend only on the base's content.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

use crate::archive::{self, ArchiveError};
use crate::base::Base;
use crate::error::{Error, IoContext as _};
use crate::manifest::MANIFEST;
use pywasm_digest::{Digest, Hasher};
use pywasm_host::{Access, FreshFile, Progress};

/// An archive that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackedArchive {
    /// Its SHA-256, for `pywasm base add --sha256`.
    pub sha256: Digest,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Writes `base` to `file`, which must end in `.tar.br`. The file appears only when it is complete.
pub fn pack(base: &Base, file: &Path, progress: &dyn Progress) -> Result<PackedArchive, Error> {
    if !file.to_string_lossy().ends_with(".tar.br") {
        return Err(Error::PackName {
            path: file.to_owned(),
        });
    }
    let file = std::path::absolute(file).with_path("find", file)?;
    base.ensure_intact(progress)?;

    progress.step("pack the base");
    let folder = file.parent().unwrap_or(Path::new("/"));
    let mut fresh = FreshFile::create_in(folder, Access::Umask).with_path("create a file in", folder)?;
    let packed = write(base, fresh.file_mut(), &file, progress)?;
    fresh.persist(&file).with_path("write", &file)?;
    Ok(packed)
}

fn write(base: &Base, out: &mut File, file: &Path, progress: &dyn Progress) -> Result<PackedArchive, Error> {
    let mut paths: Vec<&str> = base.manifest().files.keys().map(String::as_str).collect();
    paths.push(MANIFEST);
    paths.sort_unstable();
    let sink = HashingWriter {
        inner: BufWriter::new(out),
        hasher: Hasher::new(),
        bytes: 0,
    };
    let written = archive::write(base.dir(), &paths, sink, |done, total| {
        progress.bytes(done, Some(total));
        if progress.cancelled() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let mut sink = written.map_err(|error| match error {
        ArchiveError::Cancelled => Error::Cancelled,
        ArchiveError::Io { action, path, source } => Error::Io {
            action,
            path: path.unwrap_or_else(|| file.to_owned()),
            source,
        },
    })?;
    sink.flush().with_path("write", file)?;
    Ok(PackedArchive {
        sha256: sink.hasher.finish(),
        bytes: sink.bytes,
    })
}

/// Counts and hashes the bytes that it writes.
struct HashingWriter<W> {
    inner: W,
    hasher: Hasher,
    bytes: u64,
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        self.hasher.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
