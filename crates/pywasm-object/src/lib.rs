//! A linked WebAssembly module as symbols and relocations.
//!
//! In: the bytes of a module. Out: the bytes of another, smaller or with more
//! in it, and what was learned on the way. Nothing here knows Python, files or
//! the clock.
//!
//! | pass | what it does |
//! | --- | --- |
//! | [`shake`] | turns what nothing needs into zeros and `unreachable`, through the linker's relocations |
//! | [`place`] | puts bytes behind the module's memory and tells the module where they are |
//! | [`pack`] | cuts the initial memory into data segments that compress well |
//! | [`strip`] | takes names and debug sections out, and keeps the names in a [`SymbolFile`] |
//!
//! Each takes apart a module that it has validated, and validates what it
//! wrote. Modules are hostile input: a pass may refuse one, and never panics.

mod error;
mod features;
mod graph;
mod linking;
mod mark;
mod names;
mod pack;
mod parse;
mod place;
mod rewrite;
mod scan;
mod shake;
mod strip;
mod table;
mod validate;

pub use error::Error;
pub use features::target_features;
pub use pack::pack;
pub use place::place;
pub use shake::{RecordTable, SHAKE_VERSION, ShakePlan, ShakeStats, Shaken, Share, shake, table_names};
pub use strip::{DataSymbol, FunctionSymbol, Stripped, SymbolFile, strip, symbol_file};
pub use validate::validate;
