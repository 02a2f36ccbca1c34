//! Needs the native Python that the build of a base leaves.

mod bytecode;
mod native;
mod stdlib;
