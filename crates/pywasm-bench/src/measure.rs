//! Measures the compilations and starts of the artifacts. The artifacts take turns.

use std::{path::Path, time::Duration};

use pywasm_engine::{
    Command, Engine,
    bench::{self, CodeFile, StartTimes},
};

use pywasm_host::{Progress, WorkFolder};

use crate::{
    Error, MemoryProgram,
    artifact::BenchArtifact,
    memory::{self, Memory},
};

/// How long a round of calls is to take.
const ROUND: Duration = Duration::from_millis(20);

/// The most calls of a round.
const MOST_CALLS: u32 = 10_000;

/// How the artifacts are started.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How often each artifact is started.
    pub runs: u32,
    /// How often each artifact is compiled.
    pub compile_runs: u32,
    /// Arguments (without `argv[0]`), variables and mounts.
    pub command: Command,
    /// What is called of components, instead of their command.
    pub invoke: Option<String>,
    /// The program that measures memory.
    pub memory: MemoryProgram,
}

/// The measurements of one artifact.
pub(crate) struct Measurements {
    pub(crate) compile: Vec<Duration>,
    pub(crate) starts: Vec<StartTimes>,
    pub(crate) code_bytes: u64,
    pub(crate) memory: Memory,
    /// What was called, where the artifact is no command.
    pub(crate) call: Option<String>,
    /// The time of one later call, in each round.
    pub(crate) calls: Vec<Duration>,
}

/// Measures all artifacts. They take turns.
pub(crate) fn measure_all(
    engine: &Engine,
    artifacts: &[BenchArtifact],
    plan: &Plan,
    progress: &dyn Progress,
) -> Result<Vec<Measurements>, Error> {
    // The temporary folder must be removed after Ctrl-C, too.
    let _guard = progress.guard();
    let folder = WorkFolder::create().map_err(Error::io("make a temporary folder"))?;
    let compiled = compile(engine, artifacts, plan, folder.path(), progress)?;
    let commands: Vec<_> = artifacts.iter().map(|artifact| command(artifact, plan)).collect();
    progress.step("measuring memory");
    let memories = (artifacts.iter().zip(&commands).zip(&compiled))
        .map(|((artifact, command), (code, _))| {
            memory::measure(&plan.memory, artifact.kind, code, command).map_err(in_artifact(artifact))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let starts = starts(engine, artifacts, plan, &commands, &compiled, progress)?;
    (compiled.into_iter().zip(memories).zip(starts))
        .map(|(((code, compile), memory), (starts, calls))| {
            let code_bytes = code
                .path()
                .metadata()
                .map_err(Error::io("find the machine code"))?
                .len();
            Ok(Measurements {
                compile,
                starts,
                code_bytes,
                memory,
                call: code.call().map(str::to_owned),
                calls,
            })
        })
        .collect()
}

/// Names the artifact that an error is about; for `map_err`.
fn in_artifact<E: Into<Error>>(artifact: &BenchArtifact) -> impl FnOnce(E) -> Error {
    let file = artifact.file.clone();
    move |cause| Error::Artifact {
        file,
        cause: Box::new(cause.into()),
    }
}

fn command(artifact: &BenchArtifact, plan: &Plan) -> Command {
    let mut command = plan.command.clone();
    command.args.insert(0, artifact.program());
    command
}

/// Compiles each artifact as often as the plan says, and keeps the code of its first compilation.
fn compile(
    engine: &Engine,
    artifacts: &[BenchArtifact],
    plan: &Plan,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<Vec<(CodeFile, Vec<Duration>)>, Error> {
    let mut all: Vec<(CodeFile, Vec<Duration>)> = Vec::new();
    for round in 0..plan.compile_runs {
        for (at, artifact) in artifacts.iter().enumerate() {
            progress.check()?;
            progress.step(&format!("compiling {}", artifact.name));
            let (compiled, time) =
                CodeFile::compile(engine, artifact.kind, &artifact.wasm).map_err(in_artifact(artifact))?;
            if round == 0 {
                let path = folder.join(format!("{at}.cwasm"));
                let code = compiled
                    .write(engine, path, plan.invoke.as_deref())
                    .map_err(in_artifact(artifact))?;
                all.push((code, vec![time]));
            } else {
                all[at].1.push(time);
            }
        }
    }
    Ok(all)
}

/// The starts of an artifact, and the time of a later call in each round.
type Measured = (Vec<StartTimes>, Vec<Duration>);

/// Starts each artifact once as a warm-up, then in rounds. Each round begins with the next artifact.
fn starts(
    engine: &Engine,
    artifacts: &[BenchArtifact],
    plan: &Plan,
    commands: &[Command],
    compiled: &[(CodeFile, Vec<Duration>)],
    progress: &dyn Progress,
) -> Result<Vec<Measured>, Error> {
    let ready = (compiled.iter().zip(commands))
        .map(|((code, _), command)| bench::BenchProgram::new(engine, code.clone(), command.clone()))
        .collect::<Result<Vec<_>, _>>()?;
    // The thread of a progress display would disturb the measurement.
    progress.note(&format!("starting each artifact {} times", plan.runs));
    let mut starts: Vec<Vec<StartTimes>> = vec![Vec::new(); artifacts.len()];
    let count = artifacts.len();
    bench::on_guest_stack(|| {
        let start = |at: usize| ready[at].start(engine).map_err(in_artifact(&artifacts[at]));
        for at in 0..count {
            start(at)?;
        }
        for round in 0..plan.runs as usize {
            progress.check()?;
            for turn in 0..count {
                let at = (round + turn) % count;
                starts[at].push(start(at)?);
            }
        }
        let calls = (0..count).map(|at| {
            let count = calls_in_round(&starts[at]);
            let times = ready[at].call_again(engine, plan.runs, count);
            let times = times.map_err(in_artifact(&artifacts[at]))?;
            Ok(times.into_iter().map(|time| time / count).collect())
        });
        let calls = calls.collect::<Result<Vec<_>, Error>>()?;
        Ok::<_, Error>(std::mem::take(&mut starts).into_iter().zip(calls).collect())
    })?
}

/// So many calls that a round takes about 20 ms, by the first calls, which are the slowest.
fn calls_in_round(starts: &[StartTimes]) -> u32 {
    let first = starts.iter().map(|start| start.run).min().unwrap_or_default();
    let count = ROUND.as_nanos() / first.as_nanos().max(1);
    u32::try_from(count).unwrap_or(u32::MAX).clamp(1, MOST_CALLS)
}
