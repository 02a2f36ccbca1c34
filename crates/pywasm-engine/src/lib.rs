//! The only user of wasmtime: a wasm module in, its run out.
//!
//! [`Engine`] turns modules into machine code and remembers it in a cache folder;
//! [`Program::run`] starts one as a WASI command with nothing of the host visible that is
//! not named; [`compile`] feeds Python sources to a base and takes bytecode back; [`snapshot`]
//! starts one in a sealed world and takes its memory; [`aot`] makes files of machine code and loads
//! them again; [`mod@bench`] times the phases of a start.

pub mod aot;
pub mod bench;
mod compile;
mod engine;
mod error;
mod preinit;
mod run;
mod settings;
mod stack;

pub use compile::{COMPILE_VERSION, compile};
pub use engine::{Engine, Program};
pub use error::Error;
pub use preinit::{Frame, Image, Notice, NoticeKind, Snapshot, snapshot};
pub use run::{Command, Exit, Input, Mount, Output, Preset};
