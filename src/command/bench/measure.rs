//! The measurements: artifacts in, the figures of each compilation and each start out.

use std::{path::Path, time::Duration};

use anyhow::Context as _;
use pywasm_engine::{
    Command, Engine,
    bench::{self, BenchError, Code, Start},
};

use super::{
    memory::{self, Memory},
    subject::Subject,
};
use crate::{
    interrupt::{self, Guarded},
    session::Session,
};

/// What is asked for.
pub(super) struct Plan {
    pub(super) runs: u32,
    pub(super) compile_runs: u32,
    /// Arguments (without `argv[0]`), variables and mounts.
    pub(super) command: Command,
}

/// What was measured of one artifact.
pub(super) struct Measured {
    pub(super) compile: Vec<Duration>,
    pub(super) starts: Vec<Start>,
    pub(super) code_bytes: u64,
    pub(super) memory: Memory,
}

/// Measures all artifacts, in turns.
pub(super) fn all(
    session: &Session,
    engine: &Engine,
    subjects: &[Subject],
    plan: &Plan,
) -> anyhow::Result<Vec<Measured>> {
    // The temporary folder has to go, also after Ctrl-C.
    let _guarded = Guarded::new();
    let folder = tempfile::Builder::new()
        .prefix("pywasm-bench-")
        .tempdir()
        .context("cannot make a temporary folder")?;
    let compiled = compile(session, engine, subjects, plan, folder.path())?;
    let commands: Vec<_> = subjects.iter().map(|subject| command(subject, plan)).collect();
    let memories = {
        let _progress = session.terminal.spinner("measuring memory");
        (subjects.iter().zip(&commands).zip(&compiled))
            .map(|((subject, command), (code, _))| {
                memory::measure(subject.kind, code.path(), command).with_context(|| named(subject))
            })
            .collect::<anyhow::Result<Vec<_>>>()?
    };
    let starts = starts(session, engine, subjects, plan, &commands, &compiled)?;
    (compiled.into_iter().zip(memories).zip(starts))
        .map(|(((code, compile), memory), starts)| {
            let code_bytes = code.path().metadata().context("the machine code is gone")?.len();
            Ok(Measured {
                compile,
                starts,
                code_bytes,
                memory,
            })
        })
        .collect()
}

fn named(subject: &Subject) -> String {
    subject.file.display().to_string()
}

fn command(subject: &Subject, plan: &Plan) -> Command {
    let mut command = plan.command.clone();
    command.args.insert(0, subject.program());
    command
}

/// Compiles each artifact as often as is asked; the first one's code is kept.
fn compile(
    session: &Session,
    engine: &Engine,
    subjects: &[Subject],
    plan: &Plan,
    folder: &Path,
) -> anyhow::Result<Vec<(Code, Vec<Duration>)>> {
    let mut all: Vec<(Code, Vec<Duration>)> = Vec::new();
    for round in 0..plan.compile_runs {
        for (at, subject) in subjects.iter().enumerate() {
            stop_if_asked()?;
            let _progress = session.terminal.spinner(&format!("compiling {}", subject.name));
            let (compiled, time) =
                Code::compile(engine, subject.kind, &subject.wasm).with_context(|| named(subject))?;
            if round == 0 {
                let path = folder.join(format!("{at}.cwasm"));
                let code = compiled.write(engine, path).with_context(|| named(subject))?;
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
    session: &Session,
    engine: &Engine,
    subjects: &[Subject],
    plan: &Plan,
    commands: &[Command],
    compiled: &[(Code, Vec<Duration>)],
) -> anyhow::Result<Vec<Vec<Start>>> {
    let ready = (compiled.iter().zip(commands))
        .map(|((code, _), command)| bench::Subject::new(engine, code.clone(), command.clone()))
        .collect::<Result<Vec<_>, _>>()?;
    // No progress display: its thread would run beside what is timed.
    session
        .terminal
        .note(&format!("starting each artifact {} times", plan.runs));
    let mut starts: Vec<Vec<Start>> = vec![Vec::new(); subjects.len()];
    let count = subjects.len();
    bench::on_guest_stack(|| {
        let start = |at: usize| ready[at].start(engine).with_context(|| named(&subjects[at]));
        for at in 0..count {
            start(at)?;
        }
        for round in 0..plan.runs as usize {
            stop_if_asked()?;
            for turn in 0..count {
                let at = (round + turn) % count;
                starts[at].push(start(at)?);
            }
        }
        Ok::<(), anyhow::Error>(())
    })??;
    Ok(starts)
}

/// Ends the work early; the guard then ends the process.
fn stop_if_asked() -> Result<(), BenchError> {
    if interrupt::requested() {
        return Err(BenchError::Engine(pywasm_engine::Error::Io(
            std::io::ErrorKind::Interrupted.into(),
        )));
    }
    Ok(())
}
