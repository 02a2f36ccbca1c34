//! Writes files of a cache atomically.
//!
//! A process that has to stop calls [`hold_writes`] before it exits, so that no temporary file
//! remains.

use std::{
    io,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

static WRITING: Mutex<()> = Mutex::new(());

/// Waits for the current write to finish, and blocks new writes while the guard lives.
pub fn hold_writes() -> impl Drop {
    struct WriteGuard(#[expect(dead_code, reason = "only held")] MutexGuard<'static, ()>);
    impl Drop for WriteGuard {
        fn drop(&mut self) {}
    }
    WriteGuard(WRITING.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Writes a file of a cache through a temporary file next to it.
///
/// # Errors
/// When the folder cannot be created or written. An existing file is then unchanged.
pub fn write_cached(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let _guard = hold_writes();
    pywasm_host::write_file(path, parts)
}
