//! What goes into an artifact beside the interpreter: bytes come in (compiled modules,
//! data files), bytes go out (canonical `.pyc` files, one file system image).
//!
//! - [`bytecode`]: the requests to the compiler inside the base, and its answers
//! - [`marshal`]: a marshalled code object in the one form that depends on its source only
//! - [`pyc`]: the header of a `.pyc` file
//! - [`image`]: the read-only file system that an artifact carries
//!
//! No file, process or clock is touched here, and nothing is known of WebAssembly.

pub mod bytecode;
pub mod image;
pub mod marshal;
pub mod pyc;
