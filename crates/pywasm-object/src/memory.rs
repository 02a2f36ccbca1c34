//! Finds a module's own memory, if it has one of the plain kind.

use wasmparser::MemoryType;

use crate::Error;
use crate::parse::Module;

/// Bytes of a WebAssembly page.
pub(crate) const PAGE: u64 = 65_536;
/// Pages of the largest 32-bit memory.
const MOST_PAGES: u64 = 65_536;

/// The only memory of a module: its own, not shared, with 32-bit addresses and pages of the usual size.
pub(crate) fn own_memory(module: &Module<'_>) -> Result<MemoryType, Error> {
    let fail = |problem| Err(memory_error(problem));
    match module.memories.as_slice() {
        [_] if module.memory_imported => fail("is imported"),
        [memory] if memory.memory64 || memory.shared || memory.page_size_log2.is_some() => {
            fail("is not a plain 32-bit memory")
        }
        [memory] => Ok(*memory),
        [] => fail("is missing"),
        _ => fail("is not the only one"),
    }
}

/// Checks that the memory may start with that many pages.
pub(crate) fn check_pages(memory: &MemoryType, pages: u64) -> Result<(), Error> {
    let most = memory.maximum.unwrap_or(MOST_PAGES).min(MOST_PAGES);
    // The whole 4 GiB cannot be had: the end of the last byte must be an address too.
    if pages > most || pages == MOST_PAGES {
        return Err(memory_error(&format!(
            "may have {most} pages, and {pages} are needed"
        )));
    }
    Ok(())
}

pub(crate) fn memory_error(problem: &str) -> Error {
    Error::Memory {
        problem: problem.to_owned(),
    }
}
