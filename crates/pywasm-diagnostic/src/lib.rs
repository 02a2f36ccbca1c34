//! Describes errors and warnings in the same form for every crate: what is wrong, where, and what the
//! user can do about it.

#![deny(missing_docs)]

mod diagnostic;
mod explain;
mod failure;
mod location;

pub use diagnostic::Diagnostic;
pub use explain::{Explain, Fault};
pub use failure::Failure;
pub use location::Location;
