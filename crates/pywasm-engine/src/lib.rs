//! The only user of wasmtime: a wasm module in, its run out.
//!
//! [`Engine`] turns modules into machine code and remembers it in a cache folder. It is the
//! [`Interpreter`](pywasm_interpreter::Interpreter) and the
//! [`AotCompiler`](pywasm_interpreter::AotCompiler) of a build.
//! [`Program::run`] starts a module as a WASI command with nothing of the host visible that is
//! not named; [`snapshot`] starts one in a sealed world and takes its memory; [`aot`] makes files
//! of machine code and loads them again; [`mod@bench`] times the phases of a start.

pub mod aot;
pub mod bench;
mod compile;
mod engine;
mod error;
mod interpreter;
mod preinit;
mod run;
mod settings;
mod stack;

pub use engine::{Engine, Program};
pub use error::Error;
pub use preinit::snapshot;
pub use pywasm_interpreter::{
    Command, Exit, Frame, Image, Input, Mount, Notice, NoticeKind, Output, Preset, Snapshot,
};
