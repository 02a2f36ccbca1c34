//! Makes what tests build on, so that they need neither a real base nor an engine: a base of a few
//! files ([`write_base`]), modules with symbols and relocations ([`program`]), a reader for what a
//! pass wrote ([`seen`]), and commands whose output is compared with a file ([`Transcripts`]).
//!
//! Only tests depend on this crate, so its functions panic where something is wrong.

#![deny(missing_docs)]

mod base;
pub mod program;
pub mod seen;
mod transcripts;

pub use base::{BUILTINS, write_base};
pub use transcripts::Transcripts;
