//! Makes what tests build on, so that they need neither a real base nor an engine: a base of a few
//! files ([`write_base`]), stand-ins for the interpreter and other tools ([`TestInterpreter`]), modules with symbols and relocations ([`program`]), a reader for what a
//! pass wrote ([`seen`]), numbers for trials ([`Random`]), and commands whose output is compared with a file ([`Transcripts`]).
//!
//! Only tests depend on this crate, so its functions panic where something is wrong.

#![deny(missing_docs)]

mod base;
mod folder;
mod interpreter;
pub mod program;
mod progress;
mod random;
pub mod seen;
mod transcripts;

pub use base::{BUILTINS, write_base};
pub use folder::{copy, list};
pub use interpreter::{TestAotCompiler, TestInterpreter, TestOptimizer};
pub use progress::TestProgress;
pub use random::Random;
pub use transcripts::Transcripts;
