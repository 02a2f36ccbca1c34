//! Wraps wasmtime; only this crate uses it.
//!
//! [`Engine`] compiles modules to machine code and keeps it in a cache folder. It is the
//! [`Interpreter`](pywasm_interpreter::Interpreter) and the
//! [`AotCompiler`](pywasm_interpreter::AotCompiler) of a build.
//!
//! - [`Program::run`] runs a module as a WASI command. The module sees only what the caller names.
//! - [`snapshot`] starts a module without access to the host and takes its memory.
//! - [`aot`] writes files of machine code and loads them again.
//! - [`mod@bench`] measures the phases of a start.

pub mod aot;
pub mod bench;
mod compile;
mod component;
mod engine;
mod error;
mod interpreter;
mod preinit;
mod run;
mod settings;
mod stack;

pub use component::ComponentProgram;
pub use engine::{Engine, Loaded, Program};
pub use error::Error;
pub use preinit::snapshot;
pub use pywasm_interpreter::{
    Command, Exit, Frame, Image, Input, ModuleBody, Mount, Notice, NoticeKind, Output, Preset, Rehearsal,
    Renewal, Snapshot, Verdict,
};
