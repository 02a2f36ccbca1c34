//! Files of the cache: their parts in, a whole file under its name out, or none.
//!
//! A process that is told to stop takes [`hold_writes`] before it leaves, so that no temporary
//! file is left behind.

use std::{
    io,
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
    pywasm_host::write_file(path, parts)
}
