//! Files of the cache: their parts in, a whole file under its name out, or none.
//!
//! A process that is told to stop takes [`hold_writes`] before it leaves, so that no temporary
//! file is left behind.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

static WRITING: Mutex<()> = Mutex::new(());

/// Waits for the write that is under way, and lets none begin while the guard lives.
pub fn hold_writes() -> impl Drop {
    struct Held(#[expect(dead_code, reason = "only held")] MutexGuard<'static, ()>);
    impl Drop for Held {
        fn drop(&mut self) {}
    }
    Held(WRITING.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Writes a file of the cache through a temporary file beside it.
///
/// # Errors
/// When the folder cannot be made or written; no file of that name is touched then.
pub fn write_cached(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let _held = hold_writes();
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.persist(path)?;
    Ok(())
}
