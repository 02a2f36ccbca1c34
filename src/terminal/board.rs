//! Work that is done side by side in, one progress display out: how many are done, and a line for
//! each that is under way. On a terminal only.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget};

use super::{TICK, Terminal, style};

/// The display; it leaves when this is dropped.
pub(crate) struct Board {
    progress: bool,
    lines: MultiProgress,
    total: ProgressBar,
    failed: AtomicUsize,
}

impl Board {
    pub(super) fn new(progress: bool, total: usize) -> Self {
        let target = if progress {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let lines = MultiProgress::with_draw_target(target);
        let total = lines.add(ProgressBar::new(total as u64));
        total.set_style(style("[{bar:30}] {pos}/{len} done{msg} {elapsed:.dim}"));
        if progress {
            total.enable_steady_tick(TICK);
        }
        Self {
            progress,
            lines,
            total,
            failed: AtomicUsize::new(0),
        }
    }

    /// A terminal for one of the works: it shows the steps on a line of its own, which leaves when
    /// the terminal is dropped. It has no notes, and keeps warnings and errors for later, each with
    /// the name.
    pub(crate) fn line(&self, name: &str) -> Terminal {
        let bar = self.lines.add(ProgressBar::new_spinner());
        bar.set_prefix(format!("{name}: "));
        if self.progress {
            bar.enable_steady_tick(TICK);
        }
        Terminal {
            quiet: true,
            progress: self.progress.into(),
            bar: Mutex::new(Some(bar)),
            line: Some(Line {
                name: name.to_owned(),
                said: Mutex::default(),
            }),
            in_bytes: AtomicBool::new(false),
        }
    }

    /// One of them is done.
    pub(crate) fn done(&self, has_failed: bool) {
        if has_failed {
            let failed = 1 + self.failed.fetch_add(1, Ordering::Relaxed);
            self.total.set_message(format!(", {failed} failed"));
        }
        self.total.inc(1);
    }
}

/// What a line of a board is about, and what was said there.
pub(super) struct Line {
    name: String,
    said: Mutex<String>,
}

impl Line {
    pub(super) fn about(&self) -> String {
        format!("{}: ", self.name)
    }

    pub(super) fn keep(&self, text: &str) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) += text;
    }

    pub(super) fn captured_output(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.total.finish_and_clear();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let slot = self.bar.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = slot.take() {
            bar.finish_and_clear();
        }
    }
}
