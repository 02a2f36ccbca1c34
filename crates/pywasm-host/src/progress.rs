//! Connects long work with whoever started it: steps and byte counts go out through [`Progress`],
//! and the wish to stop comes in through it.

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

    /// Whether to stop: asked between pieces of work, several times a second while a child
    /// process runs. Once true, the work ends with an error and leaves nothing half-made. A
    /// Ctrl-C handler only has to set what this returns.
    fn cancelled(&self) -> bool {
        false
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
