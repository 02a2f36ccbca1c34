//! What a project depends on: what is declared, locked or installed already in, a verified
//! folder of installed distributions out. Projects are `pywasm-project`'s, imports are
//! `pywasm-resolve`'s; `docs/guides/dependencies.md` is the page for users.

#![deny(missing_docs)]

mod archive;
mod choose;
mod declared;
mod distribution;
mod error;
mod install;
mod installer;
mod licence;
mod marker;
mod metadata;
mod pylock;
mod record;
mod required;
mod requirement;
mod requirements_file;
mod sources;
mod tags;
mod tree;
mod uv_lock;
mod venv;
mod wanted;
mod wheel;

pub use distribution::{Distribution, EntryPoint, distributions};
pub use error::Error;
pub use install::{InstallRequest, Installed, install};
pub use installer::Installer;
pub use pywasm_project::normalize;
pub use record::RecordFile;
pub use required::{Required, required};
