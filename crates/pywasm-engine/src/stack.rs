//! Runs work that calls into a guest on a thread with a large stack.

use std::{io, panic, thread};

use crate::settings::WASM_STACK;

/// Runs `work` on a new thread, since [`WASM_STACK`] is more than the stack of many threads.
pub(crate) fn on_guest_stack<R: Send>(work: impl FnOnce() -> R + Send) -> io::Result<R> {
    thread::scope(|scope| {
        let guest = thread::Builder::new()
            .name("guest".to_owned())
            .stack_size(WASM_STACK + (2 << 20))
            .spawn_scoped(scope, work)?;
        Ok(guest.join().unwrap_or_else(|panic| panic::resume_unwind(panic)))
    })
}
