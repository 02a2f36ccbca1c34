//! Starts a core module that is a WASI preview 1 command, and measures the phases.

use std::path::Path;

use wasmtime::{ExternType, Module, Store};
use wasmtime_wasi::p1::WasiP1Ctx;

use super::{
    BenchError,
    start::{StartTimes, check_exit, measure, trap_error, wasi_context},
};
use crate::{
    Command, Engine,
    run::{ProcessExit, add_wasi},
};

pub(super) type Linker = wasmtime::Linker<WasiP1Ctx>;

pub(super) fn make_linker(engine: &Engine) -> Result<Linker, BenchError> {
    let mut linker = Linker::new(&engine.inner);
    add_wasi(&mut linker, |wasi| wasi).map_err(BenchError::Link)?;
    Ok(linker)
}

/// Checks that the module is a command: it has a `_start` without parameters and results.
pub(super) fn check_is_command(module: &Module) -> Result<(), BenchError> {
    if let Some(ExternType::Func(start)) = module.get_export("_start")
        && start.params().len() == 0
        && start.results().len() == 0
    {
        return Ok(());
    }
    Err(BenchError::NotACommand {
        exports: module.exports().map(|export| export.name().to_owned()).collect(),
    })
}

pub(super) fn start(
    engine: &Engine,
    linker: &Linker,
    path: &Path,
    command: &Command,
) -> Result<StartTimes, BenchError> {
    // SAFETY: a `CodeFile` is one that `CompiledBinary::write` made, or that its maker vouches for.
    let (module, load) = measure(|| unsafe { Module::deserialize_file(&engine.inner, path) });
    let module = module.map_err(|cause| BenchError::load(path, cause))?;
    let (prepared, link) = measure(|| {
        let (mut wasi, stderr) = wasi_context(command)?;
        let ready = linker.instantiate_pre(&module).map_err(BenchError::Link)?;
        Ok::<_, BenchError>((ready, Store::new(&engine.inner, wasi.build_p1()), stderr))
    });
    let (ready, mut store, stderr) = prepared?;
    let (instance, instantiate) = measure(|| ready.instantiate(&mut store));
    let instance = instance.map_err(BenchError::Instantiate)?;
    let (end, run) = measure(|| {
        instance
            .get_typed_func::<(), ()>(&mut store, "_start")?
            .call(&mut store, ())
    });
    match end {
        Ok(()) => {}
        Err(stop) => match stop.downcast_ref::<ProcessExit>() {
            Some(exit) => check_exit(exit.0, &stderr)?,
            None => return Err(trap_error(stop, &stderr)),
        },
    }
    Ok(StartTimes {
        load,
        link,
        instantiate,
        run,
    })
}
