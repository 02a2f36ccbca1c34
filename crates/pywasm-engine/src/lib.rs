//! The only user of wasmtime: a wasm module in, its run out.
//!
//! [`Engine`] turns modules into machine code and remembers it in a cache folder;
//! [`Program::run`] starts one as a WASI command with nothing of the host visible that is
//! not named; [`compile`] feeds Python sources to a base and takes bytecode back.

mod cache;
mod compile;
mod engine;
mod error;
mod run;

pub use cache::{hold_writes, write_cached};
pub use compile::{COMPILE_VERSION, compile};
pub use engine::{Engine, Program};
pub use error::Error;
pub use run::{Command, Exit, Input, Mount, Output};
