//! What a base is, where it is kept, how it is built.
//!
//! A base is a CPython for WebAssembly with its standard library: a folder with a manifest, named
//! by its content. This crate finds the folder that holds bases ([`Home`]), lists, chooses and
//! removes them ([`Store`]), checks them ([`Base::verify`]), packs them into one archive
//! ([`pack`]) and takes such archives in again ([`add`]), and builds new ones from the recipe that
//! it carries ([`build`], [`provision`]). It knows no projects, and it prints nothing: what happens
//! goes to a [`Progress`](pywasm_host::Progress). `docs/reference/bases.md` is the page for users.

mod add;
mod apt;
mod archive;
mod base;
mod build;
mod digest;
mod error;
mod extension;
mod fetch;
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
pub use build::{BuildOptions, available, build, provision};
pub use error::{Error, ManifestError};
pub use extension::{Compiled, Compiler, ExtensionSource};
pub use fetch::fetch;
pub use home::{HOME_VARIABLE, Home};
pub use manifest::{BASE_ABI, MANIFEST, Manifest, SCHEMA, Source};
pub use pack::{Packed, pack};
pub use recipe::{Archive, Pins, digest as recipe_digest};
pub use seal::seal;
pub use store::{Installed, Listing, Store};
pub use toolchain::{Check, Host, SDK_VARIABLE, Sysroot, Toolchain};
pub use unpack::Limits;
pub use verify::Problem;
