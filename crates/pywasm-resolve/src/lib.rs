//! Python's import system, without running any Python: a project and a standard library go in, a
//! [`ModuleGraph`] comes out, with what is missing, and why each module is there.
//! `docs/internals/stages/resolve.md` has the rules.

#![deny(missing_docs)]

mod available;
mod bindings;
mod calls;
mod codecs;
mod compiler;
mod constants;
mod discover;
mod entry_points;
mod expressions;
mod finder;
mod gates;
mod graph;
mod hooks;
mod judge;
mod loads;
mod lookup;
mod mapping;
mod missing;
mod names;
mod preload;
mod reach;
mod render;
mod request;
mod resolve;
mod scan;
mod source;
mod statements;
mod tables;
mod target;
mod top_level;
mod undefined;
mod uses;

pub use calls::{Call, calls};
pub use graph::{
    Cause, Chain, Edge, EdgeKind, EntryKind, EntryPoint, Miss, Module, ModuleGraph, ModuleKind,
    NamespaceFolder, Severity, Step,
};
pub use hooks::{Beside, Hooked, PackageData, Replace, ReplacedLine};
pub use loads::{Certainty, Load};
pub use preload::{Preload, Preloaded};
pub use render::GRAPH_SCHEMA;
pub use request::{HookFile, Origin, Request, Root};
pub use resolve::{ResolveError, Resolved, resolve, resolve_with};
pub use tables::{Alias, Called, Dormant, TableEntry, Tables};
