//! How long work talks to whoever started it. This crate prints nothing: steps and byte counts
//! go out through [`Progress`], and the wish to stop comes in through it.

/// Receives what happens during a download, an installation or a build.
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

    /// Something worth a line that is no error, such as a mirror that did not answer.
    fn note(&self, text: &str) {
        let _ = text;
    }

    /// Whether to stop: asked between pieces of work, several times a second while a child
    /// process runs. Once true, the work ends with [`Error::Cancelled`](crate::Error::Cancelled)
    /// and leaves nothing half-made. A Ctrl-C handler only has to set what this returns.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Ignores everything and never stops.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {}

pub(crate) fn check(progress: &dyn Progress) -> Result<(), crate::Error> {
    if progress.cancelled() {
        Err(crate::Error::Cancelled)
    } else {
        Ok(())
    }
}
