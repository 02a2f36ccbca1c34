//! Wraps Binaryen's optimizer; only this crate uses it.
//!
//! Binaryen runs in this process, so a build does not depend on installed programs, and the same input
//! gives the same bytes.

mod optimize;

pub use optimize::{Binaryen, OptimizeError};
