//! Starts a file of machine code with a [`Command`], and measures the phases.

use std::time::{Duration, Instant};

use wasmtime_wasi::{WasiCtxBuilder, p2::pipe::MemoryOutputPipe};

use super::{BenchError, BinaryKind, CodeFile, component, module};
use crate::{Command, Engine, Error, run};

/// The number of bytes of a failing program's standard error that are kept.
const MAX_STDERR: usize = 64 << 10;

/// The times of the phases of one start.
#[derive(Clone, Copy, Debug, Default)]
pub struct StartTimes {
    /// Loading the machine code from its file.
    pub load: Duration,
    /// Resolving imports, and creating the store and the WASI context. Not part of [`StartTimes::total`].
    pub link: Duration,
    /// Creating memories, tables and globals.
    pub instantiate: Duration,
    /// Running the program to its end.
    pub run: Duration,
}

impl StartTimes {
    /// The time that a prepared host needs for a start from machine code on disk.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.load + self.instantiate + self.run
    }
}

/// An artifact that can be started repeatedly, each time as if it were the first.
pub struct BenchProgram {
    code: CodeFile,
    command: Command,
    linker: Linker,
}

enum Linker {
    Module(module::Linker),
    Component(component::Linker),
}

impl BenchProgram {
    /// Prepares the linker. Only the arguments, variables and mounts of `command` are used; standard
    /// input is empty, and standard output is discarded.
    ///
    /// # Errors
    /// When WASI cannot be added to the linker.
    pub fn new(engine: &Engine, code: CodeFile, command: Command) -> Result<Self, BenchError> {
        let linker = match code.kind {
            BinaryKind::Module => Linker::Module(module::make_linker(engine)?),
            BinaryKind::Component => Linker::Component(component::make_linker(engine)?),
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
    pub fn start(&self, engine: &Engine) -> Result<StartTimes, BenchError> {
        let path = &self.code.path;
        match &self.linker {
            Linker::Module(linker) => module::start(engine, linker, path, &self.command),
            Linker::Component(linker) => {
                component::start(engine, linker, path, &self.command, self.code.call())
            }
        }
    }

    /// Calls the function again and again in one instance: `rounds` times `count` calls, and gives the time
    /// of each round; nothing for a command, which runs once. Call it inside [`on_guest_stack`].
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn call_again(&self, engine: &Engine, rounds: u32, count: u32) -> Result<Vec<Duration>, BenchError> {
        let (Linker::Component(linker), Some(call)) = (&self.linker, self.code.call()) else {
            return Ok(Vec::new());
        };
        let mut started = component::instantiate(engine, linker, &self.code.path, &self.command, Some(call))?;
        started.call_again(rounds, count)
    }
}

/// Calls `work` on a thread with a stack that is large enough for guests.
///
/// # Errors
/// When the thread cannot be started.
pub fn on_guest_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, BenchError> {
    Ok(crate::stack::on_guest_stack(work).map_err(Error::Io)?)
}

/// Makes a WASI context that discards standard output, and the pipe of its standard error.
pub(super) fn wasi_context(command: &Command) -> Result<(WasiCtxBuilder, MemoryOutputPipe), BenchError> {
    let mut wasi = WasiCtxBuilder::new();
    let stderr = MemoryOutputPipe::new(MAX_STDERR);
    wasi.args(&command.args)
        .envs(&command.env)
        .allow_blocking_current_thread(true)
        .stdout(std::io::empty())
        .stderr(stderr.clone());
    run::mount(&mut wasi, &command.mounts)?;
    Ok((wasi, stderr))
}

/// Fails if the exit code of a program is not 0.
pub(super) fn check_exit(code: u32, stderr: &MemoryOutputPipe) -> Result<(), BenchError> {
    if code == 0 {
        return Ok(());
    }
    Err(BenchError::Exit {
        code,
        stderr: read_text(stderr),
    })
}

/// Makes the error of a program that trapped.
pub(super) fn trap_error(cause: wasmtime::Error, stderr: &MemoryOutputPipe) -> BenchError {
    BenchError::Trap {
        cause,
        stderr: read_text(stderr),
    }
}

fn read_text(stderr: &MemoryOutputPipe) -> String {
    String::from_utf8_lossy(&stderr.contents()).into_owned()
}

/// Runs `work` and measures the time.
pub(super) fn measure<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let value = work();
    (value, began.elapsed())
}
