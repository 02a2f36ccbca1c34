//! Writes notes, warnings, errors and progress to standard error, so that standard output has only
//! results.

use std::{
    any::Any,
    io::{self, IsTerminal, Write},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

mod board;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pywasm_diagnostic::Failure;

use crate::{
    cli::Global,
    cli::When,
    failure,
    interrupt::{self, Guard},
};

use board::Line;

pub(crate) use board::Board;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();
const NOTE: Style = AnsiColor::Green.on_default().bold();

/// How often a display moves.
const TICK: Duration = Duration::from_millis(120);

/// Where messages go, and how.
pub(crate) struct Terminal {
    quiet: bool,
    progress: AtomicBool,
    bar: Mutex<Option<ProgressBar>>,
    /// Set for a line of a [`Board`]: its bar stays until this is dropped, and what is said is kept.
    line: Option<Line>,
    in_bytes: AtomicBool,
}

impl Terminal {
    pub(crate) fn new(global: &Global) -> Self {
        choose_colour(global.color);
        Self {
            quiet: global.quiet,
            progress: AtomicBool::new(!global.quiet && io::stderr().is_terminal()),
            bar: Mutex::new(None),
            line: None,
            in_bytes: AtomicBool::new(false),
        }
    }

    /// A display for `total` things that are done side by side.
    pub(crate) fn board(&self, total: usize) -> Board {
        Board::new(self.progress.load(Ordering::Relaxed), total)
    }

    /// No colour and no progress from now on.
    pub(crate) fn freeze(&self) {
        self.progress.store(false, Ordering::Relaxed);
        choose_colour(When::Never);
    }

    /// A line that tells what was done.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.write(&format!("{NOTE}pywasm{NOTE:#}: {text}\n"));
        }
    }

    /// Lines that were requested, where standard output is the program's.
    pub(crate) fn result(&self, text: &str) {
        self.write(text);
    }

    /// A warning, and what to do about it.
    pub(crate) fn warning(&self, text: &str, hint: Option<&str>) {
        let mut message = format!("{WARNING}warning{WARNING:#}: {}{text}\n", self.about());
        if let Some(hint) = hint {
            message += &format!("{HINT}hint{HINT:#}: {hint}\n");
        }
        self.write(&message);
    }

    /// An error with its causes, and what to do about it.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        self.failure(&failure::explain(error));
    }

    /// The same, of an error that is data already.
    pub(crate) fn failure(&self, failure: &Failure) {
        let about = self.about();
        let text = failure.message_with(&format!("{HINT}hint{HINT:#}"));
        let mut message = format!("{ERROR}error{ERROR:#}: {about}{text}\n");
        for cause in &failure.causes {
            message += &format!("  caused by: {cause}\n");
        }
        // Diagnostics show their own hints in the text of the message.
        if let (Some(hint), true) = (&failure.hint, failure.diagnostics.is_empty()) {
            message += &format!("{HINT}hint{HINT:#}: {hint}\n");
        }
        self.write(&message);
    }

    /// Returns the warnings and errors that a line of a [`Board`] has captured.
    pub(crate) fn captured_output(&self) -> String {
        self.line.as_ref().map(Line::captured_output).unwrap_or_default()
    }

    /// Says what a line of a board kept.
    pub(crate) fn repeat(&self, said: &str) {
        if !said.is_empty() {
            self.write(said);
        }
    }

    /// Shows what takes its time, on a terminal only, until it is dropped.
    pub(crate) fn spinner(&self, text: &str) -> Spinner<'_> {
        self.show_step(text);
        Spinner(self)
    }

    fn show_step(&self, text: &str) {
        if !self.progress.load(Ordering::Relaxed) {
            return;
        }
        let bar = self.bar();
        self.in_bytes.store(false, Ordering::Relaxed);
        bar.set_style(style("{spinner:.cyan} {prefix}{msg} {elapsed:.dim}"));
        bar.set_message(text.to_owned());
    }

    fn show_bytes(&self, done: u64, total: Option<u64>) {
        if !self.progress.load(Ordering::Relaxed) {
            return;
        }
        let bar = self.bar();
        if !self.in_bytes.swap(true, Ordering::Relaxed) {
            bar.set_style(style(if total.is_some() {
                "{spinner:.cyan} {prefix}{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec}"
            } else {
                "{spinner:.cyan} {prefix}{msg} {bytes} {bytes_per_sec}"
            }));
        }
        if let Some(total) = total {
            bar.set_length(total);
        }
        bar.set_position(done);
    }

    fn bar(&self) -> ProgressBar {
        let mut slot = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        slot.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.enable_steady_tick(TICK);
            bar
        })
        .clone()
    }

    fn clear(&self) {
        if self.line.is_some() {
            return;
        }
        let mut slot = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bar) = slot.take() {
            bar.finish_and_clear();
        }
    }

    /// What warnings and errors begin with.
    fn about(&self) -> String {
        self.line.as_ref().map(Line::about).unwrap_or_default()
    }

    fn write(&self, text: &str) {
        if let Some(line) = &self.line {
            line.keep(text);
            return;
        }
        self.clear();
        // With standard error gone there is nobody left to tell.
        let _closed = anstream::stderr().write_all(text.as_bytes());
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn choose_colour(when: When) {
    match when {
        When::Auto => {}
        // `--frozen` has chosen before.
        When::Always if anstream::ColorChoice::global() == anstream::ColorChoice::Never => {}
        When::Always => anstream::ColorChoice::Always.write_global(),
        When::Never => anstream::ColorChoice::Never.write_global(),
    }
}

/// A progress display that leaves when this is dropped.
pub(crate) struct Spinner<'a>(&'a Terminal);

impl Drop for Spinner<'_> {
    fn drop(&mut self) {
        self.0.clear();
    }
}

impl pywasm_host::Progress for Terminal {
    fn step(&self, text: &str) {
        self.show_step(text);
    }

    fn bytes(&self, done: u64, total: Option<u64>) {
        self.show_bytes(done, total);
    }

    fn note(&self, text: &str) {
        Terminal::note(self, text);
    }

    fn warning(&self, text: &str, hint: &str) {
        Terminal::warning(self, text, Some(hint));
    }

    fn cancelled(&self) -> bool {
        interrupt::requested()
    }

    fn guard(&self) -> Box<dyn Any> {
        Box::new(Guard::new())
    }
}
