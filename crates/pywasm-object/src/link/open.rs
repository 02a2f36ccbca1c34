//! Lists the functions that open modules import from the host, and that the base does not import yet.

use std::collections::HashSet;

use wasmparser::FuncType;

use crate::link::base::Base;
use crate::link::side::Side;

/// A function that the host gives.
pub(crate) struct HostFunction<'a> {
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    pub(crate) ty: &'a FuncType,
}

/// The functions that the base needs as imports of its own before the modules are linked into it.
///
/// A weak import is none of them: the linked module must run where the host does not have it. Where two
/// modules give one function two types, the first one counts, and the resolver refuses the second.
pub(crate) fn host_functions<'a>(base: &Base<'a>, sides: &'a [Side<'a>]) -> Vec<HostFunction<'a>> {
    let mut known: HashSet<(&str, &str)> = base.module.imports.iter().copied().collect();
    let mut functions = Vec::new();
    for side in sides.iter().filter(|side| side.is_open) {
        for (index, import) in (0..).zip(&side.functions) {
            let is_of_the_link = import.module == "env" || import.module.starts_with("GOT.");
            if is_of_the_link || import.weak {
                continue;
            }
            // Modules with types of another kind were refused, so there is one.
            let Some(ty) = side.function_type(index) else {
                continue;
            };
            let (module, name) = (import.module, import.name);
            if known.insert((module, name)) {
                functions.push(HostFunction { module, name, ty });
            }
        }
    }
    functions
}
