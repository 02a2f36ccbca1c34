//! Adds the sandbox's versions of all functions of WASI preview 1 to a linker.

use pywasm_interpreter::NoticeKind;
use wasmtime::{Caller, Linker};

use super::{
    guest::{BADF, Errno, Guest, INVAL, NOSYS, put, room},
    streams::{
        fd_close, fd_fdstat_get, fd_filestat_get, fd_read, fd_write, no_folder, no_position, unsupported,
    },
    world::{Descriptor, World, notice, split},
};
use crate::{Error, run::ProcessExit};

/// The module that the guest imports WASI from.
pub(super) const MODULE: &str = "wasi_snapshot_preview1";

/// Sizes of a subscription and of an event.
const SUBSCRIPTION: u32 = 48;
const EVENT: u32 = 32;

/// Kinds of both.
const CLOCK: u8 = 0;
const READ: u8 = 1;
const WRITE: u8 = 2;

/// Why a call fails.
pub(super) enum Fail {
    /// The guest receives the error.
    Errno(Errno),
    /// The host stops the guest.
    Stop(wasmtime::Error),
}

impl From<Errno> for Fail {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<wasmtime::Error> for Fail {
    fn from(error: wasmtime::Error) -> Self {
        Self::Stop(error)
    }
}

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        Self::Stop(error.into())
    }
}

fn answer(result: Result<(), Fail>) -> wasmtime::Result<u32> {
    match result {
        Ok(()) => Ok(0),
        Err(Fail::Errno(errno)) => Ok(u32::from(errno.0)),
        Err(Fail::Stop(error)) => Err(error),
    }
}

/// Defines one function in each line: its name, its parameters, and its answer.
macro_rules! functions {
    ($linker:ident, $caller:ident; $($name:ident($($argument:ident: $type:ty),*) => $body:expr;)*) => {$(
        $linker.func_wrap(
            MODULE,
            stringify!($name),
            |mut $caller: Caller<'_, World>, $($argument: $type),*| {
                #[allow(unused_variables, reason = "some answers are always the same")]
                let $caller = &mut $caller;
                answer($body)
            },
        )?;
    )*};
}

pub(super) fn add(linker: &mut Linker<World>) -> wasmtime::Result<()> {
    functions! { linker, caller;
        args_get(_list: u32, _text: u32) => Ok(());
        args_sizes_get(count: u32, size: u32) => put_zeros(caller, count, size);
        environ_get(_list: u32, _text: u32) => Ok(());
        environ_sizes_get(count: u32, size: u32) => put_zeros(caller, count, size);
        clock_res_get(id: u32, resolution: u32) => clock_res_get(caller, id, resolution);
        clock_time_get(id: u32, _precision: u64, time: u32) => clock_time_get(caller, id, time);
        fd_advise(fd: u32, _at: u64, _length: u64, _advice: u32) => unsupported(caller, fd);
        fd_allocate(fd: u32, _at: u64, _length: u64) => unsupported(caller, fd);
        fd_close(fd: u32) => fd_close(caller, fd);
        fd_datasync(fd: u32) => unsupported(caller, fd);
        fd_fdstat_get(fd: u32, stat: u32) => fd_fdstat_get(caller, fd, stat);
        fd_fdstat_set_flags(fd: u32, _flags: u32) => unsupported(caller, fd);
        fd_fdstat_set_rights(fd: u32, _base: u64, _inherited: u64) => unsupported(caller, fd);
        fd_filestat_get(fd: u32, stat: u32) => fd_filestat_get(caller, fd, stat);
        fd_filestat_set_size(fd: u32, _size: u64) => unsupported(caller, fd);
        fd_filestat_set_times(fd: u32, _access: u64, _change: u64, _flags: u32) => unsupported(caller, fd);
        fd_pread(fd: u32, _list: u32, _count: u32, _at: u64, _length: u32) => no_position(caller, fd);
        fd_prestat_get(_fd: u32, _stat: u32) => Err(BADF.into());
        fd_prestat_dir_name(_fd: u32, _name: u32, _size: u32) => Err(BADF.into());
        fd_pwrite(fd: u32, _list: u32, _count: u32, _at: u64, _length: u32) => no_position(caller, fd);
        fd_read(fd: u32, list: u32, count: u32, length: u32) => fd_read(caller, fd, list, count, length);
        fd_readdir(fd: u32, _entries: u32, _size: u32, _cookie: u64, _used: u32) => no_folder(caller, fd);
        fd_renumber(from: u32, to: u32) => renumber(caller, from, to);
        fd_seek(fd: u32, _offset: i64, _whence: u32, _position: u32) => no_position(caller, fd);
        fd_sync(fd: u32) => unsupported(caller, fd);
        fd_tell(fd: u32, _position: u32) => no_position(caller, fd);
        fd_write(fd: u32, list: u32, count: u32, length: u32) => fd_write(caller, fd, list, count, length);
        path_create_directory(fd: u32, _path: u32, _length: u32) => no_folder(caller, fd);
        path_filestat_get(fd: u32, _lookup: u32, _path: u32, _length: u32, _stat: u32) => no_folder(caller, fd);
        path_filestat_set_times(
            fd: u32, _lookup: u32, _path: u32, _length: u32, _access: u64, _change: u64, _flags: u32
        ) => no_folder(caller, fd);
        path_link(
            fd: u32, _lookup: u32, _path: u32, _length: u32, _to: u32, _new: u32, _new_length: u32
        ) => no_folder(caller, fd);
        path_open(
            fd: u32, _lookup: u32, _path: u32, _length: u32,
            _create: u32, _base: u64, _inherited: u64, _flags: u32, _opened: u32
        ) => no_folder(caller, fd);
        path_readlink(fd: u32, _path: u32, _length: u32, _text: u32, _size: u32, _used: u32) =>
            no_folder(caller, fd);
        path_remove_directory(fd: u32, _path: u32, _length: u32) => no_folder(caller, fd);
        path_rename(fd: u32, _path: u32, _length: u32, _to: u32, _new: u32, _new_length: u32) =>
            no_folder(caller, fd);
        path_symlink(_text: u32, _text_length: u32, fd: u32, _path: u32, _length: u32) => no_folder(caller, fd);
        path_unlink_file(fd: u32, _path: u32, _length: u32) => no_folder(caller, fd);
        poll_oneoff(questions: u32, events: u32, count: u32, happened: u32) =>
            poll_oneoff(caller, questions, events, count, happened);
        proc_raise(_signal: u32) => Err(NOSYS.into());
        sched_yield() => Ok(());
        random_get(bytes: u32, length: u32) => random_get(caller, bytes, length);
        sock_accept(fd: u32, _flags: u32, _accepted: u32) => unsupported(caller, fd);
        sock_recv(fd: u32, _list: u32, _count: u32, _flags: u32, _length: u32, _what: u32) => unsupported(caller, fd);
        sock_send(fd: u32, _list: u32, _count: u32, _flags: u32, _length: u32) => unsupported(caller, fd);
        sock_shutdown(fd: u32, _how: u32) => unsupported(caller, fd);
    }
    // The only function without a result.
    linker.func_wrap(
        MODULE,
        "proc_exit",
        |mut caller: Caller<'_, World>, code: u32| -> wasmtime::Result<()> {
            notice(&mut caller, NoticeKind::Exit, "an exit code")?;
            Err(ProcessExit(code).into())
        },
    )?;
    Ok(())
}

fn put_zeros(caller: &mut Caller<'_, World>, one: u32, two: u32) -> Result<(), Fail> {
    let (memory, _) = split(caller)?;
    room(memory, two, 4)?;
    put(memory, one, &[0; 4])?;
    Ok(put(memory, two, &[0; 4])?)
}

fn clock_res_get(caller: &mut Caller<'_, World>, id: u32, resolution: u32) -> Result<(), Fail> {
    let (memory, world) = split(caller)?;
    world.clock(id).ok_or(INVAL)?;
    Ok(put(memory, resolution, &1_u64.to_le_bytes())?)
}

fn clock_time_get(caller: &mut Caller<'_, World>, id: u32, time: u32) -> Result<(), Fail> {
    let (memory, world) = split(caller)?;
    let (now, name) = world.clock(id).ok_or(INVAL)?;
    put(memory, time, &now.to_le_bytes())?;
    Ok(notice(caller, NoticeKind::Clock, name)?)
}

fn random_get(caller: &mut Caller<'_, World>, bytes: u32, length: u32) -> Result<(), Fail> {
    let (memory, world) = split(caller)?;
    world.random.fill(room(memory, bytes, length)?);
    Ok(notice(caller, NoticeKind::Entropy, "")?)
}

fn renumber(caller: &Caller<'_, World>, from: u32, to: u32) -> Result<(), Fail> {
    caller.data().descriptor(from)?;
    unsupported(caller, to)
}

/// An event that a guest waits for.
struct Question {
    userdata: [u8; 8],
    kind: u8,
    /// Nanoseconds until a clock is there; 0 for descriptors.
    wait: u64,
    /// Why the event can never happen.
    problem: Option<Errno>,
}

/// Waits for events. Descriptors are ready at once. If the guest waits only for clocks, it sleeps,
/// which takes no time but advances the clocks.
fn poll_oneoff(
    caller: &mut Caller<'_, World>,
    questions: u32,
    events: u32,
    count: u32,
    happened: u32,
) -> Result<(), Fail> {
    let (memory, world) = split(caller)?;
    if count == 0 {
        return Err(INVAL.into());
    }
    let size = |one: u32| count.checked_mul(one).ok_or(INVAL);
    let asked = Guest(memory).bytes(questions, size(SUBSCRIPTION)?)?;
    let asked = asked
        .chunks_exact(SUBSCRIPTION as usize)
        .map(|bytes| question(Guest(bytes), world))
        .collect::<Result<Vec<_>, _>>()?;
    room(memory, happened, 4)?;
    let wait = asked.iter().map(|question| question.wait).min().unwrap_or(0);
    let reads_input = asked.iter().any(|question| question.kind == READ);
    world.sleep(wait);
    let room = room(memory, events, size(EVENT)?)?;
    let mut happening = 0_u32;
    let ready = asked.iter().filter(|question| question.wait <= wait);
    for (question, event) in ready.zip(room.chunks_exact_mut(EVENT as usize)) {
        event.fill(0);
        event[..8].copy_from_slice(&question.userdata);
        event[8..10].copy_from_slice(&question.problem.map_or(0, |errno| errno.0).to_le_bytes());
        event[10] = question.kind;
        // Standard input is at its end, so its other side has closed it.
        event[24] = u8::from(question.kind == READ && question.problem.is_none());
        happening += 1;
    }
    put(memory, happened, &happening.to_le_bytes())?;
    let (kind, what) = match reads_input {
        true => (NoticeKind::File, "stdin"),
        false => (NoticeKind::Clock, "sleep"),
    };
    Ok(notice(caller, kind, what)?)
}

fn question(bytes: Guest<'_>, world: &World) -> Result<Question, Errno> {
    let kind = bytes.bytes(8, 1)?[0];
    let subject = bytes.u32(16)?;
    let (wait, problem) = match kind {
        CLOCK => match world.clock(subject) {
            Some((now, _)) if bytes.u16(40)? & 1 == 1 => (bytes.u64(24)?.saturating_sub(now), None),
            Some(_) => (bytes.u64(24)?, None),
            None => (0, Some(INVAL)),
        },
        READ | WRITE => match (kind, world.descriptor(subject)) {
            (READ, Ok(Descriptor::Input)) => (0, None),
            (WRITE, Ok(Descriptor::Output | Descriptor::Errors)) => (0, None),
            _ => (0, Some(BADF)),
        },
        _ => return Err(INVAL),
    };
    Ok(Question {
        userdata: bytes.u64(0)?.to_le_bytes(),
        kind,
        wait,
        problem,
    })
}
