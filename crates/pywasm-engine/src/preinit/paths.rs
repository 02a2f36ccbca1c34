//! Answers calls with a path: notes the request, and reports that the file does not exist, since the
//! only folder is empty.

use pywasm_interpreter::NoticeKind;
use wasmtime::Caller;

use super::{
    guest::{Errno, Guest, NOENT, NOTDIR},
    wasi::Fail,
    world::{Descriptor, World, notice, split},
};

/// A path in the guest: the folder's descriptor, the text's address and its length.
pub(super) type Path = (u32, u32, u32);

/// Notes the request for `path`, and reports that it does not exist.
pub(super) fn missing(caller: &mut Caller<'_, World>, path: Path) -> Result<(), Fail> {
    let name = absolute(caller, path)?;
    notice(caller, NoticeKind::File, &name)?;
    Err(NOENT.into())
}

/// Checks both paths, notes the request for `from`, and reports that it does not exist.
pub(super) fn missing_pair(caller: &mut Caller<'_, World>, from: Path, to: Path) -> Result<(), Fail> {
    absolute(caller, to)?;
    missing(caller, from)
}

/// Checks the text of a link, and reports that the folder of `path` does not exist.
pub(super) fn no_link(
    caller: &mut Caller<'_, World>,
    text: u32,
    length: u32,
    path: Path,
) -> Result<(), Fail> {
    Guest(split(caller)?.0).bytes(text, length)?;
    missing(caller, path)
}

fn absolute(caller: &mut Caller<'_, World>, (fd, text, length): Path) -> Result<String, Fail> {
    let (memory, world) = split(caller)?;
    match world.descriptor(fd)? {
        Descriptor::Root => {}
        _ => return Err(NOTDIR.into()),
    }
    Ok(named(memory, text, length)?)
}

fn named(memory: &[u8], text: u32, length: u32) -> Result<String, Errno> {
    let path = String::from_utf8_lossy(Guest(memory).bytes(text, length)?);
    Ok(match &*path {
        "." => "/".to_owned(),
        path => format!("/{}", path.trim_start_matches('/')),
    })
}
