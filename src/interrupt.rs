//! Ctrl-C and termination: leave at once, but never in the middle of a write.
//!
//! Long work that holds child processes or folders asks [`requested`] and cleans up after
//! itself; it says so with [`Guarded`]. While nothing is guarded, the process leaves as soon as
//! the file of the cache that is being written is whole.

use std::{
    process,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use anyhow::Context as _;

static REQUESTED: AtomicBool = AtomicBool::new(false);
static GUARDED: AtomicUsize = AtomicUsize::new(0);

/// The exit code of a program that Ctrl-C ended: 128 and the signal's number.
const INTERRUPTED: i32 = 130;

/// Starts to listen. Call once, at start.
pub(crate) fn listen() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        let again = REQUESTED.swap(true, Ordering::SeqCst);
        if again || GUARDED.load(Ordering::SeqCst) == 0 {
            let _no_write_is_cut = pywasm_engine::hold_writes();
            process::exit(INTERRUPTED);
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether the user asked to stop.
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// While one of these lives, Ctrl-C only sets the wish to stop.
pub(crate) struct Guarded(());

impl Guarded {
    pub(crate) fn new() -> Self {
        GUARDED.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        GUARDED.fetch_sub(1, Ordering::SeqCst);
        if requested() {
            process::exit(INTERRUPTED);
        }
    }
}
