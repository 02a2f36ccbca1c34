//! Links shared modules (with a `dylink.0` section, as `-shared -fPIC` gives them) into a linked
//! base. The result is one linked module that keeps its `linking` and `reloc.*` sections, so that
//! shaking works on it.
//!
//! What a dynamic linker does when a program starts is done here once: each
//! module gets a place after the base's memory and table, its imports are
//! bound to the base and to the other modules, the addresses in its data are
//! stored. What is exported from a module becomes a symbol, and an export only where the plan says so.
//!
//! | file | what it does |
//! | --- | --- |
//! | `base`, `side`, `dylink` | take the modules apart |
//! | `open`, `reindex` | give the base the imports that modules need of the host |
//! | `layout` | decides where each module goes |
//! | `symbols` | names its functions and data |
//! | `resolve`, `bindings`, `slots` | find what its imports are |
//! | `value`, `evaluate` | find out what its linker-made functions would store |
//! | `addresses`, `code`, `writer`, `data` | write its code and data for their place |
//! | `lists` | tells the base which functions there are |
//! | `exports` | tells the host which functions there are |
//! | `parts`, `sections`, `customs`, `write` | put it all together |

mod addresses;
mod base;
mod bindings;
mod code;
mod customs;
mod data;
mod dylink;
mod error;
mod evaluate;
mod exports;
mod layout;
mod lists;
mod open;
mod parts;
mod reindex;
mod resolve;
mod sections;
mod side;
mod slots;
mod symbols;
mod value;
mod write;
mod writer;

pub use error::{LinkError, MissingSymbols};
use serde::{Deserialize, Serialize};

use crate::link::addresses::{Addresses, function_symbols};
use crate::link::base::Base;
use crate::link::bindings::Bindings;
use crate::link::code::Translation;
use crate::link::evaluate::evaluate;
use crate::link::exports::exports;
use crate::link::layout::layout;
use crate::link::lists::Lists;
use crate::link::open::host_functions;
use crate::link::parts::Parts;
use crate::link::reindex::with_imports;
use crate::link::resolve::Resolver;
use crate::link::side::Side;
use crate::link::slots::Slots;
use crate::link::symbols::symbols;
use crate::link::write::write;
use crate::validate::check_output;

/// Changes when [`link`] gives another module for the same input; for the keys of caches.
pub const LINK_VERSION: u32 = 3;

/// What to link into a base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPlan {
    /// The modules, in the order in which they are placed and their constructors run.
    pub modules: Vec<SideModule>,
    /// Lists that tell the base which functions there are.
    pub lists: Vec<InitTable>,
    /// Functions of the modules that the linked module exports, in this order and after the base's exports.
    pub exports: Vec<Export>,
}

/// A shared module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideModule {
    /// What errors and symbols call it.
    pub name: String,
    /// Its bytes.
    pub wasm: Vec<u8>,
    /// Whether the host may give it functions that the base does not import: they become imports of the linked
    /// module. Otherwise they are missing, as imports from `env` are in any case. Weak ones may be missing.
    pub is_open: bool,
}

/// A function that the linked module exports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Which of the plan's modules the function is in: the one that has its body.
    pub module: usize,
    /// The name under which that module exports it, and the linked module does too.
    pub function: String,
}

/// Fills a variable of the base, which must be zero there:
/// `struct { const struct { const char *text; void *function; } *records; uint32_t count; }`.
///
/// Where the base declares it const, it must be volatile too: the compiler may else take the zeros for its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitTable {
    /// The variable's symbol.
    pub symbol: String,
    /// Its records, in order.
    pub records: Vec<InitTableEntry>,
}

/// A text and a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitTableEntry {
    /// Becomes a NUL-terminated string.
    pub text: String,
    /// Which of the plan's modules the function is in.
    pub module: usize,
    /// The name under which that module exports it.
    pub function: String,
}

/// Links shared modules into a base.
///
/// # Errors
/// The base or a module is not valid, the base was not linked with `--emit-relocs`, a module
/// is not a shared module or uses threads, exceptions or passive segments, something that a
/// module imports is nowhere, there is no room, a list or an export names what is not there, or two exports
/// have one name.
pub fn link(base: &[u8], plan: &LinkPlan) -> Result<Vec<u8>, LinkError> {
    let base = Base::new(base)?;
    let sides = plan
        .modules
        .iter()
        .map(Side::new)
        .collect::<Result<Vec<_>, _>>()?;
    let functions = host_functions(&base, &sides);
    if functions.is_empty() {
        return link_sides(&base, &sides, plan);
    }
    let bytes = with_imports(&base, &functions)?;
    let base = Base::read(&bytes).map_err(LinkError::Output)?;
    link_sides(&base, &sides, plan)
}

/// Links modules into a base that imports all that they need of the host.
fn link_sides(base: &Base<'_>, sides: &[Side<'_>], plan: &LinkPlan) -> Result<Vec<u8>, LinkError> {
    let layout = layout(base, sides)?;
    let mut symbols = symbols(base, sides, &layout);
    let mut resolver = Resolver::new(base, sides, &layout);
    let mut bindings: Vec<Bindings> = Vec::new();
    for side in 0..sides.len() {
        bindings.push(Bindings {
            functions: resolver.functions(side),
            globals: Vec::new(),
        });
    }
    let placed = |side: usize, function: u32| match bindings[side].functions.get(function as usize) {
        Some(&imported) => imported,
        None => resolver.function_index(side, function),
    };
    let mut slots = Slots::new(base, sides, &layout, placed);
    for (side, bindings) in bindings.iter_mut().enumerate() {
        bindings.globals = resolver.globals(side, &mut slots, &mut symbols)?;
    }
    let mut lists = Lists {
        base,
        sides,
        layout: &layout,
        slots: &mut slots,
        symbols: &mut symbols,
    };
    let (records, patches) = lists.write(&resolver, &plan.lists)?;
    let exports = exports(base, sides, &resolver, &plan.exports)?;
    let stubs = resolver.finish()?;
    let mut parts = Parts::new(base, &layout, &slots);
    parts.exports = exports;
    for (index, side) in sides.iter().enumerate() {
        let (place, bindings) = (&layout.places[index], &bindings[index]);
        let functions = function_symbols(side, place, bindings, &mut symbols);
        let addresses = Addresses::new(side, place, bindings, functions, &symbols.sides[index]);
        let evaluated = evaluate(side)?;
        let mut translation = Translation {
            side,
            place,
            bindings,
            evaluated: &evaluated,
            addresses: &addresses,
            first_global: parts.next_global(),
        };
        let bodies = translation.bodies()?;
        let segments = data::segments(side, place, &evaluated, &addresses)?;
        parts.add(side, place, bindings, evaluated, bodies, segments);
    }
    parts.add_stubs(stubs);
    parts.data.extend(records);
    let bytes = write(base, &parts, &symbols, &patches)?;
    check_output("link", bytes).map_err(LinkError::Output)
}
