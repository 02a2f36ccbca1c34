//! Reaches the machine for all other crates: runs a program with its children as one group,
//! replaces files and folders in one step, and carries progress out and the wish to stop in.
//!
//! Nothing here prints, and nothing here knows what a base, a project or an artifact is.

#![deny(missing_docs)]

pub mod program;
mod progress;
mod replace;

pub use progress::{Cancelled, Progress, Quiet};
pub use replace::{Access, FreshFile, FreshFolder, copy_file, replace_file, write_file};
