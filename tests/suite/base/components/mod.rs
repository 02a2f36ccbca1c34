//! Components under a host with bindings of its own.

mod random_worlds;
mod streams;
mod sync;
