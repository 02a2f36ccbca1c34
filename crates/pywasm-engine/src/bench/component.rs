//! Starts a component that exports `wasi:cli/run` of WASI 0.2, and measures the phases.

use std::path::Path;

use wasmtime::{
    Store,
    component::{Component, ResourceTable},
};
use wasmtime_wasi::{
    I32Exit, WasiCtx, WasiCtxView, WasiView,
    p2::{self, bindings::sync::CommandPre},
};

use super::{
    BenchError, BinaryKind,
    start::{StartTimes, check_exit, measure, trap_error, wasi_context},
};
use crate::{Command, Engine};

pub(super) type Linker = wasmtime::component::Linker<Host>;

/// The data of a component's store.
pub(super) struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

pub(super) fn make_linker(engine: &Engine) -> Result<Linker, BenchError> {
    let mut linker = Linker::new(&engine.inner);
    p2::add_to_linker_sync(&mut linker).map_err(BenchError::Link)?;
    Ok(linker)
}

pub(super) fn check_is_command(engine: &Engine, component: &Component) -> Result<(), BenchError> {
    let exports: Vec<String> = component
        .component_type()
        .exports(&engine.inner)
        .map(|(name, _)| name.to_owned())
        .collect();
    if exports.iter().any(|name| name.starts_with("wasi:cli/run@0.2.")) {
        return Ok(());
    }
    Err(BenchError::NotACommand {
        kind: BinaryKind::Component,
        exports,
    })
}

pub(super) fn start(
    engine: &Engine,
    linker: &Linker,
    path: &Path,
    command: &Command,
) -> Result<StartTimes, BenchError> {
    // SAFETY: a `CodeFile` is one that `CompiledBinary::write` made, or that its maker vouches for.
    let (component, load) = measure(|| unsafe { Component::deserialize_file(&engine.inner, path) });
    let component = component.map_err(|cause| BenchError::load(path, cause))?;
    let (prepared, link) = measure(|| {
        let (mut wasi, stderr) = wasi_context(command)?;
        let ready = linker
            .instantiate_pre(&component)
            .and_then(CommandPre::new)
            .map_err(BenchError::Link)?;
        let host = Host {
            wasi: wasi.build(),
            table: ResourceTable::new(),
        };
        Ok::<_, BenchError>((ready, Store::new(&engine.inner, host), stderr))
    });
    let (ready, mut store, stderr) = prepared?;
    let (instance, instantiate) = measure(|| ready.instantiate(&mut store));
    let instance = instance.map_err(BenchError::Instantiate)?;
    let (end, run) = measure(|| instance.wasi_cli_run().call_run(&mut store));
    match end {
        Ok(result) => check_exit(u32::from(result.is_err()), &stderr)?,
        Err(stop) => match stop.downcast_ref::<I32Exit>() {
            Some(exit) => check_exit(exit.0.cast_unsigned(), &stderr)?,
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
