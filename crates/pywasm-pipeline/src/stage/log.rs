//! Collects what the stages report: rows and times, and the modules that `--keep-stages` keeps.

use std::time::{Duration, Instant};

use pywasm_digest::Digest;
use pywasm_host::Progress;
use pywasm_report::{Stage, StageNote, StageRow, Timings};

/// Collects what the stages report.
pub(crate) struct StageLog<'a> {
    progress: &'a dyn Progress,
    /// The time since the build began.
    clock: Box<dyn Fn() -> Duration + 'a>,
    stage_brotli: bool,
    keep_stages: bool,
    pub(crate) rows: Vec<StageRow>,
    pub(crate) timings: Timings,
    /// Stages and their modules.
    pub(crate) kept: Vec<(Stage, Vec<u8>)>,
}

impl<'a> StageLog<'a> {
    pub(crate) fn new(progress: &'a dyn Progress, stage_brotli: bool, keep_stages: bool) -> Self {
        let began = Instant::now();
        Self {
            progress,
            clock: Box::new(move || began.elapsed()),
            stage_brotli,
            keep_stages,
            rows: Vec::new(),
            timings: Timings::default(),
            kept: Vec::new(),
        }
    }

    /// Does a part of a stage's work, and books its time to that stage. A stage may work several
    /// times; no other stage can work inside of `work`, so no time is booked to a neighbour.
    pub(crate) fn time<T>(&mut self, stage: Stage, work: impl FnOnce() -> T) -> T {
        self.time_as(stage.name(), work)
    }

    /// As [`StageLog::time`], for one row of a stage that has several.
    pub(crate) fn time_as<T>(&mut self, row: &str, work: impl FnOnce() -> T) -> T {
        self.progress.step(row);
        let began = (self.clock)();
        let made = work();
        self.book(row, began);
        made
    }

    /// Adds the row of a stage that gave a module.
    pub(crate) fn add_module(&mut self, stage: Stage, bytes_in: usize, module: &[u8], notes: Vec<StageNote>) {
        let began = (self.clock)();
        let sha256 = Digest::compute(module);
        self.book(stage.name(), began);
        let mut row = StageRow {
            notes,
            ..StageRow::new(stage.name(), bytes_in as u64, module.len() as u64, sha256)
        };
        if self.stage_brotli {
            row.brotli_bytes = Some(pywasm_dist::compress(module).len() as u64);
        }
        self.rows.push(row);
        if self.keep_stages {
            self.kept.push((stage, module.to_vec()));
        }
    }

    /// Adds the row of a stage that gave something else.
    pub(crate) fn add_row(&mut self, row: StageRow) {
        self.rows.push(row);
    }

    /// Ends the build's time.
    pub(crate) fn finish(&mut self) {
        self.timings.total = (self.clock)().as_secs_f64();
    }

    fn book(&mut self, row: &str, began: Duration) {
        let time = (self.clock)().saturating_sub(began);
        *self.timings.stages.entry(row.to_owned()).or_default() += time.as_secs_f64();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        cell::{Cell, RefCell},
        sync::Mutex,
    };

    use super::*;

    #[derive(Default)]
    struct Names(Mutex<RefCell<Vec<String>>>);

    impl Progress for Names {
        fn step(&self, name: &str) {
            let names = self.0.lock().expect("no panic");
            names.borrow_mut().push(name.to_owned());
        }
    }

    #[test]
    fn each_stage_pays_for_its_own_work() {
        let names = Names::default();
        let seconds = Cell::new(0);
        let work = |takes| seconds.set(seconds.get() + takes);
        let mut log = StageLog {
            clock: Box::new(|| Duration::from_secs(seconds.get())),
            ..StageLog::new(&names, false, false)
        };
        log.time(Stage::Bundle, || work(1));
        log.time(Stage::Shake, || work(8));
        log.time(Stage::Bundle, || work(1));
        log.time_as("aot.host", || work(1));
        log.finish();
        let times = [("aot.host", 1.0), ("bundle", 2.0), ("shake", 8.0)];
        let times = times.map(|(name, time)| (name.to_owned(), time));
        assert_eq!(log.timings.stages, times.into());
        assert_eq!(log.timings.total, 11.0);
        let names = names.0.lock().expect("no panic").take();
        assert_eq!(names, ["bundle", "shake", "bundle", "aot.host"]);
    }
}
