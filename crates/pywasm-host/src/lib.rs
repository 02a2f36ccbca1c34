//! Uses the machine for all other crates: runs programs together with their children, replaces files
//! and folders in one step, and reports progress to the caller, who can cancel the work.
//!
//! This crate never prints, and does not know bases, projects or artifacts.

#![deny(missing_docs)]

pub mod program;
mod progress;
mod replace;
mod unfinished;
mod working;

pub use progress::{Cancelled, Progress, Quiet};
pub use replace::{Access, FreshFile, FreshFolder, copy_file, replace_file, write_file};
pub use unfinished::WorkFolder;
pub use working::Working;
