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

/// How the artifacts are started.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How often each artifact is started.
    pub runs: u32,
    /// How often each artifact is compiled.
    pub compile_runs: u32,
    /// Arguments (without `argv[0]`), variables and mounts.
    pub command: Command,
    /// The program that measures memory.
    pub memory: MemoryProgram,
}

/// The measurements of one artifact.
pub(crate) struct Measurements {
    pub(crate) compile: Vec<Duration>,
    pub(crate) starts: Vec<StartTimes>,
    pub(crate) code_bytes: u64,
    pub(crate) memory: Memory,
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
            memory::measure(&plan.memory, artifact.kind, code.path(), command).map_err(in_artifact(artifact))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let starts = starts(engine, artifacts, plan, &commands, &compiled, progress)?;
    (compiled.into_iter().zip(memories).zip(starts))
        .map(|(((code, compile), memory), starts)| {
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
                let code = compiled.write(engine, path).map_err(in_artifact(artifact))?;
                all.push((code, vec![time]));
            } else {
                all[at].1.push(time);
            }
        }
    }
    Ok(all)
}

/// Starts each artifact once as a warm-up, then in rounds. Each round begins with the next artifact.
fn starts(
    engine: &Engine,
    artifacts: &[BenchArtifact],
    plan: &Plan,
    commands: &[Command],
    compiled: &[(CodeFile, Vec<Duration>)],
    progress: &dyn Progress,
) -> Result<Vec<Vec<StartTimes>>, Error> {
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
        Ok::<(), Error>(())
    })??;
    Ok(starts)
}
