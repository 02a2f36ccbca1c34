//! Puts a Python program behind a world of the component model.
//!
//! In: WIT, the names of worlds, and later the core module that was built. Out: Python modules with
//! which the program speaks to the world ([`World::bindings`]), the module that stands between the
//! canonical ABI and the base's glue ([`World::side_module`]), and the component ([`World::wrap`]).
//! Python's import system and engines are not known here.

mod async_bindings;
mod bindings;
mod builtin;
mod clock;
mod component;
mod entry;
mod error;
mod interfaces;
mod names;
mod side_module;
mod stubs;
mod world;

pub use bindings::{Bindings, Program};
pub use component::{ADAPTER_VERSION, ADAPTER_WASI, ENCODER_VERSION, Wasi};
pub use error::{Error, Place};
pub use side_module::WorldModule;
pub use world::World;
