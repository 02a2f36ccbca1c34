//! Starts a component and measures the phases: one that exports `wasi:cli/run` of WASI 0.2 runs, of others a
//! function is called.

use std::{path::Path, time::Duration};

use wasmtime::{
    Store, StoreLimits,
    component::{Component, Instance, Val},
};
use wasmtime_wasi::{
    I32Exit,
    p2::{self, bindings::sync::Command as CommandWorld, pipe::MemoryOutputPipe},
};

use super::{
    BenchError,
    start::{StartTimes, check_exit, measure, trap_error, wasi_context},
};
use crate::{
    Command, Engine,
    component::{Call, ComponentProgram, Host},
};

pub(super) type Linker = wasmtime::component::Linker<Host>;

pub(super) fn make_linker(engine: &Engine) -> Result<Linker, BenchError> {
    let mut linker = Linker::new(&engine.inner);
    p2::add_to_linker_sync(&mut linker).map_err(BenchError::Link)?;
    Ok(linker)
}

/// What to call of a component: what was asked for; nothing of a command; else its only function without
/// arguments.
pub(super) fn choose_call(
    engine: &Engine,
    component: &Component,
    invoke: Option<&str>,
) -> Result<Option<String>, BenchError> {
    let program = ComponentProgram {
        component: component.clone(),
    };
    if let Some(call) = invoke {
        program.call(engine, call)?;
        return Ok(Some(call.to_owned()));
    }
    if program.is_command(engine) {
        return Ok(None);
    }
    let calls = program.functions_without_arguments(engine);
    match calls.as_slice() {
        [call] => Ok(Some(format!("{call}()"))),
        _ => Err(BenchError::WhichCall { calls }),
    }
}

/// An instance of a component, and how long it took to get there.
pub(super) struct Started {
    instance: Instance,
    store: Store<Host>,
    stderr: MemoryOutputPipe,
    call: Option<Call>,
    load: Duration,
    link: Duration,
    instantiate: Duration,
}

pub(super) fn instantiate(
    engine: &Engine,
    linker: &Linker,
    path: &Path,
    command: &Command,
    call: Option<&str>,
) -> Result<Started, BenchError> {
    // SAFETY: a `CodeFile` is one that `CompiledBinary::write` made, or that its maker vouches for.
    let (component, load) = measure(|| unsafe { Component::deserialize_file(&engine.inner, path) });
    let component = component.map_err(|cause| BenchError::load(path, cause))?;
    let (prepared, link) = measure(|| {
        let (mut wasi, stderr) = wasi_context(command)?;
        let ready = linker.instantiate_pre(&component).map_err(BenchError::Link)?;
        let program = ComponentProgram {
            component: component.clone(),
        };
        let call = call.map(|call| program.call(engine, call)).transpose()?;
        let host = Host::new(wasi.build(), StoreLimits::default());
        Ok::<_, BenchError>((ready, Store::new(&engine.inner, host), stderr, call))
    });
    let (ready, mut store, stderr, call) = prepared?;
    let (instance, instantiate) = measure(|| ready.instantiate(&mut store));
    let instance = instance.map_err(BenchError::Instantiate)?;
    Ok(Started {
        instance,
        store,
        stderr,
        call,
        load,
        link,
        instantiate,
    })
}

/// Loads, instantiates and runs a component once: its command, or the first call.
pub(super) fn start(
    engine: &Engine,
    linker: &Linker,
    path: &Path,
    command: &Command,
    call: Option<&str>,
) -> Result<StartTimes, BenchError> {
    let mut started = instantiate(engine, linker, path, command, call)?;
    let run = started.run()?;
    Ok(StartTimes {
        load: started.load,
        link: started.link,
        instantiate: started.instantiate,
        run,
    })
}

impl Started {
    /// Runs the command, or makes one call.
    fn run(&mut self) -> Result<Duration, BenchError> {
        if self.call.is_some() {
            return Ok(self.calls(1, 1)?.into_iter().sum());
        }
        let command = CommandWorld::new(&mut self.store, &self.instance).map_err(BenchError::Link)?;
        let (end, time) = measure(|| command.wasi_cli_run().call_run(&mut self.store));
        self.check(end.map(|end| u32::from(end.is_err())))?;
        Ok(time)
    }

    /// Makes `rounds` times `count` calls after a round that does not count.
    pub(super) fn call_again(&mut self, rounds: u32, count: u32) -> Result<Vec<Duration>, BenchError> {
        self.calls(1, count)?;
        self.calls(rounds, count)
    }

    fn calls(&mut self, rounds: u32, count: u32) -> Result<Vec<Duration>, BenchError> {
        let Some(call) = &self.call else {
            return Ok(Vec::new());
        };
        let found = self.instance.get_func(&mut self.store, call.index);
        let gone = || BenchError::Instantiate(wasmtime::Error::msg("the function is gone"));
        let function = found.ok_or_else(gone)?;
        let mut results = vec![Val::Bool(false); call.results];
        let mut times = Vec::new();
        for _ in 0..rounds {
            let (end, time) = measure(|| {
                (0..count).try_for_each(|_| function.call(&mut self.store, &call.arguments, &mut results))
            });
            self.check(end.map(|()| 0))?;
            times.push(time);
        }
        Ok(times)
    }

    fn check(&self, end: wasmtime::Result<u32>) -> Result<(), BenchError> {
        match end {
            Ok(code) => check_exit(code, &self.stderr),
            Err(stop) => match stop.downcast_ref::<I32Exit>() {
                Some(exit) => check_exit(exit.0.cast_unsigned(), &self.stderr),
                None => Err(trap_error(stop, &self.stderr)),
            },
        }
    }
}
