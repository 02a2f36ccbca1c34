//! Reads one Python file: its text, its imports, the names that it uses and the functions that it
//! calls. It runs no Python, and looks at no other file.

#![deny(missing_docs)]

mod bindings;
mod calls;
mod codecs;
mod constants;
mod docstrings;
mod dynamic;
mod executed;
mod expressions;
pub mod facts;
#[cfg(test)]
mod hostile;
mod import;
mod import_calls;
mod input;
mod names;
mod platform;
mod plugins;
mod scan;
mod shallow;
mod source;
mod statements;
mod top_level;
mod try_statement;
mod uses;
mod value;

pub use calls::{CallMatch, find_calls};
pub use codecs::{Codecs, Decoder};
pub use dynamic::{Dynamic, Dynamics, Handed, Place, Taker};
pub use import::{Condition, Form, Import, ImportTarget, Line, OnFailure, TryBody, When};
pub use input::{FileKind, ImportFunction, Owner, Role, ScanInput, ScanRules};
pub use names::{NameId, NameSet, Words};
pub use plugins::find_plugins;
pub use scan::{ComputedImport, FileScan, Scan, Submodules, SyntaxFault, Unit, UnseenNames, scan};
pub use source::{Source, UnreadableSource, decode_source, read_source};
