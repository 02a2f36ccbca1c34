//! Locks a file, so that only one process writes at a time. The lock ends with its guard or with the
//! process, so a killed process does not block others.

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
    /// Waits for the lock on `path` and acquires it. `holder` describes who may hold it meanwhile.
    pub(crate) fn acquire(path: &Path, holder: &str, progress: &dyn Progress) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).with_path("open", path)?;
        let mut reported = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error).with_path("lock", path),
            }
            progress.check()?;
            if !reported {
                progress.step(&format!("wait for {holder}"));
                reported = true;
            }
            // Polling keeps Ctrl-C working; a blocking lock would not.
            thread::sleep(Duration::from_millis(50));
        }
    }
}
