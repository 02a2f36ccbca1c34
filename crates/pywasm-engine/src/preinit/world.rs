//! Holds the state of the sandbox, and calls the guest to find out its Python stack.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt,
    sync::Arc,
};

use pywasm_interpreter::{Assumption, Notice, NoticeKind, Rehearsal, STREAMS, Verdict};
use wasmtime::{AsContextMut, Caller, Memory, ResourceLimiter, TypedFunc};

use super::{
    frames,
    guest::{BADF, Errno, Guest},
    message::{self, Message},
    plan::Plan,
    random::Stream,
    streams::Tail,
};
use crate::Error;

/// The largest memory of the guest, in bytes.
pub(super) const MAX_MEMORY: usize = 1 << 30;

/// The largest table, with far more entries than any linked program has.
const MAX_ELEMENTS: usize = 10_000_000;

/// The size of the buffer at `pywasm_scratch`.
const SCRATCH: u32 = 64 << 10;

/// 2024-01-01T00:00:00Z in nanoseconds.
const START: u64 = 1_704_067_200_000_000_000;

/// The largest number of paths that a snapshot relies on. Each costs a start one question to the host
/// where a folder is mounted in which it could be.
const MAX_MISSING: usize = 64;

/// The largest number of bytes of messages and stacks that are kept.
const MAX_TEXT: usize = 64 << 20;

/// What `pywasm_where` wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Stack {
    text: Vec<u8>,
    /// Whether the buffer was too small for all of it.
    cut: bool,
}

/// How far the guest has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The interpreter starts.
    Starting,
    /// The program runs, or the runtime tidies up after it.
    Rehearsing,
}

/// The program did what no snapshot may hold.
#[derive(Debug)]
pub(super) struct Stopped(pub(super) Notice);

impl fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the rehearsal stops: {}", self.0.kind)
    }
}

impl std::error::Error for Stopped {}

/// `pywasm_where` and `pywasm_scratch`.
pub(super) type Place = (TypedFunc<(u32, u32), u32>, TypedFunc<(), u32>);

/// The guest's exports that the sandbox uses.
#[derive(Clone)]
pub(super) struct Exports {
    pub(super) memory: Memory,
    /// The functions that report the Python stack, if the guest has them.
    pub(super) place: Option<Place>,
}

/// What a descriptor refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Descriptor {
    Input,
    Output,
    Errors,
    /// The channel for the messages of the guest's runtime.
    Messages,
}

/// The state of the sandbox, which is the data of the store.
pub(super) struct World {
    /// `None` until the module is instantiated.
    pub(super) exports: Option<Exports>,
    pub(super) random: Stream,
    pub(super) stdout: Tail,
    pub(super) stderr: Tail,
    /// The plan, until the guest has read it.
    pub(super) plan: String,
    phase: Phase,
    rehearsal: Option<Arc<dyn Rehearsal>>,
    /// What the program has relied on so far, with the question.
    pub(super) assumed: Vec<(Assumption, Notice)>,
    /// What a snapshot may hold, as it was asked for.
    held: HashSet<(NoticeKind, String, Stack)>,
    /// Bytes of text that were counted.
    text: usize,
    pub(super) renewed: BTreeSet<String>,
    pub(super) modules: Vec<String>,
    pub(super) live_bytes: u64,
    pub(super) heap_bytes: u64,
    /// The nanoseconds that the guest has slept.
    slept: u64,
    closed: [bool; 3],
    /// Whether the guest is running `pywasm_where`.
    asking: bool,
}

impl World {
    pub(super) fn new(plan: &Plan, relied: &[Assumption], rehearsal: Option<Arc<dyn Rehearsal>>) -> Self {
        Self {
            plan: match rehearsal.as_deref() {
                Some(own) => plan.text(own.environment(), own.renewals(), relied),
                None => plan.text(&BTreeMap::new(), &[], relied),
            },
            assumed: Vec::new(),
            phase: Phase::Starting,
            rehearsal,
            held: HashSet::new(),
            text: 0,
            exports: None,
            random: Stream::new(),
            stdout: Tail::default(),
            stderr: Tail::default(),
            renewed: BTreeSet::new(),
            modules: Vec::new(),
            live_bytes: 0,
            heap_bytes: 0,
            slept: 0,
            closed: [false; 3],
            asking: false,
        }
    }

    /// Counts text that is kept somewhere.
    fn count(&mut self, bytes: usize) -> Result<(), Error> {
        self.text = self.text.saturating_add(bytes);
        if self.text > MAX_TEXT {
            return Err(Error::Notices);
        }
        Ok(())
    }

    /// Returns the nanoseconds and the name of a clock by its number in WASI.
    ///
    /// Only the guest's sleep advances the clocks, so that waiting for a time ends.
    pub(super) fn clock(&self, id: u32) -> Option<(u64, &'static str)> {
        Some(match id {
            0 => (START.saturating_add(self.slept), "realtime"),
            1 => (self.slept, "monotonic"),
            2 => (0, "process"),
            3 => (0, "thread"),
            _ => return None,
        })
    }

    pub(super) fn sleep(&mut self, nanoseconds: u64) {
        self.slept = self.slept.saturating_add(nanoseconds);
    }

    pub(super) fn descriptor(&self, number: u32) -> Result<Descriptor, Errno> {
        if self.closed.get(number as usize).is_some_and(|closed| *closed) {
            return Err(BADF);
        }
        Ok(match number {
            0 => Descriptor::Input,
            1 => Descriptor::Output,
            2 => Descriptor::Errors,
            1000 => Descriptor::Messages,
            _ => return Err(BADF),
        })
    }

    pub(super) fn close(&mut self, number: u32) -> Result<(), Errno> {
        self.descriptor(number)?;
        *self.closed.get_mut(number as usize).ok_or(BADF)? = true;
        Ok(())
    }
}

impl ResourceLimiter for World {
    fn memory_growing(&mut self, _: usize, wanted: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if wanted > MAX_MEMORY {
            return Err(Error::Memory { wanted }.into());
        }
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, wanted: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(wanted <= MAX_ELEMENTS)
    }
}

/// Borrows the guest's memory for writing, and the sandbox.
pub(super) fn split<'a>(
    caller: &'a mut Caller<'_, World>,
) -> wasmtime::Result<(&'a mut [u8], &'a mut World)> {
    let memory = exports(caller)?.memory;
    Ok(memory.data_and_store_mut(caller))
}

fn exports(caller: &Caller<'_, World>) -> wasmtime::Result<Exports> {
    let problem = "it calls the host before the host calls one of its exports";
    let exports = caller.data().exports.clone();
    exports.ok_or_else(|| Error::Agreement(problem.to_owned()).into())
}

/// Judges a read, with the current Python stack: the guest goes on, or stops with [`Stopped`].
pub(super) fn notice(caller: &mut Caller<'_, World>, kind: NoticeKind, what: &str) -> wasmtime::Result<()> {
    let world = caller.data();
    if world.asking || world.phase == Phase::Starting {
        return Ok(());
    }
    let key = (kind, what.to_owned(), stack(caller)?);
    let world = caller.data_mut();
    if world.held.contains(&key) {
        return Ok(());
    }
    let stack = frames::parse(&key.2.text, key.2.cut)
        .map_err(|line| Error::Agreement(format!("pywasm_where wrote {line:?}, which is no frame")))?;
    let notice = Notice {
        kind,
        what: what.to_owned(),
        stack,
    };
    let judge = |rehearsal: &Arc<dyn Rehearsal>| rehearsal.judge(&notice, &world.renewed);
    let verdict = world.rehearsal.as_ref().map_or(Verdict::Stop, judge);
    let expected = world
        .rehearsal
        .as_ref()
        .and_then(|own| own.environment().get(&notice.what).cloned());
    let assumption = assumption(&notice, expected).filter(|new| has_room(world, new));
    match (verdict, assumption) {
        (Verdict::Hold, _) => {}
        (Verdict::Assume, Some(assumption)) => {
            if !is_known(world, &assumption) {
                world.assumed.push((assumption, notice));
            }
        }
        _ => return Err(Stopped(notice).into()),
    }
    world.count(key.1.len() + key.2.text.len())?;
    world.held.insert(key);
    Ok(())
}

fn has_room(world: &World, new: &Assumption) -> bool {
    let is_path = |assumption: &Assumption| matches!(assumption, Assumption::Missing(_));
    let paths = world.assumed.iter().filter(|(known, _)| is_path(known));
    !is_path(new) || is_known(world, new) || paths.count() < MAX_MISSING
}

fn is_known(world: &World, assumption: &Assumption) -> bool {
    world.assumed.iter().any(|(known, _)| known == assumption)
}

/// What the program relies on when it goes on after this question. `expected`: what it was told.
fn assumption(notice: &Notice, expected: Option<String>) -> Option<Assumption> {
    match notice.kind {
        // A name that holds what separates names could not be told to the guest.
        NoticeKind::Environment
            if !notice.what.is_empty() && !notice.what.contains(['\t', '\0', '\u{fffd}']) =>
        {
            Some(Assumption::Variable {
                name: notice.what.clone(),
                value: expected,
            })
        }
        NoticeKind::Missing => Some(Assumption::Missing(notice.what.clone())),
        NoticeKind::Terminal => STREAMS
            .iter()
            .position(|name| *name == notice.what)
            .map(|fd| Assumption::NoTerminal(fd as u32)),
        _ => None,
    }
}

/// Processes the messages that the guest's runtime wrote to the notice channel.
pub(super) fn messages(caller: &mut Caller<'_, World>, text: &[u8]) -> wasmtime::Result<()> {
    if caller.data().asking {
        return Ok(());
    }
    caller.data_mut().count(text.len())?;
    let messages = message::parse(text)
        .map_err(|line| Error::Agreement(format!("{line:?} is not a message that this version knows")))?;
    for message in messages {
        match message {
            Message::Environment(name) => notice(caller, NoticeKind::Environment, &name)?,
            Message::Missing(path) => notice(caller, NoticeKind::Missing, &path)?,
            Message::File(path) => notice(caller, NoticeKind::File, &path)?,
            Message::Stale(module) => return Err(stale(caller, module)),
            Message::Argv => notice(caller, NoticeKind::Argv, "")?,
            Message::Entropy(name) => notice(caller, NoticeKind::Entropy, &name)?,
            Message::Raised(name) => notice(caller, NoticeKind::Exit, &name)?,
            Message::Begin => caller.data_mut().phase = Phase::Rehearsing,
            Message::Renewed(module) => {
                caller.data_mut().renewed.insert(module);
            }
            Message::Live(bytes) => caller.data_mut().live_bytes = bytes,
            Message::Heap(bytes) => caller.data_mut().heap_bytes = bytes,
            Message::Module(name) => caller.data_mut().modules.push(name),
        }
    }
    Ok(())
}

/// Stops where a module has read the clock for something that is not where it was to be renewed.
fn stale(caller: &mut Caller<'_, World>, module: String) -> wasmtime::Error {
    let stack = match stack(caller) {
        Ok(stack) => frames::parse(&stack.text, stack.cut).unwrap_or_default(),
        Err(error) => return error,
    };
    let what = format!("realtime in {module}");
    let kind = NoticeKind::Clock;
    Stopped(Notice { kind, what, stack }).into()
}

/// Asks the guest for its Python stack, in the middle of its call to the sandbox.
fn stack(caller: &mut Caller<'_, World>) -> wasmtime::Result<Stack> {
    let Exports { memory, place } = exports(caller)?;
    let Some((place, scratch)) = place else {
        return Ok(Stack::default());
    };
    caller.data_mut().asking = true;
    let text = stack_text(caller, memory, &place, &scratch);
    caller.data_mut().asking = false;
    let text = text?;
    Ok(Stack {
        cut: text.len() == SCRATCH as usize,
        text,
    })
}

fn stack_text(
    caller: &mut Caller<'_, World>,
    memory: Memory,
    place: &TypedFunc<(u32, u32), u32>,
    scratch: &TypedFunc<(), u32>,
) -> wasmtime::Result<Vec<u8>> {
    let buffer = scratch.call(caller.as_context_mut(), ())?;
    let outside = |_| {
        let problem = format!("the {SCRATCH} bytes at pywasm_scratch, {buffer}, are outside of the memory");
        Error::Agreement(problem)
    };
    Guest(memory.data(&caller))
        .bytes(buffer, SCRATCH)
        .map_err(outside)?;
    let length = place.call(caller.as_context_mut(), (buffer, SCRATCH))?;
    if length > SCRATCH {
        let problem = format!("pywasm_where wrote {length} bytes into a buffer of {SCRATCH}");
        return Err(Error::Agreement(problem).into());
    }
    let text = Guest(memory.data(&caller))
        .bytes(buffer, length)
        .map_err(outside)?;
    Ok(text.to_vec())
}
