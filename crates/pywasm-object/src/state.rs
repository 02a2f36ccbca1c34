//! Checks that the functions of a module that run change nothing but its memory.
//!
//! A snapshot holds the memory alone. The linker gives a C program one mutable
//! global, the shadow stack pointer, and that has its first value again
//! whenever no function is running.

use crate::Error;
use crate::memory::own_memory;
use crate::parse::Module;
use crate::scan::scan;

/// Checks that nothing of a module's state outlives a call but what is in its memory.
pub(crate) fn check_state(module: &Module<'_>, runs: impl Fn(u32) -> bool) -> Result<(), Error> {
    own_memory(module)?;
    let fail = |what: &str| {
        Err(Error::Unsupported(format!(
            "{what}: a snapshot holds only the memory"
        )))
    };
    let mut mutable = module.globals.iter().filter(|global| global.mutable);
    if mutable.clone().any(|global| global.imported) {
        return fail("an imported global that can change");
    }
    if mutable.nth(1).is_some() {
        return fail("a mutable global other than the stack pointer");
    }
    if module.table_imported {
        return fail("an imported table");
    }
    if !module.types_are_plain {
        return fail("types other than those of plain functions");
    }
    if module.start.is_some() {
        return fail("a start function, which would run a second time");
    }
    for (function, body) in (module.imported_functions..).zip(&module.bodies) {
        if !runs(function) {
            continue;
        }
        let scan = scan(body)?;
        if scan.writes_table {
            return fail("code that changes a table or drops an element segment");
        }
        if scan.names_data {
            return fail("code that names data segments by their index");
        }
    }
    Ok(())
}
