//! Measures each compilation and each start of the artifacts, in turns.

use std::{path::Path, time::Duration};

use pywasm_engine::{
    Command, Engine,
    bench::{self, Code, Start},
};

use pywasm_host::Progress;

use crate::{
    Error, MemoryProgram,
    artifact::BenchArtifact,
    memory::{self, Memory},
};

/// How the artifacts are started.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How often each one is started.
    pub runs: u32,
    /// How often each one is compiled.
    pub compile_runs: u32,
    /// Arguments (without `argv[0]`), variables and mounts.
    pub command: Command,
    /// What measures memory.
    pub memory: MemoryProgram,
}

/// What was measured of one artifact.
pub(crate) struct Measured {
    pub(crate) compile: Vec<Duration>,
    pub(crate) starts: Vec<Start>,
    pub(crate) code_bytes: u64,
    pub(crate) memory: Memory,
}

/// Measures all artifacts, in turns.
pub(crate) fn all(
    engine: &Engine,
    artifacts: &[BenchArtifact],
    plan: &Plan,
    progress: &dyn Progress,
) -> Result<Vec<Measured>, Error> {
    // The temporary folder has to go, also after Ctrl-C.
    let _guard = progress.guard();
    let folder = tempfile::Builder::new()
        .prefix("pywasm-bench-")
        .tempdir()
        .map_err(Error::io("make a temporary folder"))?;
    let compiled = compile(engine, artifacts, plan, folder.path(), progress)?;
    let commands: Vec<_> = artifacts.iter().map(|artifact| command(artifact, plan)).collect();
    progress.step("measuring memory");
    let memories = (artifacts.iter().zip(&commands).zip(&compiled))
        .map(|((artifact, command), (code, _))| {
            memory::measure(&plan.memory, artifact.kind, code.path(), command).map_err(of(artifact))
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
            Ok(Measured {
                compile,
                starts,
                code_bytes,
                memory,
            })
        })
        .collect()
}

/// Names the artifact that an error is about; for `map_err`.
fn of<E: Into<Error>>(artifact: &BenchArtifact) -> impl FnOnce(E) -> Error {
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

/// Compiles each artifact as often as is asked; the first one's code is kept.
fn compile(
    engine: &Engine,
    artifacts: &[BenchArtifact],
    plan: &Plan,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<Vec<(Code, Vec<Duration>)>, Error> {
    let mut all: Vec<(Code, Vec<Duration>)> = Vec::new();
    for round in 0..plan.compile_runs {
        for (at, artifact) in artifacts.iter().enumerate() {
            progress.check()?;
            progress.step(&format!("compiling {}", artifact.name));
            let (compiled, time) =
                Code::compile(engine, artifact.kind, &artifact.wasm).map_err(of(artifact))?;
            if round == 0 {
                let path = folder.join(format!("{at}.cwasm"));
                let code = compiled.write(engine, path).map_err(of(artifact))?;
                all.push((code, vec![time]));
            } else {
                all[at].1.push(time);
            }
        }
    }
    Ok(all)
}

/// Starts each artifact once for nothing, then in rounds that each begin with the next artifact.
fn starts(
    engine: &Engine,
    artifacts: &[BenchArtifact],
    plan: &Plan,
    commands: &[Command],
    compiled: &[(Code, Vec<Duration>)],
    progress: &dyn Progress,
) -> Result<Vec<Vec<Start>>, Error> {
    let ready = (compiled.iter().zip(commands))
        .map(|((code, _), command)| bench::Subject::new(engine, code.clone(), command.clone()))
        .collect::<Result<Vec<_>, _>>()?;
    // No progress display: its thread would run beside what is timed.
    progress.note(&format!("starting each artifact {} times", plan.runs));
    let mut starts: Vec<Vec<Start>> = vec![Vec::new(); artifacts.len()];
    let count = artifacts.len();
    bench::on_guest_stack(|| {
        let start = |at: usize| ready[at].start(engine).map_err(of(&artifacts[at]));
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
