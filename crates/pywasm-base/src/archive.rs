//! A folder's files in, one `.tar.br` out, whose bytes follow from names and contents alone:
//! members in the given order, no times, no owners, one mode.
//!
//! Needs nothing else of this crate: the build script that embeds a base compiles this file too.

use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use tar::{EntryType, Header};

/// The best ratio before Brotli's slow qualities begin.
const QUALITY: i32 = 9;
const WINDOW: i32 = 24;

/// Why there is no archive.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// The caller asked for it.
    Asked,
    /// A file could not be read or written.
    Io {
        action: &'static str,
        /// `None` where it is the archive itself.
        path: Option<PathBuf>,
        source: io::Error,
    },
}

/// Writes the files `paths` of `folder` to `out`. `told` hears how many bytes of how many are
/// through, and may end it.
pub(crate) fn write<W: Write>(
    folder: &Path,
    paths: &[&str],
    out: W,
    mut told: impl FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<W, Stopped> {
    let at = |action, path: &Path| {
        let path = Some(path.to_owned());
        move |source| Stopped::Io { action, path, source }
    };
    let at_end = |source| Stopped::Io {
        action: "write",
        path: None,
        source,
    };
    let mut sizes = Vec::new();
    for path in paths {
        let path = folder.join(path);
        sizes.push(fs::metadata(&path).map_err(at("read", &path))?.len());
    }
    let total: u64 = sizes.iter().sum();
    let params = BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        // The stream's length is no secret and helps the encoder.
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
        if told(done, total).is_break() {
            return Err(Stopped::Asked);
        }
        let full = folder.join(path);
        let mut content = File::open(&full).map_err(at("read", &full))?;
        let header = header(path, size).map_err(at("archive", &full))?;
        archive
            .append(&header, &mut content)
            .map_err(at("archive", &full))?;
        done += size;
    }
    let _the_end = told(done, total);
    let mut sink = archive.into_inner().map_err(at_end)?.into_inner();
    match sink.failure.take() {
        Some(failure) => Err(at_end(failure)),
        None => Ok(sink.inner),
    }
}

/// A plain ustar header; a path that does not fit into one is an error.
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

/// Remembers that a write failed: the encoder keeps the errors of its last writes to itself.
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
