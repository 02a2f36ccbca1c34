//! The only user of Binaryen: a module in, a smaller or faster one out.
//!
//! It runs in this process, so that no build depends on what a machine happens to have installed,
//! and gives the same bytes for the same input.

mod optimize;

pub use optimize::{Binaryen, OptimizeError};
