//! Runs a program and returns its exit code and output.
//!
//! The guest gets the arguments, variables and folders that the [`Command`] names, the three standard
//! streams, clocks and entropy. It has no network and no other files.

use wasmtime::{Caller, Extern, Instance, Linker, Store, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::{
    FsPerms, WasiCtxBuilder,
    p1::{self, WasiP1Ctx},
    p2::pipe::{MemoryInputPipe, MemoryOutputPipe},
};

use pywasm_interpreter::{Command, Exit, Input, Mount, Output, Preset};
use pywasm_target::abi::export;

use crate::{Engine, Error, Program, preinit::image, stack::on_guest_stack};

/// The guest called `proc_exit`. wasmtime's own `proc_exit` refuses codes above 125, which Python
/// programs use: 130 after Ctrl-C, for example.
#[derive(Debug, thiserror::Error)]
#[error("exit code {0}")]
pub(crate) struct ProcessExit(pub(crate) u32);

/// The guest writes, where that ends the run.
#[derive(Debug, thiserror::Error)]
#[error("the first write")]
struct FirstWrite;

/// What a running program's calls work on.
struct Guest {
    wasi: WasiP1Ctx,
    limits: StoreLimits,
}

impl Guest {
    fn new(wasi: WasiP1Ctx, most_memory: Option<u64>) -> Self {
        Self {
            wasi,
            limits: limits(most_memory),
        }
    }
}

/// The limits of a store whose memory may have so many bytes.
pub(crate) fn limits(most_memory: Option<u64>) -> StoreLimits {
    let mut limits = StoreLimitsBuilder::new();
    if let Some(bytes) = most_memory {
        limits = limits.memory_size(usize::try_from(bytes).unwrap_or(usize::MAX));
    }
    limits.build()
}

fn end_at_first_write(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "wasi_snapshot_preview1",
        "fd_write",
        |_: Caller<'_, Guest>, _: u32, _: u32, _: u32, _: u32| -> wasmtime::Result<u32> {
            Err(wasmtime::Error::from(FirstWrite))
        },
    )?;
    Ok(())
}

impl Program {
    /// Runs the program to its end.
    ///
    /// # Errors
    /// When a folder cannot be mounted, the module has unknown imports, it traps, or it writes where
    /// that ends the run.
    pub fn run(&self, engine: &Engine, command: &Command) -> Result<Exit, Error> {
        self.run_with(engine, command, Preset::Nothing)
    }

    /// Runs the program with a preset in its memory.
    ///
    /// # Errors
    /// As [`Self::run`], and when the preset does not fit into the memory.
    pub fn run_with(&self, engine: &Engine, command: &Command, preset: Preset<'_>) -> Result<Exit, Error> {
        on_guest_stack(|| self.run_on_this_thread(engine, command, preset, false))?
    }

    /// Runs the program without the imports that are not WASI's: a call of one traps. The core module of a
    /// component is tried so at build time, where there is no host for it.
    ///
    /// # Errors
    /// As [`Self::run_with`], but for unknown imports.
    pub(crate) fn run_unlinked(
        &self,
        engine: &Engine,
        command: &Command,
        preset: Preset<'_>,
    ) -> Result<Exit, Error> {
        on_guest_stack(|| self.run_on_this_thread(engine, command, preset, true))?
    }

    fn run_on_this_thread(
        &self,
        engine: &Engine,
        command: &Command,
        preset: Preset<'_>,
        traps: bool,
    ) -> Result<Exit, Error> {
        let (mut wasi, captured) = context(command)?;
        let mut linker: Linker<Guest> = Linker::new(&engine.inner);
        add_wasi(&mut linker, |guest| &mut guest.wasi).map_err(Error::Instantiate)?;
        if command.output == Output::End {
            end_at_first_write(&mut linker).map_err(Error::Instantiate)?;
        }
        if traps {
            let defined = linker.define_unknown_imports_as_traps(&self.module);
            defined.map_err(Error::Instantiate)?;
        }
        let guest = Guest::new(wasi.build_p1(), command.most_memory);
        let mut store = Store::new(&engine.inner, guest);
        store.limiter(|guest| &mut guest.limits);
        let instance = linker
            .instantiate(&mut store, &self.module)
            .map_err(Error::Instantiate)?;
        write_preset(&mut store, &instance, preset)?;
        let function = instance
            .get_typed_func::<(), ()>(&mut store, &command.function)
            .map_err(Error::Instantiate)?;
        let code = match function.call(&mut store, ()) {
            Ok(()) => 0,
            Err(stop) => match stop.downcast_ref::<ProcessExit>() {
                Some(exit) => exit.0,
                None if stop.is::<FirstWrite>() => return Err(Error::Written),
                None => return Err(Error::Trap(stop)),
            },
        };
        Ok(captured.exit(code))
    }
}

/// What a program writes, where its caller wants to have it.
pub(crate) struct Captured(Option<(MemoryOutputPipe, MemoryOutputPipe)>);

impl Captured {
    pub(crate) fn exit(self, code: u32) -> Exit {
        let texts = self
            .0
            .map(|(out, err)| (out.contents().to_vec(), err.contents().to_vec()));
        let (stdout, stderr) = texts.unwrap_or_default();
        Exit { code, stdout, stderr }
    }
}

/// What a program sees of the machine: what the command names, and nothing else.
pub(crate) fn context(command: &Command) -> Result<(WasiCtxBuilder, Captured), Error> {
    let mut wasi = WasiCtxBuilder::new();
    wasi.args(&command.args)
        .envs(&command.env)
        .allow_blocking_current_thread(true);
    match &command.input {
        Input::Inherit => wasi.inherit_stdin(),
        Input::Bytes(bytes) => wasi.stdin(MemoryInputPipe::new(bytes.clone())),
    };
    let captured = match command.output {
        Output::Inherit => {
            wasi.inherit_stdout().inherit_stderr();
            None
        }
        Output::Errors => {
            wasi.stdout(std::io::stderr()).inherit_stderr();
            None
        }
        Output::End => None,
        Output::Capture(limit) => {
            let pipes = (MemoryOutputPipe::new(limit), MemoryOutputPipe::new(limit));
            wasi.stdout(pipes.0.clone()).stderr(pipes.1.clone());
            Some(pipes)
        }
    };
    mount(&mut wasi, &command.mounts)?;
    Ok((wasi, Captured(captured)))
}

/// Writes a preset into new memory.
fn write_preset<T>(store: &mut Store<T>, instance: &Instance, preset: Preset<'_>) -> Result<(), Error> {
    if matches!(preset, Preset::Nothing) {
        return Ok(());
    }
    let memory = instance
        .get_export(&mut *store, export::MEMORY)
        .and_then(Extern::into_memory)
        .ok_or_else(|| Error::Export {
            name: export::MEMORY.to_owned(),
            problem: "is not there, or no memory".to_owned(),
        })?;
    match preset {
        Preset::Nothing => Ok(()),
        Preset::Image(image) => image::place(store, instance, memory, image).map(drop),
        Preset::Memory(bytes) => {
            let lacking = bytes.len().saturating_sub(memory.data_size(&*store));
            memory
                .grow(&mut *store, lacking.div_ceil(image::PAGE) as u64)
                .map_err(Error::Instantiate)?;
            memory.data_mut(store)[..bytes.len()].copy_from_slice(bytes);
            Ok(())
        }
    }
}

/// Mounts host folders into a WASI context.
pub(crate) fn mount(wasi: &mut WasiCtxBuilder, mounts: &[Mount]) -> Result<(), Error> {
    for mount in mounts {
        let permissions = if mount.writable {
            FsPerms::ReadWrite
        } else {
            FsPerms::ReadOnly
        };
        wasi.preopened_dir(&mount.host, &mount.guest, permissions)
            .map_err(|cause| Error::Mount {
                host: mount.host.clone(),
                cause,
            })?;
    }
    Ok(())
}

/// Adds WASI preview 1 to a linker.
pub(crate) fn add_wasi<T: Send + 'static>(
    linker: &mut Linker<T>,
    wasi: impl Fn(&mut T) -> &mut WasiP1Ctx + Copy + Send + Sync + 'static,
) -> wasmtime::Result<()> {
    p1::add_to_linker_sync(linker, wasi)?;
    linker.allow_shadowing(true);
    linker.func_wrap(
        "wasi_snapshot_preview1",
        "proc_exit",
        |_: Caller<'_, T>, code: u32| -> wasmtime::Result<()> {
            Err(wasmtime::Error::from(ProcessExit(code)))
        },
    )?;
    Ok(())
}
