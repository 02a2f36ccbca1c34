//! Ctrl-C and termination: leave at once, but never in the middle of a write.
//!
//! Long work that holds child processes or folders asks [`requested`] and cleans up after
//! itself; it says so with [`Guard`]. While nothing is guarded, the process leaves as soon as
//! the file of the cache that is being written is whole. With several threads at work, it leaves
//! when the last guard ends, and none begins in between.

use std::{
    process,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use anyhow::Context as _;
use pywasm_host::Working;

static REQUESTED: AtomicBool = AtomicBool::new(false);
static GUARDED: AtomicUsize = AtomicUsize::new(0);

/// The exit code of a program that Ctrl-C ended: 128 and the signal's number.
const INTERRUPTED: i32 = 130;

/// Starts to listen. Call once, at start.
pub(crate) fn listen() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        let again = REQUESTED.swap(true, Ordering::SeqCst);
        if again || GUARDED.load(Ordering::SeqCst) == 0 {
            leave();
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether the user asked to stop.
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// While one of these lives, Ctrl-C only sets the wish to stop.
pub(crate) struct Guard(());

impl Guard {
    pub(crate) fn new() -> Self {
        GUARDED.fetch_add(1, Ordering::SeqCst);
        if requested() {
            release();
            // Another thread is guarded: nothing new begins beside it, and it leaves when it is done.
            loop {
                thread::park();
            }
        }
        Self(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        release();
    }
}

/// Ends a guard; the last one leaves, if that is wished.
fn release() {
    let was_last = GUARDED.fetch_sub(1, Ordering::SeqCst) == 1;
    if was_last && requested() {
        leave();
    }
}

/// Ends the process as soon as the file of the cache that is being written is whole.
pub(crate) fn leave() -> ! {
    let _no_write_is_cut = pywasm_cache::hold_writes();
    Working::end_all();
    process::exit(INTERRUPTED)
}
