//! Answers calls on descriptors: standard input is empty, output is kept, and no folder is open.

use pywasm_interpreter::{NoticeKind, STREAMS};
use wasmtime::Caller;

use super::{
    guest::{BADF, Guest, INVAL, NAMETOOLONG, NOSYS, NOTDIR, SPIPE, put, room},
    wasi::Fail,
    world::{Descriptor, World, messages, notice, split},
};

/// The number of bytes at the end of an output that are kept.
const TAIL: usize = 1 << 20;

/// The file type of WASI for what is not known.
const UNKNOWN: u8 = 0;

/// Rights of WASI.
const READ: u64 = 1 << 1;
const WRITE: u64 = 1 << 6;
const POLL: u64 = 1 << 27;

/// The end of an output.
#[derive(Debug, Default)]
pub(super) struct Tail(Vec<u8>);

impl Tail {
    fn push(&mut self, bytes: &[u8]) {
        self.0
            .extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL)..]);
        if self.0.len() > 2 * TAIL {
            self.0.drain(..self.0.len() - TAIL);
        }
    }

    /// Returns at most [`TAIL`] bytes.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.split_off(self.0.len().saturating_sub(TAIL))
    }
}

/// Reports that a descriptor does not support the call.
pub(super) fn unsupported(caller: &Caller<'_, World>, fd: u32) -> Result<(), Fail> {
    caller.data().descriptor(fd)?;
    Err(NOSYS.into())
}

/// Reports that a descriptor has no position.
pub(super) fn no_position(caller: &Caller<'_, World>, fd: u32) -> Result<(), Fail> {
    caller.data().descriptor(fd)?;
    Err(SPIPE.into())
}

/// Reports that a descriptor is not a folder.
pub(super) fn no_folder(caller: &Caller<'_, World>, fd: u32) -> Result<(), Fail> {
    caller.data().descriptor(fd)?;
    Err(NOTDIR.into())
}

pub(super) fn fd_close(caller: &mut Caller<'_, World>, fd: u32) -> Result<(), Fail> {
    Ok(caller.data_mut().close(fd)?)
}

pub(super) fn fd_fdstat_get(caller: &mut Caller<'_, World>, fd: u32, stat: u32) -> Result<(), Fail> {
    let (memory, world) = split(caller)?;
    let rights = match world.descriptor(fd)? {
        Descriptor::Input => READ | POLL,
        Descriptor::Output | Descriptor::Errors => WRITE | POLL,
        Descriptor::Messages => WRITE,
    };
    let mut bytes = [0; 24];
    bytes[0] = UNKNOWN;
    bytes[8..16].copy_from_slice(&rights.to_le_bytes());
    put(memory, stat, &bytes)?;
    Ok(ask_terminal(caller, fd)?)
}

pub(super) fn fd_filestat_get(caller: &mut Caller<'_, World>, fd: u32, stat: u32) -> Result<(), Fail> {
    let (memory, world) = split(caller)?;
    world.descriptor(fd)?;
    let mut bytes = [0; 64];
    bytes[16] = UNKNOWN;
    put(memory, stat, &bytes)?;
    Ok(ask_terminal(caller, fd)?)
}

/// Notes that the guest asked what a standard stream is.
fn ask_terminal(caller: &mut Caller<'_, World>, fd: u32) -> wasmtime::Result<()> {
    match STREAMS.get(fd as usize) {
        Some(name) => notice(caller, NoticeKind::Terminal, name),
        None => Ok(()),
    }
}

pub(super) fn fd_read(
    caller: &mut Caller<'_, World>,
    fd: u32,
    buffers: u32,
    count: u32,
    length: u32,
) -> Result<(), Fail> {
    let (memory, world) = split(caller)?;
    match world.descriptor(fd)? {
        Descriptor::Input => {}
        Descriptor::Messages => return read_plan(caller, buffers, count, length),
        _ => return Err(BADF.into()),
    }
    Guest(memory).buffers(buffers, count)?;
    put(memory, length, &[0; 4])?;
    Ok(notice(caller, NoticeKind::File, "stdin")?)
}

/// Writes the plan into the first buffer, which has to be large enough.
fn read_plan(caller: &mut Caller<'_, World>, buffers: u32, count: u32, length: u32) -> Result<(), Fail> {
    let (memory, world) = split(caller)?;
    if count == 0 {
        return Err(INVAL.into());
    }
    let pair = Guest(memory).bytes(buffers, 8)?;
    let (address, size) = (Guest(pair).u32(0)?, Guest(pair).u32(4)?);
    let plan = std::mem::take(&mut world.plan);
    if plan.len() > size as usize {
        return Err(NAMETOOLONG.into());
    }
    put(memory, address, plan.as_bytes())?;
    Ok(put(memory, length, &(plan.len() as u32).to_le_bytes())?)
}

pub(super) fn fd_write(
    caller: &mut Caller<'_, World>,
    fd: u32,
    buffers: u32,
    count: u32,
    length: u32,
) -> Result<(), Fail> {
    let (memory, world) = split(caller)?;
    let descriptor = world.descriptor(fd)?;
    room(memory, length, 4)?;
    let (parts, written) = Guest(memory).buffers(buffers, count)?;
    let (tail, name) = match descriptor {
        Descriptor::Output => (&mut world.stdout, "stdout"),
        Descriptor::Errors => (&mut world.stderr, "stderr"),
        Descriptor::Messages => {
            // The guest runs while the messages are processed, so they are copied from its memory.
            let text = parts.concat();
            put(memory, length, &written.to_le_bytes())?;
            return Ok(messages(caller, &text)?);
        }
        Descriptor::Input => return Err(BADF.into()),
    };
    for part in parts {
        tail.push(part);
    }
    put(memory, length, &written.to_le_bytes())?;
    Ok(notice(caller, NoticeKind::Print, name)?)
}

#[cfg(test)]
mod tests {
    use super::{TAIL, Tail};

    #[test]
    fn the_end_of_the_output_stays() {
        let mut tail = Tail::default();
        for number in 0..TAIL as u32 {
            tail.push(&number.to_le_bytes());
        }
        tail.push(b"");
        let kept = tail.finish();
        assert_eq!(kept.len(), TAIL);
        assert_eq!(kept[TAIL - 4..], (TAIL as u32 - 1).to_le_bytes());
        let mut tail = Tail::default();
        tail.push(&vec![b'x'; 3 * TAIL]);
        tail.push(b"end");
        let kept = tail.finish();
        assert_eq!((kept.len(), &kept[TAIL - 4..]), (TAIL, b"xend".as_slice()));
    }
}
