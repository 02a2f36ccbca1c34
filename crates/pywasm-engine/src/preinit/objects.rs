//! Asks the guest what is in its heap: a guest whose memory was taken in, a list of objects out.

use pywasm_interpreter::ObjectList;
use pywasm_target::abi::export;
use wasmtime::{Instance, Memory, Store};

use super::{function, world::World};
use crate::Error;

/// The words of a report: where the records are and how many words they have, where the names are
/// and how many bytes they have, and how many names are those of modules and of kinds.
const REPORT: usize = 6;

/// `None` where the guest has no such export, or not enough memory for an answer: the list says
/// what is in an artifact, and an artifact is right without it.
pub(super) fn list(
    store: &mut Store<World>,
    instance: &Instance,
    memory: Memory,
) -> Result<Option<ObjectList>, Error> {
    if instance.get_export(&mut *store, export::OBJECTS).is_none() {
        return Ok(None);
    }
    let ask = function::<(), i32>(store, instance, export::OBJECTS)?;
    let Ok(address @ 1..) = ask.call(&mut *store, ()).map(i32::cast_unsigned) else {
        return Ok(None);
    };
    let memory = memory.data(&*store);
    let report: Vec<u32> = words(memory, address, REPORT as u32)?.collect();
    let [objects, count, names, length, modules, kinds] = report[..] else {
        return Ok(None);
    };
    Ok(Some(ObjectList {
        words: words(memory, objects, count)?.collect(),
        names: bytes(memory, names, length as usize)?.to_vec(),
        modules,
        kinds,
    }))
}

fn words(memory: &[u8], address: u32, count: u32) -> Result<impl Iterator<Item = u32>, Error> {
    let words = bytes(memory, address, (count as usize).saturating_mul(4))?
        .as_chunks()
        .0;
    Ok(words.iter().map(|word| u32::from_le_bytes(*word)))
}

fn bytes(memory: &[u8], address: u32, length: usize) -> Result<&[u8], Error> {
    let start = address as usize;
    let outside = || {
        let name = export::OBJECTS;
        Error::Agreement(format!(
            "{name} names {length} bytes at {address}, which are outside of the memory"
        ))
    };
    memory
        .get(start..start.saturating_add(length))
        .ok_or_else(outside)
}
