//! Measures how long each phase of a cold start takes.
//!
//! [`CodeFile::compile`] turns a `.wasm` file's bytes into a file of machine code;
//! [`BenchProgram::start`] loads that file, instantiates and runs it. The measured parts do only what every
//! host must do. Everything else (the linker, the WASI context, the cleanup) is not measured, and no
//! thread is started in between: [`on_guest_stack`] starts one around everything.

mod code;
mod component;
mod error;
mod module;
mod start;

pub use code::{BinaryKind, CodeFile};
pub use error::BenchError;
pub use start::{BenchProgram, StartTimes, on_guest_stack};
