//! Arranges the measurements for `--format json`, which `docs/reference/bench.md` specifies.

use std::time::Duration;

use pywasm_digest::Digest;
use pywasm_engine::{
    aot::ENGINE_VERSION,
    bench::{BinaryKind, StartTimes},
};
use serde::Serialize;

use crate::{
    artifact::BenchArtifact,
    figures::{Figures, ms},
    measure::{Measurements, Plan},
};

/// Changes when a key changes its meaning or is removed.
const SCHEMA: u32 = 1;

/// The whole result.
#[derive(Debug, Serialize)]
pub struct BenchResult {
    schema: u32,
    pywasm: &'static str,
    pub(crate) machine: Machine,
    pub(crate) runs: u32,
    pub(crate) compile_runs: u32,
    args: Vec<String>,
    pub(crate) artifacts: Vec<ArtifactFigures>,
}

/// The machine of the measurement.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) os: &'static str,
    pub(crate) arch: &'static str,
    pub(crate) cpus: u32,
    engine: &'static str,
    pub(crate) engine_version: &'static str,
}

/// The figures of one artifact.
#[derive(Debug, Serialize)]
pub(crate) struct ArtifactFigures {
    pub(crate) name: String,
    file: String,
    kind: BinaryKind,
    sha256: Digest,
    pub(crate) raw_bytes: u64,
    pub(crate) brotli_bytes: u64,
    code_bytes: u64,
    idle_memory_bytes: u64,
    pub(crate) peak_memory_bytes: u64,
    pub(crate) compile_ms: Figures,
    pub(crate) load_ms: Figures,
    link_ms: Figures,
    pub(crate) instantiate_ms: Figures,
    pub(crate) run_ms: Figures,
    pub(crate) total_ms: Figures,
    /// What was called, where the artifact is no command; else the next two keys are missing as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) call: Option<String>,
    /// One call after the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) call_ms: Option<Figures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) calls_per_second: Option<f64>,
    pub(crate) ratio: Ratio,
    samples: Vec<Sample>,
    compile_samples_ms: Vec<f64>,
}

/// Medians and sizes divided by the first artifact's.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Ratio {
    raw: f64,
    brotli: f64,
    compile: f64,
    load: f64,
    instantiate: f64,
    run: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<f64>,
    pub(crate) total: f64,
    peak_memory: f64,
}

#[derive(Debug, Serialize)]
struct Sample {
    load_ms: f64,
    link_ms: f64,
    instantiate_ms: f64,
    run_ms: f64,
    total_ms: f64,
}

impl BenchResult {
    pub(crate) fn new(
        subjects: &[BenchArtifact],
        brotli: &[u64],
        measured: &[Measurements],
        plan: &Plan,
    ) -> Self {
        let mut artifacts: Vec<_> = (subjects.iter().zip(brotli).zip(measured))
            .map(|((subject, &brotli), measured)| ArtifactFigures::new(subject, brotli, measured))
            .collect();
        let ratios: Vec<_> = artifacts
            .iter()
            .map(|artifact| {
                artifacts
                    .first()
                    .map_or_else(Ratio::default, |first| artifact.against(first))
            })
            .collect();
        for (artifact, ratio) in artifacts.iter_mut().zip(ratios) {
            artifact.ratio = ratio;
        }
        Self {
            schema: SCHEMA,
            pywasm: env!("CARGO_PKG_VERSION"),
            machine: Machine {
                os: std::env::consts::OS,
                arch: std::env::consts::ARCH,
                cpus: std::thread::available_parallelism()
                    .map_or(1, |cpus| u32::try_from(cpus.get()).unwrap_or(u32::MAX)),
                engine: "wasmtime",
                engine_version: ENGINE_VERSION,
            },
            runs: plan.runs,
            compile_runs: plan.compile_runs,
            args: plan.command.args.clone(),
            artifacts,
        }
    }
}

impl ArtifactFigures {
    fn new(subject: &BenchArtifact, brotli_bytes: u64, measured: &Measurements) -> Self {
        let starts = &measured.starts;
        let call_ms = (!measured.calls.is_empty()).then(|| Figures::new(measured.calls.iter().copied()));
        let figures = |phase: fn(&StartTimes) -> Duration| Figures::new(starts.iter().map(phase));
        Self {
            name: subject.name.clone(),
            file: subject.file.to_string_lossy().into_owned(),
            kind: subject.kind,
            sha256: subject.sha256,
            raw_bytes: subject.wasm.len() as u64,
            brotli_bytes,
            code_bytes: measured.code_bytes,
            idle_memory_bytes: measured.memory.idle,
            peak_memory_bytes: measured.memory.peak,
            compile_ms: Figures::new(measured.compile.iter().copied()),
            load_ms: figures(|start| start.load),
            link_ms: figures(|start| start.link),
            instantiate_ms: figures(|start| start.instantiate),
            run_ms: figures(|start| start.run),
            total_ms: figures(StartTimes::total),
            call: measured.call.clone(),
            call_ms,
            calls_per_second: call_ms.map(|call| ratio(1000.0, call.median)),
            ratio: Ratio::default(),
            samples: starts.iter().map(Sample::new).collect(),
            compile_samples_ms: measured.compile.iter().copied().map(ms).collect(),
        }
    }

    fn against(&self, first: &Self) -> Ratio {
        let bytes = |mine: u64, its: u64| ratio(mine as f64, its as f64);
        let times = |mine: Figures, its: Figures| ratio(mine.median, its.median);
        Ratio {
            raw: bytes(self.raw_bytes, first.raw_bytes),
            brotli: bytes(self.brotli_bytes, first.brotli_bytes),
            compile: times(self.compile_ms, first.compile_ms),
            load: times(self.load_ms, first.load_ms),
            instantiate: times(self.instantiate_ms, first.instantiate_ms),
            run: times(self.run_ms, first.run_ms),
            call: self
                .call_ms
                .zip(first.call_ms)
                .map(|(mine, its)| times(mine, its)),
            total: times(self.total_ms, first.total_ms),
            peak_memory: bytes(self.peak_memory_bytes, first.peak_memory_bytes),
        }
    }
}

/// Divides two figures; 0 if there is no ratio.
fn ratio(mine: f64, its: f64) -> f64 {
    if its > 0.0 { mine / its } else { 0.0 }
}

impl Sample {
    fn new(start: &StartTimes) -> Self {
        Self {
            load_ms: ms(start.load),
            link_ms: ms(start.link),
            instantiate_ms: ms(start.instantiate),
            run_ms: ms(start.run),
            total_ms: ms(start.total()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::memory::Memory;

    /// Two artifacts; the second takes four times as long.
    pub(crate) fn sample() -> BenchResult {
        let start = |scale: u64| StartTimes {
            load: Duration::from_micros(200 * scale),
            link: Duration::from_micros(20),
            instantiate: Duration::from_micros(50 * scale),
            run: Duration::from_micros(350 * scale),
        };
        let subject = |name: &str, size: usize| BenchArtifact {
            name: name.to_owned(),
            file: format!("dist/{name}.wasm").into(),
            kind: BinaryKind::Module,
            sha256: Digest::compute(b"abc"),
            wasm: vec![0; size],
        };
        let measured = |scale: u64| Measurements {
            compile: vec![Duration::from_millis(1500 * scale)],
            starts: vec![start(scale), start(scale), start(2 * scale)],
            code_bytes: 9,
            memory: Memory {
                idle: 20_000_000,
                peak: 30_000_000 * scale,
            },
            call: None,
            calls: Vec::new(),
        };
        let plan = Plan {
            runs: 3,
            compile_runs: 1,
            command: pywasm_engine::Command::default(),
            invoke: None,
            memory: crate::MemoryProgram {
                program: "pywasm".into(),
                args: Vec::new(),
            },
        };
        BenchResult::new(
            &[subject("hello", 3_000_000), subject("a <b> & c", 18_000_000)],
            &[1_000_000, 4_000_000],
            &[measured(1), measured(4)],
            &plan,
        )
    }

    #[test]
    fn ratios_are_against_the_first() {
        let bench = sample();
        assert_eq!(bench.artifacts[0].ratio.total, 1.0);
        assert!((bench.artifacts[1].ratio.total - 4.0).abs() < 1e-9);
        assert_eq!(bench.artifacts[1].ratio.raw, 6.0);
        assert_eq!(bench.artifacts[1].total_ms.max, 4.8);
    }
}
