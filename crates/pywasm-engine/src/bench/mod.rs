//! Measures how long each phase of a cold start takes.
//!
//! [`Code::compile`] turns a `.wasm` file's bytes into a file of machine code;
//! [`Subject::start`] loads that file, instantiates and runs it. The measured parts do only what every
//! host must do. Everything else (the linker, the WASI context, the cleanup) is not measured, and no
//! thread is started in between: [`on_guest_stack`] starts one around everything.

mod code;
mod component;
mod error;
mod module;
mod start;

pub use code::{Code, Kind};
pub use error::BenchError;
pub use start::{Start, Subject, on_guest_stack};
