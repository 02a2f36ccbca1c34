//! Pushes artifacts to OCI registries, and pulls them with their digests checked.
//!
//! [`push`] writes the layout that WebAssembly tools share: one layer, the module, and a small
//! configuration. [`pull`] brings a module back through a [`Store`], which keeps pulled modules
//! under their digests. Every registry needs TLS, except those on this machine.
//!
//! Nothing here prints; long work reports its [`Progress`](pywasm_host::Progress).

mod artifact;
mod challenge;
mod credentials;
mod error;
#[doc(hidden)]
pub mod fuzz;
mod pull;
mod push;
mod reference;
mod session;
mod sink;
mod store;

pub use artifact::{Artifact, Component, TITLE};
pub use error::Error;
pub use pull::{PulledArtifact, pull};
pub use push::{PushedArtifact, push};
pub use reference::{Reference, SCHEME};
pub use store::Store;

/// The largest module that is pulled, in bytes.
pub const LARGEST_MODULE: u64 = 1 << 30;
