//! Names what a build asks of other programs, as traits without an engine: [`Interpreter`] runs
//! WebAssembly, [`Optimizer`] makes it smaller or faster, [`AotCompiler`] turns it into machine
//! code. The data of the questions and answers is here too.
//!
//! `pywasm-engine` answers with wasmtime and `pywasm-optimize` with Binaryen. Whoever depends on
//! this crate compiles neither of them.

#![deny(missing_docs)]

mod aot;
mod command;
mod error;
mod interpreter;
mod machine;
mod optimizer;
mod record;
mod snapshot;

pub use aot::AotCompiler;
pub use command::{Command, Exit, Image, Input, Mount, Output, Preset};
pub use error::{InterpreterError, ToolError};
pub use interpreter::Interpreter;
pub use machine::{Machine, NATIVE, TARGETS, UnknownMachine, host_features, host_target};
pub use optimizer::{Level, Optimizer};
pub use record::{EngineInfo, FileInfo, MachineCodeRecord, Mismatch, RECORD_SCHEMA, RecordError};
pub use snapshot::{
    Assumption, Fallback, Frame, ModuleBody, Notice, NoticeKind, ObjectList, Rehearsal, Renewal, STREAMS,
    Snapshot, Verdict,
};
