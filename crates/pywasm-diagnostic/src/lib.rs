//! Says what is wrong with an input, where, and what to do about it, in one form for every crate.

#![deny(missing_docs)]

mod diagnostic;
mod explain;
mod failure;
mod location;

pub use diagnostic::Diagnostic;
pub use explain::{Explain, Fault};
pub use failure::Failure;
pub use location::Location;
