//! Collects what the stages report: rows and times, and the modules that `--keep-stages` keeps.

use std::time::{Duration, Instant};

use pywasm_digest::Digest;
use pywasm_report::{Stage, StageNote, StageRow, Timings};

use crate::Observer;

/// Collects what the stages report.
pub(crate) struct StageLog<'a> {
    observer: &'a dyn Observer,
    began: Instant,
    stage_brotli: bool,
    keep_stages: bool,
    pub(crate) rows: Vec<StageRow>,
    pub(crate) timings: Timings,
    /// Stages and their modules.
    pub(crate) kept: Vec<(Stage, Vec<u8>)>,
}

impl<'a> StageLog<'a> {
    pub(crate) fn new(observer: &'a dyn Observer, stage_brotli: bool, keep_stages: bool) -> Self {
        Self {
            observer,
            began: Instant::now(),
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
        self.observer.stage(row);
        let began = Instant::now();
        let made = work();
        self.book(row, began.elapsed());
        made
    }

    /// Adds the row of a stage that gave a module.
    pub(crate) fn add_module(&mut self, stage: Stage, bytes_in: usize, module: &[u8], notes: Vec<StageNote>) {
        let began = Instant::now();
        let sha256 = Digest::compute(module);
        self.book(stage.name(), began.elapsed());
        let mut row = StageRow {
            notes,
            ..StageRow::new(stage.name(), bytes_in as u64, module.len() as u64, sha256)
        };
        if self.stage_brotli {
            row.brotli_bytes = Some(pywasm_optimize::compress(module).len() as u64);
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
        self.timings.total = self.began.elapsed().as_secs_f64();
    }

    fn book(&mut self, row: &str, time: Duration) {
        *self.timings.stages.entry(row.to_owned()).or_default() += time.as_secs_f64();
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, sync::Mutex, thread::sleep};

    use super::*;

    #[derive(Default)]
    struct Names(Mutex<RefCell<Vec<String>>>);

    impl Observer for Names {
        fn stage(&self, name: &str) {
            let names = self.0.lock().expect("no panic");
            names.borrow_mut().push(name.to_owned());
        }
    }

    #[test]
    fn each_stage_pays_for_its_own_work() {
        let names = Names::default();
        let mut log = StageLog::new(&names, false, false);
        let short = Duration::from_millis(5);
        log.time(Stage::Bundle, || sleep(short));
        log.time(Stage::Shake, || sleep(short * 8));
        log.time(Stage::Bundle, || sleep(short));
        log.time_as("aot.host", || sleep(short));
        log.finish();
        let times = &log.timings.stages;
        assert!(times["shake"] >= 0.04, "{times:?}");
        assert!(
            times["bundle"] >= 0.01 && times["bundle"] < times["shake"],
            "{times:?}"
        );
        assert!(times["aot.host"] >= 0.005, "{times:?}");
        let sum: f64 = times.values().sum();
        assert!(
            log.timings.total >= sum && log.timings.total - sum < 0.01,
            "{times:?}"
        );
        let names = names.0.into_inner().expect("no panic").into_inner();
        assert_eq!(names, ["bundle", "shake", "bundle", "aot.host"]);
    }
}
