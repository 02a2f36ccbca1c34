//! Work that calls into a guest in, its result out: on a thread with stack enough for it.

use std::{io, panic, thread};

use crate::settings::WASM_STACK;

/// Runs `work` on a thread of its own, since [`WASM_STACK`] is more than many threads have.
pub(crate) fn on_guest_stack<R: Send>(work: impl FnOnce() -> R + Send) -> io::Result<R> {
    thread::scope(|scope| {
        let guest = thread::Builder::new()
            .name("guest".to_owned())
            .stack_size(WASM_STACK + (2 << 20))
            .spawn_scoped(scope, work)?;
        Ok(guest.join().unwrap_or_else(|panic| panic::resume_unwind(panic)))
    })
}
