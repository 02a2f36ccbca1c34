//! An image in; it stands behind the guest's memory, and the guest's variable names it.

use std::ops::Range;

use pywasm_interpreter::Image;
use wasmtime::{Extern, Instance, Memory, Store};

use super::guest::put;
use crate::Error;

/// A page of memory.
pub(crate) const PAGE: usize = 65_536;

/// Returns where the image stands.
pub(crate) fn place<T>(
    store: &mut Store<T>,
    instance: &Instance,
    memory: Memory,
    image: Image<'_>,
) -> Result<Range<usize>, Error> {
    let fail = |problem: &str| Error::Export {
        name: image.export.to_owned(),
        problem: problem.to_owned(),
    };
    let variable = instance
        .get_export(&mut *store, image.export)
        .ok_or_else(|| fail("is not there"))
        .map(Extern::into_global)?
        .and_then(|global| global.get(&mut *store).i32())
        .ok_or_else(|| fail("is no i32 global"))?;
    let length = u32::try_from(image.bytes.len()).map_err(|_| fail("is for less than 4 GiB"))?;
    let pages = image.bytes.len().div_ceil(PAGE) as u64;
    let start = memory.data_size(&*store);
    memory
        .grow(&mut *store, pages)
        .map_err(|error| error.downcast().unwrap_or_else(Error::Instantiate))?;
    let outside = |_| fail("holds an address outside of the memory");
    let words = (start as u64 | u64::from(length) << 32).to_le_bytes();
    let (before, behind) = memory.data_mut(store).split_at_mut(start);
    put(before, variable.cast_unsigned(), &words).map_err(outside)?;
    behind[..image.bytes.len()].copy_from_slice(image.bytes);
    Ok(start..start + image.bytes.len())
}
