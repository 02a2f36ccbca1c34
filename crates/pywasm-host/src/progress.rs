//! Connects long work with whoever started it: steps and byte counts go out through [`Progress`],
//! and the wish to stop comes in through it.

use std::any::Any;

/// Receives what happens during a download, an installation, a transfer or a build.
///
/// All methods do nothing by default. They may be called from any thread.
pub trait Progress: Sync {
    /// A new step began; `text` is a short phrase such as "compile the interpreter".
    fn step(&self, text: &str) {
        let _ = text;
    }

    /// `done` of `total` bytes of the current step are through; the total may be unknown.
    fn bytes(&self, done: u64, total: Option<u64>) {
        let _ = (done, total);
    }

    /// Something worth a line that is not an error, such as a mirror that did not answer.
    fn note(&self, text: &str) {
        let _ = text;
    }

    /// Something went wrong that does not end the work, such as a shared cache that does not
    /// answer; and what to do about it.
    fn warning(&self, text: &str, hint: &str) {
        let _ = (text, hint);
    }

    /// Whether to stop: asked between pieces of work, several times a second while a child
    /// process runs. Once true, the work ends with an error and leaves nothing half-made. A
    /// Ctrl-C handler only has to set what this returns.
    fn cancelled(&self) -> bool {
        false
    }

    /// Work begins that must not be cut off: another program runs, or files are replaced. It is
    /// over when the returned value is dropped. A program that ends itself on Ctrl-C waits for it.
    fn guard(&self) -> Box<dyn Any> {
        Box::new(())
    }

    /// Turns the wish to stop into an error.
    ///
    /// # Errors
    /// When the work is [`cancelled`](Self::cancelled).
    fn check(&self) -> Result<(), Cancelled> {
        if self.cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

/// Ignores everything and never stops.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {}

/// The work was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Cancelled;
