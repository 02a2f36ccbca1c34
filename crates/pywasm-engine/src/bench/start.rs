//! A file of machine code and a [`Command`] in, the times of one start out.

use std::time::{Duration, Instant};

use wasmtime_wasi::{WasiCtxBuilder, p2::pipe::MemoryOutputPipe};

use super::{BenchError, Code, Kind, component, module};
use crate::{Command, Engine, Error, run};

/// How much of a failing program's standard error is kept.
const MOST_STDERR: usize = 64 << 10;

/// How long the phases of one start took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start {
    /// Machine code from its file into the process.
    pub load: Duration,
    /// Imports resolved, store and WASI context made. Not part of [`Start::total`].
    pub link: Duration,
    /// Memories, tables and globals made.
    pub instantiate: Duration,
    /// The program, to its end.
    pub run: Duration,
}

impl Start {
    /// What a host that is prepared pays for a start from machine code on disk.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.load + self.instantiate + self.run
    }
}

/// An artifact that can be started again and again, each time as if it were the first.
pub struct Subject {
    code: Code,
    command: Command,
    linker: Linker,
}

enum Linker {
    Module(module::Linker),
    Component(component::Linker),
}

impl Subject {
    /// Makes the linker. Of `command`, arguments, variables and mounts are used: standard input
    /// is empty, and standard output goes nowhere.
    ///
    /// # Errors
    /// When WASI cannot be put into the linker.
    pub fn new(engine: &Engine, code: Code, command: Command) -> Result<Self, BenchError> {
        let linker = match code.kind {
            Kind::Module => Linker::Module(module::linker(engine)?),
            Kind::Component => Linker::Component(component::linker(engine)?),
        };
        Ok(Self {
            code,
            command,
            linker,
        })
    }

    /// Loads, instantiates and runs the program once. Call it inside [`on_guest_stack`].
    ///
    /// # Errors
    /// When a phase fails, and when the program's exit code is not 0.
    pub fn start(&self, engine: &Engine) -> Result<Start, BenchError> {
        let path = &self.code.path;
        match &self.linker {
            Linker::Module(linker) => module::start(engine, linker, path, &self.command),
            Linker::Component(linker) => component::start(engine, linker, path, &self.command),
        }
    }
}

/// Calls `work` on a thread with a stack that is large enough for guests.
///
/// # Errors
/// When the thread cannot be made.
pub fn on_guest_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, BenchError> {
    Ok(crate::stack::on_guest_stack(work).map_err(Error::Io)?)
}

/// A WASI context whose standard output goes nowhere, and its standard error.
pub(super) fn context(command: &Command) -> Result<(WasiCtxBuilder, MemoryOutputPipe), BenchError> {
    let mut wasi = WasiCtxBuilder::new();
    let stderr = MemoryOutputPipe::new(MOST_STDERR);
    wasi.args(&command.args)
        .envs(&command.env)
        .allow_blocking_current_thread(true)
        .stdout(std::io::empty())
        .stderr(stderr.clone());
    run::mount(&mut wasi, &command.mounts)?;
    Ok((wasi, stderr))
}

/// Good ends and bad ends of a program.
pub(super) fn ended(code: u32, stderr: &MemoryOutputPipe) -> Result<(), BenchError> {
    if code == 0 {
        return Ok(());
    }
    Err(BenchError::Exit {
        code,
        stderr: text(stderr),
    })
}

/// The error of a program that did not end by itself.
pub(super) fn trapped(cause: wasmtime::Error, stderr: &MemoryOutputPipe) -> BenchError {
    BenchError::Trap {
        cause,
        stderr: text(stderr),
    }
}

fn text(stderr: &MemoryOutputPipe) -> String {
    String::from_utf8_lossy(&stderr.contents()).into_owned()
}

/// What `work` gives, and how long it took.
pub(super) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let value = work();
    (value, began.elapsed())
}
