//! Cold starts, taken apart: an artifact in, how long each phase of a start took out.
//!
//! [`Code::compile`] turns a `.wasm` file's bytes into a file of machine code;
//! [`Subject::start`] loads that file, instantiates and runs it. What a timed part does is what
//! every host must do; all else (the linker, the WASI context, taking things down) stands
//! outside, and no thread is started in between: [`on_guest_stack`] makes one around it all.

mod code;
mod component;
mod error;
mod module;
mod start;

pub use code::{Code, Kind};
pub use error::BenchError;
pub use start::{Start, Subject, on_guest_stack};
