//! Resolves Python's imports without running any Python. From a project and a standard library it makes
//! a [`ModuleGraph`]: which modules the program reaches, why each is there, and which are missing.
//! `docs/internals/stages/resolve.md` has the rules.

#![deny(missing_docs)]

mod available;
mod calls;
mod choice;
mod compiler;
mod discover;
mod docstrings;
mod encodings;
mod entry;
mod entry_points;
mod files;
mod finder;
mod graph;
mod hook_file;
mod hooks;
mod judge;
mod loads;
mod lookup;
mod missing;
mod preload;
mod reach;
mod render;
mod request;
mod resolve;
mod scans;
mod selection;
mod tables;
mod try_import;
mod undefined;
mod usage_gate;
mod whole;
mod zones;

pub use calls::{Call, find_module_calls};
pub use choice::Choice;
pub use graph::{
    Cause, Chain, Edge, EdgeKind, EntryKind, EntryPoint, Importer, Module, ModuleGraph, ModuleKind,
    NamespaceFolder, Severity, Step, UnresolvedImport,
};
pub use hook_file::{FoldersBeside, PackageData, RenewRow, RenewedValue, Replacement};
pub use hooks::{HookEffects, ReplacedLine};
pub use loads::{Certainty, Load};
pub use preload::{Preload, PreloadedModule};
pub use pywasm_scan::{FileScan, Line, Role, When};
pub use render::GRAPH_SCHEMA;
pub use request::{HookFile, Origin, Request, Root};
pub use resolve::{Resolution, ResolveError, resolve, resolve_cached, resolve_with};
pub use scans::{ScanCache, ScanId};
pub use tables::{Alias, CalledFunctions, DormantFunctions, MentionScope, TableEntry, Tables};
