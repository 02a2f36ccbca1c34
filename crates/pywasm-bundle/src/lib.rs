//! Prepares what an artifact contains apart from the interpreter: canonical `.pyc` files, and one
//! file system image.
//!
//! - [`bytecode`] encodes requests to the compiler inside the base, and decodes its answers
//! - [`marshal`] rewrites a marshalled code object so that it depends only on its source
//! - [`pyc`] adds the header of a `.pyc` file
//! - [`image`] builds and reads the read-only file system of an artifact
//!
//! This crate uses no files, processes or clocks, and does not know WebAssembly.

pub mod bytecode;
pub mod image;
pub mod marshal;
pub mod pyc;
