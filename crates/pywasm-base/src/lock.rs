//! One writer at a time. In: the path of a lock file. Out: a guard; the lock ends with it, or
//! with the process, so a killed process blocks nobody.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::error::{Error, IoContext as _};
use pywasm_host::Progress;

/// An exclusive lock on a file, held until dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock on `path` and takes it; `holder` says who may have it meanwhile.
    pub(crate) fn take(path: &Path, holder: &str, progress: &dyn Progress) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).at("open", path)?;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error).at("lock", path),
            }
            progress.check()?;
            if !told {
                progress.step(&format!("wait for {holder}"));
                told = true;
            }
            // Asked again and again rather than blocked in the kernel, so that Ctrl-C works.
            thread::sleep(Duration::from_millis(50));
        }
    }
}
