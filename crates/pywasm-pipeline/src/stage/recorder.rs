//! What the stages tell: rows for the report, times, and the modules that `--keep-stages` keeps.

use std::time::Instant;

use pywasm_digest::Digest;
use pywasm_report::{Stage, StageNote, Timings};

use crate::Observer;

/// Collects what the stages tell.
pub(crate) struct Recorder<'a> {
    observer: &'a dyn Observer,
    began: Instant,
    /// The stage under way, and since when.
    current: Option<(String, Instant)>,
    stage_brotli: bool,
    keep_stages: bool,
    pub(crate) rows: Vec<Stage>,
    pub(crate) timings: Timings,
    /// A stage's name and its module.
    pub(crate) kept: Vec<(&'static str, Vec<u8>)>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(observer: &'a dyn Observer, stage_brotli: bool, keep_stages: bool) -> Self {
        let now = Instant::now();
        Self {
            observer,
            began: now,
            current: None,
            stage_brotli,
            keep_stages,
            rows: Vec::new(),
            timings: Timings::default(),
            kept: Vec::new(),
        }
    }

    /// A stage begins, or goes on after another one.
    pub(crate) fn begin(&mut self, stage: &str) {
        self.stop_clock();
        self.observer.stage(stage);
        self.current = Some((stage.to_owned(), Instant::now()));
    }

    /// The stage ends with a module.
    pub(crate) fn end_with_module(
        &mut self,
        stage: &'static str,
        bytes_in: usize,
        module: &[u8],
        notes: Vec<StageNote>,
    ) {
        let mut row = Stage {
            notes,
            ..Stage::new(
                stage,
                bytes_in as u64,
                module.len() as u64,
                Digest::compute(module),
            )
        };
        self.stop_clock();
        if self.stage_brotli {
            row.brotli_bytes = Some(pywasm_optimize::compress(module).len() as u64);
        }
        self.rows.push(row);
        if self.keep_stages {
            self.kept.push((stage, module.to_vec()));
        }
    }

    /// The stage ends with something that is no module.
    pub(crate) fn end(&mut self, row: Stage) {
        self.stop_clock();
        self.rows.push(row);
    }

    /// The whole build ends.
    pub(crate) fn finish(&mut self) {
        self.timings.total = self.began.elapsed().as_secs_f64();
    }

    fn stop_clock(&mut self) {
        if let Some((stage, since)) = self.current.take() {
            *self.timings.stages.entry(stage).or_default() += since.elapsed().as_secs_f64();
        }
    }
}
