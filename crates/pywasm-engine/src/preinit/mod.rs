//! Starts an interpreter, rehearses its program, and takes the memory after that.
//!
//! All of it happens in a sealed world. No argument, variable, file or clock of the host is in it,
//! and its random bytes are always the same, so the same module gives the same memory. A read that
//! a snapshot may not hold stops the program. Since the world is always the same, the program can
//! be stopped a step earlier by running it once more.
//!
//! `docs/internals/snapshot-protocol.md` has the calls and messages. There is no time limit: that
//! an import never ends cannot be found out. Nothing here holds Ctrl-C back.

mod fallback;
mod frames;
mod guest;
pub(crate) mod image;
mod message;
mod objects;
mod plan;
mod random;
mod streams;
mod wasi;
mod world;

use std::{ops::Range, sync::Arc};

use plan::Plan;
use pywasm_interpreter::{Assumption, Fallback, Image, Notice, NoticeKind, ObjectList, Rehearsal, Snapshot};
use pywasm_target::abi::export;
use wasmtime::{Extern, ImportType, Instance, Linker, Store, TypedFunc, WasmParams, WasmResults};

use crate::{Engine, Error, Program, run::ProcessExit, stack::on_guest_stack};
use world::{Exports, Stopped, World};

/// The exit code of a guest that trapped: that of an aborted process.
const TRAPPED: u32 = 134;

/// A program that does not stop where it was to stop runs this often before it is not rehearsed.
const MAX_ROUNDS: usize = 8;

/// Starts the interpreter in `before`, with `image` placed behind its memory where there is one, and
/// rehearses its program where there is a `rehearsal`.
///
/// # Errors
/// [`Error::Preinit`] when an export returns an exit code other than 0, exits or traps; others
/// when the image cannot be placed, or the module asks for more than there is or does not keep to
/// the agreement.
pub fn snapshot(
    engine: &Engine,
    before: &Program,
    image: Option<Image<'_>>,
    rehearsal: Option<Arc<dyn Rehearsal>>,
) -> Result<Snapshot, Error> {
    on_guest_stack(|| rehearse(engine, before, image, rehearsal))?
}

fn rehearse(
    engine: &Engine,
    before: &Program,
    image: Option<Image<'_>>,
    rehearsal: Option<Arc<dyn Rehearsal>>,
) -> Result<Snapshot, Error> {
    let twin = Twin {
        engine,
        before,
        image,
        rehearsal,
    };
    let plan = match twin.rehearsal {
        Some(_) => Plan::Free,
        None => Plan::Interpreter,
    };
    let mut run = twin.run(plan, Vec::new())?;
    // A run that was not told what it relies on does not check it at the start.
    for _ in 0..MAX_ROUNDS {
        if run.relied == run.assumptions() {
            break;
        }
        run = twin.run(run.plan.clone(), run.assumptions())?;
    }
    if run.relied != run.assumptions() {
        run = twin.run(Plan::Interpreter, Vec::new())?;
    }
    let Some((_, first)) = run.assumed.first().cloned() else {
        return Ok(Snapshot {
            stop: run.stop,
            ..run.snapshot
        });
    };
    let mut plan = Plan::before(&first.stack);
    let earlier = loop {
        let earlier = twin.run(plan, Vec::new())?;
        if earlier.assumed.is_empty() {
            break earlier;
        }
        plan = earlier.plan.shorter();
    };
    let mut snapshot = run.snapshot;
    let way = fallback::add(
        &mut snapshot.memory,
        &earlier.snapshot.memory,
        run.image,
        run.fallback,
    )?;
    snapshot.stop = run.stop;
    snapshot.fallback = Some(Fallback {
        first,
        assumptions: run.relied,
        modules: earlier.snapshot.modules,
        bytes: way.bytes,
        addresses: way.addresses,
    });
    Ok(snapshot)
}

/// What is the same in all runs.
struct Twin<'a> {
    engine: &'a Engine,
    before: &'a Program,
    image: Option<Image<'a>>,
    rehearsal: Option<Arc<dyn Rehearsal>>,
}

/// A run that came to where it was to come.
struct Run {
    plan: Plan,
    snapshot: Snapshot,
    stop: Option<Notice>,
    /// What the guest was told that it relies on.
    relied: Vec<Assumption>,
    /// What it relies on.
    assumed: Vec<(Assumption, Notice)>,
    /// Where the image stands.
    image: Range<usize>,
    /// The address of the guest's variable for the way back.
    fallback: Option<u32>,
}

impl Run {
    fn assumptions(&self) -> Vec<Assumption> {
        self.assumed
            .iter()
            .map(|(assumption, _)| assumption.clone())
            .collect()
    }
}

impl Twin<'_> {
    /// Runs by the plan, or by one that ends earlier where the program may not go as far.
    fn run(&self, mut plan: Plan, mut relied: Vec<Assumption>) -> Result<Run, Error> {
        let mut stop = None;
        for round in 0.. {
            if round == MAX_ROUNDS {
                plan = Plan::Interpreter;
            }
            let world = World::new(&plan, &relied, self.rehearsal.clone());
            match start(self.engine, self.before, self.image, world)? {
                Outcome::Done(done) => {
                    return Ok(Run {
                        plan,
                        snapshot: done.snapshot,
                        stop,
                        relied,
                        assumed: done.assumed,
                        image: done.image,
                        fallback: done.fallback,
                    });
                }
                Outcome::Stopped(notice, assumed) if round < MAX_ROUNDS => {
                    let next = Plan::before(&notice.stack);
                    // Where it is the same, it has stopped before it came to its step.
                    plan = if next == plan { plan.shorter() } else { next };
                    // What was asked in the step that stops is not asked before it.
                    relied = assumed
                        .into_iter()
                        .filter(|(_, asked)| Plan::before(&asked.stack) != plan)
                        .map(|(assumption, _)| assumption)
                        .collect();
                    stop = Some(notice);
                }
                Outcome::Stopped(..) => break,
            }
        }
        Err(Error::Agreement(
            "a start without a program has stopped".to_owned(),
        ))
    }
}

/// How a run of the twin ended.
enum Outcome {
    /// It has come to where it was to come.
    Done(Box<Done>),
    /// The program did what no snapshot may hold, after it had relied on this.
    Stopped(Notice, Vec<(Assumption, Notice)>),
}

/// What such a run leaves.
struct Done {
    snapshot: Snapshot,
    assumed: Vec<(Assumption, Notice)>,
    image: Range<usize>,
    fallback: Option<u32>,
}

fn start(
    engine: &Engine,
    before: &Program,
    image: Option<Image<'_>>,
    world: World,
) -> Result<Outcome, Error> {
    let mut linker = Linker::new(&engine.inner);
    wasi::add(&mut linker).map_err(Error::Instantiate)?;
    let mut store = Store::new(&engine.inner, world);
    store.limiter(|world| world);
    let others: Vec<_> = before
        .module
        .imports()
        .filter(|import| linker.get_by_import(&mut store, import).is_none())
        .collect();
    let unknown: Vec<_> = others
        .iter()
        .filter(|import| import.module() == wasi::MODULE || import.ty().func().is_none())
        .map(|import| format!("{}.{}", import.module(), import.name()))
        .collect();
    if !unknown.is_empty() {
        return Err(Error::Imports(unknown));
    }
    for import in others {
        stop_at_call(&mut linker, &import).map_err(Error::Instantiate)?;
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
    let fallback = instance
        .get_export(&mut store, export::FALLBACK)
        .and_then(Extern::into_global)
        .and_then(|global| global.get(&mut store).i32())
        .map(i32::cast_unsigned);
    store.data_mut().exports = Some(Exports { memory, place });
    let image = match image {
        Some(image) => image::place(&mut store, &instance, memory, image)?,
        None => 0..0,
    };
    for step in steps {
        match step.call(&mut store, ()) {
            Ok(0) => {}
            Ok(code) => return Err(failed(store.into_data(), code, "")),
            Err(stop) => match stop.downcast::<Stopped>() {
                Ok(Stopped(notice)) => return Ok(Outcome::Stopped(notice, store.into_data().assumed)),
                Err(stop) => return Err(ended(store.into_data(), stop)),
            },
        }
    }
    let taken = memory.data(&store).to_vec();
    let objects = objects::list(&mut store, &instance, memory)?;
    let mut world = store.into_data();
    let assumed = std::mem::take(&mut world.assumed);
    Ok(Outcome::Done(Box::new(Done {
        snapshot: finished(taken, objects, world),
        assumed,
        image,
        fallback,
    })))
}

/// A function of the component's world: nobody is there to answer it at build time.
fn stop_at_call(linker: &mut Linker<World>, import: &ImportType<'_>) -> wasmtime::Result<()> {
    // The caller has looked at its kind.
    let Some(kind) = import.ty().func().cloned() else {
        return Ok(());
    };
    let what = format!("{}.{}", import.module(), import.name());
    linker.func_new(import.module(), import.name(), kind, move |mut caller, _, _| {
        world::notice(&mut caller, NoticeKind::Import, &what)?;
        Err(Error::Agreement(format!("{what} was called before the program was rehearsed")).into())
    })?;
    Ok(())
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

fn finished(memory: Vec<u8>, objects: Option<ObjectList>, world: World) -> Snapshot {
    Snapshot {
        memory,
        stop: None,
        fallback: None,
        modules: world.modules,
        live_bytes: world.live_bytes,
        heap_bytes: world.heap_bytes,
        objects,
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
