//! A module that starts an interpreter in, its memory behind that start out.
//!
//! The start happens in a sealed world. No argument, variable, file or clock of the host is in
//! it, and its random bytes are the same each time, so the same module gives the same memory.
//! What the guest asks of that world is noticed with the Python lines that asked, since the
//! answer is then fixed in the snapshot.
//!
//! [`snapshot`] calls the module's exports in this order:
//!
//! | export | |
//! | --- | --- |
//! | `pywasm_snapshot: () -> i32` | starts the interpreter and imports; 0, or an exit code |
//! | `pywasm_settle: () -> i32` | makes the memory small and steady; 0, or an exit code |
//!
//! While the guest waits for an answer of the world, two more are called, if they are there:
//!
//! | export | |
//! | --- | --- |
//! | `pywasm_scratch: () -> i32` | the address of a buffer of 64 KiB |
//! | `pywasm_where: (buffer: i32, size: i32) -> i32` | writes the Python stack into it; its length |
//!
//! There is no time limit: that an import never ends cannot be found out. Nothing here holds
//! Ctrl-C back.

mod frames;
mod guest;
pub(crate) mod image;
mod message;
mod notice;
mod paths;
mod random;
mod streams;
mod wasi;
mod world;

use pywasm_interpreter::{Image, Snapshot};
use pywasm_target::abi::export;
use wasmtime::{Extern, Instance, Linker, Store, TypedFunc, WasmParams, WasmResults};

use crate::{Engine, Error, Program, run::ProcessExit, stack::on_guest_stack};
use world::{Exports, World};

/// The exit code of a guest that trapped: that of an aborted process.
const TRAPPED: u32 = 134;

/// Starts the interpreter in `before`, with `image` placed behind its memory where there is one.
///
/// # Errors
/// [`Error::Preinit`] when an export returns an exit code other than 0, exits or traps; others
/// when the image cannot be placed, or the module asks for more than there is or does not keep to
/// the agreement.
pub fn snapshot(engine: &Engine, before: &Program, image: Option<Image<'_>>) -> Result<Snapshot, Error> {
    on_guest_stack(|| start(engine, before, image))?
}

fn start(engine: &Engine, before: &Program, image: Option<Image<'_>>) -> Result<Snapshot, Error> {
    let mut linker = Linker::new(&engine.inner);
    wasi::add(&mut linker).map_err(Error::Instantiate)?;
    let mut store = Store::new(&engine.inner, World::new());
    store.limiter(|world| world);
    let unknown: Vec<_> = before
        .module
        .imports()
        .filter(|import| linker.get_by_import(&mut store, import).is_none())
        .map(|import| format!("{}.{}", import.module(), import.name()))
        .collect();
    if !unknown.is_empty() {
        return Err(Error::Imports(unknown));
    }
    let linked = linker
        .instantiate_pre(&before.module)
        .map_err(Error::Instantiate)?;
    let instance = match linked.instantiate(&mut store) {
        Ok(instance) => instance,
        Err(stop) => return Err(ended(store.into_data(), stop)),
    };
    let memory = instance
        .get_export(&mut store, export::MEMORY)
        .and_then(Extern::into_memory)
        .ok_or_else(|| export_error(export::MEMORY, "is not there, or no memory"))?;
    let place = match instance.get_export(&mut store, export::WHERE) {
        Some(_) => Some((
            function(&mut store, &instance, export::WHERE)?,
            function(&mut store, &instance, export::SCRATCH)?,
        )),
        None => None,
    };
    let steps = [
        function(&mut store, &instance, export::SNAPSHOT)?,
        function(&mut store, &instance, export::SETTLE)?,
    ];
    store.data_mut().exports = Some(Exports { memory, place });
    if let Some(image) = image {
        image::place(&mut store, &instance, memory, image)?;
    }
    for step in steps {
        match step.call(&mut store, ()) {
            Ok(0) => {}
            Ok(code) => return Err(failed(store.into_data(), code, "")),
            Err(stop) => return Err(ended(store.into_data(), stop)),
        }
    }
    let memory = memory.data(&store).to_vec();
    Ok(finished(memory, store.into_data()))
}

/// Why a call did not return.
fn ended(world: World, stop: wasmtime::Error) -> Error {
    let stop = match stop.downcast::<Error>() {
        Ok(error) => return error,
        Err(stop) => stop,
    };
    match stop.downcast_ref::<ProcessExit>() {
        Some(exit) => failed(world, exit.0, ""),
        None => failed(world, TRAPPED, &format!("the module trapped: {stop:#}\n")),
    }
}

fn failed(world: World, code: u32, trap: &str) -> Error {
    let stderr = world.stderr.finish();
    Error::Preinit {
        code,
        stderr: format!("{}{trap}", String::from_utf8_lossy(&stderr)),
    }
}

fn finished(memory: Vec<u8>, world: World) -> Snapshot {
    Snapshot {
        memory,
        notices: world.notices.finish(),
        renewed: world.renewed,
        modules: world.modules,
        live_bytes: world.live_bytes,
        heap_bytes: world.heap_bytes,
        stdout: world.stdout.finish(),
        stderr: world.stderr.finish(),
    }
}

fn function<P: WasmParams, R: WasmResults>(
    store: &mut Store<World>,
    instance: &Instance,
    name: &str,
) -> Result<TypedFunc<P, R>, Error> {
    let function = instance
        .get_func(&mut *store, name)
        .ok_or_else(|| export_error(name, "is not there"))?;
    function
        .typed(store)
        .map_err(|error| export_error(name, &format!("has another type: {error:#}")))
}

fn export_error(name: &str, problem: &str) -> Error {
    Error::Export {
        name: name.to_owned(),
        problem: problem.to_owned(),
    }
}
