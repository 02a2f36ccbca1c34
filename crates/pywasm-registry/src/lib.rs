//! An artifact in, an OCI artifact in a registry out; and back, checked against its digest.
//!
//! [`push`] writes the layout that WebAssembly tools share: one layer, the module, and a small
//! configuration. [`pull`] brings a module back, by way of a [`Store`] that keeps what was pulled
//! under its digest. TLS is demanded of every registry but those on this machine.
//!
//! Nothing here prints; what takes long talks through [`Progress`](pywasm_host::Progress).

mod artifact;
mod challenge;
mod credentials;
mod error;
mod pull;
mod push;
mod reference;
mod session;
mod sink;
mod store;

pub use artifact::{Artifact, TITLE};
pub use error::Error;
pub use pull::{Pulled, pull};
pub use push::{Pushed, push};
pub use reference::{Reference, SCHEME};
pub use store::Store;

/// The largest module that is pulled, in bytes.
pub const LARGEST_MODULE: u64 = 1 << 30;
