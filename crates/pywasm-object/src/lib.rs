//! A linked WebAssembly module as symbols and relocations.
//!
//! In: the bytes of a module. Out: the bytes of another, smaller or with more
//! in it, and what was learned on the way. Nothing here knows Python, files or
//! the clock.
//!
//! | pass | what it does |
//! | --- | --- |
//! | [`link`] | links shared modules into a linked module |
//! | [`shake`] | turns what nothing needs into zeros and `unreachable`, through the linker's relocations |
//! | [`shake`] with a snapshot | the same twice: for the whole run, and for what runs after a snapshot of the memory |
//! | [`shake_optimized`] | does the same to the optimized form of a shaken module, which has no relocations |
//! | [`place`] | puts bytes after the module's memory and tells the module where they are |
//! | [`snapshot`] | gives the second of these the memory that the first had |
//! | [`pack`] | cuts the initial memory into data segments that compress well |
//! | [`strip`] | takes names and debug sections out, and keeps the names in a [`SymbolFile`] |
//!
//! Each takes apart a module that it has validated, and validates what it
//! wrote. Modules are hostile input: a pass may refuse one, and never panics.

mod after_snapshot;
mod error;
mod features;
mod graph;
mod link;
mod linking;
mod mark;
mod memory;
mod names;
mod optimized;
mod pack;
mod parse;
mod place;
mod pointed;
mod rewrite;
mod roots;
mod runs;
mod scan;
mod shake;
mod snapshot;
mod state;
mod stats;
mod strip;
mod symbol_graph;
mod symbols;
mod table;
mod validate;

pub use error::Error;
pub use features::target_features;
pub use link::{
    Export, InitTable, InitTableEntry, LINK_VERSION, LinkError, LinkPlan, MissingSymbols, SideModule, link,
};
pub use optimized::{shake_optimized, without_link};
pub use pack::pack;
pub use place::place;
pub use shake::{
    AfterSnapshot, RecordTable, SHAKE_VERSION, ShakePlan, ShakenModule, SnapshotPlan, shake, table_names,
};
pub use snapshot::{Snapshot, SnapshotModule, snapshot};
pub use stats::{ShakeStats, Share};
pub use strip::{StrippedModule, strip};
pub use symbol_graph::{DataPart, FunctionPart, SymbolGraph};
pub use symbols::{
    DataSymbol, FunctionSymbol, Heap, Other, OtherKind, Symbol, SymbolFile, SymbolFileError, symbol_file,
};
pub use validate::{validate, validate_artifact};
