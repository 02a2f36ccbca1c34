//! Builds, stores, packs and verifies bases.
//!
//! A base is a CPython for WebAssembly with its standard library: a folder with a manifest, named
//! by its content. This crate finds the folder that holds bases ([`Home`]); lists, chooses and
//! removes them ([`Store`]); checks their files ([`Base::verify`]); packs them into an archive
//! ([`pack`]) and adds such archives to a store ([`add`]); and builds new ones from the recipe that
//! it contains ([`build`], [`provision`]). It does not know projects, and it never prints: it reports
//! events to a [`Progress`](pywasm_host::Progress). Users read about bases in
//! `docs/reference/bases.md`.

mod add;
mod apt;
mod archive;
mod base;
mod build;
mod digest;
mod error;
mod extension;
mod fetch;
#[doc(hidden)]
pub mod fuzz;
mod home;
mod lock;
mod manifest;
mod pack;
mod recipe;
mod seal;
mod sources;
mod store;
mod toolchain;
mod unpack;
mod verify;

pub use add::{AddOptions, add, add_embedded};
pub use base::Base;
pub use build::{BuildOptions, Optimize, build, find_base, provision};
pub use error::{Error, ManifestError};
pub use extension::{CompiledExtension, Compiler, ExtensionSource};
pub use fetch::fetch;
pub use home::{HOME_VARIABLE, Home};
pub use manifest::{BASE_ABI, MANIFEST, Manifest, SCHEMA, Source};
pub use pack::{PackedArchive, pack};
pub use recipe::{Archive, Pins, digest as recipe_digest};
pub use seal::seal;
pub use store::{Installation, Listing, Store};
pub use toolchain::{Check, Host, SDK_VARIABLE, Sysroot, Toolchain};
pub use unpack::Limits;
pub use verify::Problem;
