//! Installs what a project depends on: declared, locked or installed requirements become a verified
//! folder of distributions. `pywasm-project` loads projects, `pywasm-resolve` follows imports;
//! `docs/guides/dependencies.md` is the page for users.

#![deny(missing_docs)]

mod archive;
mod choose;
mod declared;
mod distribution;
mod error;
#[doc(hidden)]
pub mod fuzz;
mod install;
mod installer;
mod licence;
mod marker;
mod metadata;
mod own_metadata;
mod pylock;
mod record;
mod required;
mod requirement;
mod requirement_set;
mod requirements_file;
mod sources;
mod staging;
mod tags;
mod tree;
mod uv_lock;
mod venv;
mod wheel;

pub use distribution::{Distribution, EntryPoint, distributions};
pub use error::Error;
pub use install::{InstallRequest, Installation, install};
pub use installer::Installer;
pub use own_metadata::complete_metadata;
pub use pywasm_project::normalize;
pub use record::RecordFile;
pub use required::{RequiredDistribution, read_requirement};
