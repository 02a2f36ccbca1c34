//! Makes one archive of a base. In: an intact base. Out: a `.tar.br` whose bytes follow from the
//! base's content alone: members sorted by path, no times, no owners, one mode.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use brotli::enc::BrotliEncoderParams;
use tar::{EntryType, Header};

use crate::base::Base;
use crate::error::{Error, IoContext as _};
use crate::manifest::MANIFEST;
use crate::progress::{self, Progress};
use pywasm_report::{Digest, Hasher};

/// The best ratio before Brotli's slow qualities begin.
const QUALITY: i32 = 9;
const WINDOW: i32 = 24;

/// An archive that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// Its SHA-256, as `pywasm base add --sha256` wants it.
    pub sha256: Digest,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Writes `base` to `file`, which ends in `.tar.br`. The file appears only when it is whole.
pub fn pack(base: &Base, file: &Path, progress: &dyn Progress) -> Result<Packed, Error> {
    if !file.to_string_lossy().ends_with(".tar.br") {
        return Err(Error::PackName {
            path: file.to_owned(),
        });
    }
    let file = std::path::absolute(file).at("find", file)?;
    base.ensure_intact(progress)?;

    progress.step("pack the base");
    let folder = file.parent().unwrap_or(Path::new("/"));
    let mut builder = tempfile::Builder::new();
    // The usual rights of a new file, less the user's umask, in place of a private file's.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut temporary = builder
        .prefix(".tmp-")
        .tempfile_in(folder)
        .at("create a file in", folder)?;
    let packed = write(base, temporary.as_file_mut(), &file, progress)?;
    temporary
        .persist(&file)
        .map_err(|error| error.error)
        .at("write", &file)?;
    Ok(packed)
}

fn write(base: &Base, out: &mut File, file: &Path, progress: &dyn Progress) -> Result<Packed, Error> {
    let mut params = BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        ..Default::default()
    };
    let mut paths: Vec<&str> = base.manifest().files.keys().map(String::as_str).collect();
    paths.push(MANIFEST);
    paths.sort_unstable();
    let mut sizes = Vec::new();
    for path in &paths {
        let path = base.dir().join(path);
        sizes.push(fs::metadata(&path).at("read", &path)?.len());
    }
    let total: u64 = sizes.iter().sum();
    // Said before the first byte; the stream's length is no secret and helps the encoder.
    params.size_hint = usize::try_from(total).unwrap_or(usize::MAX);

    let sink = Summed {
        inner: BufWriter::new(out),
        hasher: Hasher::new(),
        bytes: 0,
        failure: None,
    };
    let encoder = brotli::CompressorWriter::with_params(sink, 1 << 16, &params);
    let mut archive = tar::Builder::new(encoder);
    let mut done = 0;
    for (path, size) in paths.iter().zip(sizes) {
        progress::check(progress)?;
        let full = base.dir().join(path);
        let mut content = File::open(&full).at("read", &full)?;
        let header = header(path, size).at("archive", &full)?;
        archive.append(&header, &mut content).at("archive", &full)?;
        done += size;
        progress.bytes(done, Some(total));
    }
    let mut sink = archive.into_inner().at("write", file)?.into_inner();
    // The encoder keeps the errors of its last writes to itself.
    sink.failure
        .take()
        .map_or(Ok(()), Err)
        .and_then(|()| sink.inner.flush())
        .at("write", file)?;
    Ok(Packed {
        sha256: sink.hasher.finish(),
        bytes: sink.bytes,
    })
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

/// Counts and hashes what passes, and remembers that a write failed.
struct Summed<W> {
    inner: W,
    hasher: Hasher,
    bytes: u64,
    failure: Option<io::Error>,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer).inspect_err(|error| {
            self.failure
                .get_or_insert_with(|| io::Error::new(error.kind(), error.to_string()));
        })?;
        self.hasher.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
