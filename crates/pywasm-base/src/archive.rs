//! Packs the files of a folder into a `.tar.br` archive.
//!
//! The bytes of the archive depend only on names and contents: members are in the given order, and
//! have no times, no owners and one mode. This file does not use the rest of the crate, since the
//! build script that embeds a base compiles it too.

use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use tar::{EntryType, Header};

/// The best compression before Brotli's slow qualities begin.
const QUALITY: i32 = 9;
const WINDOW: i32 = 24;

/// Why no archive was written.
#[derive(Debug)]
pub(crate) enum ArchiveError {
    /// The caller cancelled the work.
    Cancelled,
    /// A file could not be read or written.
    Io {
        action: &'static str,
        /// `None` for the archive itself.
        path: Option<PathBuf>,
        source: io::Error,
    },
}

/// Writes the files `paths` of `folder` to `out`. `progress` receives the bytes done and the total,
/// and may cancel the work.
pub(crate) fn write<W: Write>(
    folder: &Path,
    paths: &[&str],
    out: W,
    mut progress: impl FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<W, ArchiveError> {
    let with_path = |action, path: &Path| {
        let path = Some(path.to_owned());
        move |source| ArchiveError::Io { action, path, source }
    };
    let at_end = |source| ArchiveError::Io {
        action: "write",
        path: None,
        source,
    };
    let mut sizes = Vec::new();
    for path in paths {
        let path = folder.join(path);
        sizes.push(fs::metadata(&path).map_err(with_path("read", &path))?.len());
    }
    let total: u64 = sizes.iter().sum();
    let params = BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        // The encoder compresses better if it knows the length.
        size_hint: usize::try_from(total).unwrap_or(usize::MAX),
        ..Default::default()
    };
    let sink = Sink {
        inner: out,
        failure: None,
    };
    let encoder = brotli::CompressorWriter::with_params(sink, 1 << 16, &params);
    let mut archive = tar::Builder::new(encoder);
    let mut done = 0;
    for (path, size) in paths.iter().zip(sizes) {
        if progress(done, total).is_break() {
            return Err(ArchiveError::Cancelled);
        }
        let full = folder.join(path);
        let mut content = File::open(&full).map_err(with_path("read", &full))?;
        let header = header(path, size).map_err(with_path("archive", &full))?;
        archive
            .append(&header, &mut content)
            .map_err(with_path("archive", &full))?;
        done += size;
    }
    let _the_end = progress(done, total);
    let mut sink = archive.into_inner().map_err(at_end)?.into_inner();
    match sink.failure.take() {
        Some(failure) => Err(at_end(failure)),
        None => Ok(sink.inner),
    }
}

/// Makes a plain ustar header; fails if the path does not fit into one.
fn header(path: &str, size: u64) -> io::Result<Header> {
    let mut header = Header::new_ustar();
    header.set_path(path)?;
    header.set_size(size);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    Ok(header)
}

/// Remembers that a write failed, since the encoder hides the errors of its last writes.
struct Sink<W> {
    inner: W,
    failure: Option<io::Error>,
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.inner.write(buffer).inspect_err(|error| {
            self.failure
                .get_or_insert_with(|| io::Error::new(error.kind(), error.to_string()));
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
