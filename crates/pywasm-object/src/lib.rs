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
//! | [`shake`] with a snapshot | the same twice: for the whole run, and for what runs behind a snapshot of the memory |
//! | [`place`] | puts bytes behind the module's memory and tells the module where they are |
//! | [`snapshot`] | gives the second of these the memory that the first had |
//! | [`pack`] | cuts the initial memory into data segments that compress well |
//! | [`strip`] | takes names and debug sections out, and keeps the names in a [`SymbolFile`] |
//!
//! Each takes apart a module that it has validated, and validates what it
//! wrote. Modules are hostile input: a pass may refuse one, and never panics.

mod anatomy;
mod behind;
mod error;
mod features;
mod graph;
mod link;
mod linking;
mod mark;
mod memory;
mod names;
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
mod symbols;
mod table;
mod validate;

pub use anatomy::{Anatomy, DataPart, FunctionPart};
pub use error::Error;
pub use features::target_features;
pub use link::{LINK_VERSION, LinkError, LinkPlan, Missing, Record, RecordList, SideModule, link};
pub use pack::pack;
pub use place::place;
pub use shake::{Behind, RecordTable, SHAKE_VERSION, ShakePlan, Shaken, SnapshotPlan, shake, table_names};
pub use snapshot::{Snapshot, Snapshotted, snapshot};
pub use stats::{ShakeStats, Share};
pub use strip::{Stripped, strip};
pub use symbols::{
    DataSymbol, FunctionSymbol, Other, OtherKind, Symbol, SymbolFile, SymbolFileError, symbol_file,
};
pub use validate::validate;
