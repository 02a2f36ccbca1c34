//! Builds a Python project into one small, self-contained WebAssembly module.
//!
//! This is the crate for programs that build with pywasm; the command `pywasm` is one of them. All
//! other crates of the workspace are internal: what they offer may change with each version.
//!
//! [`build`] does everything with the defaults. A [`Builder`] says where bases and caches are kept,
//! whether a base may be built and what installs dependencies; its [`Builder::prepare`] loads a
//! project and gets everything ready, and [`Builder::build`] makes an [`Artifact`] of it, which
//! writes nothing until [`Artifact::write_to`]. Nothing here prints or ends the process, and
//! nothing but [`Builder::from_env`] and [`build`] reads settings from environment variables.
//! `docs/guides/library.md` is the page for users.

#![deny(missing_docs)]

mod artifact;
mod base;
mod budget;
mod builder;
mod error;
pub mod outputs;
mod parallel;
mod pipeline;
mod policy;
mod prepare;
mod questions;
mod rebuild;
mod release;
mod shared_cache;

use std::path::Path;

pub use artifact::{Artifact, OutputFiles};
pub use base::{EmbeddedBase, optimize_base};
pub use budget::{RaiseError, gzip_size, raise_budget};
pub use builder::Builder;
pub use error::Error;
pub use parallel::fitting_builds;
pub use pipeline::TraceForm;
pub use policy::{BasePolicy, CacheFolder, CachePolicy, InstallPolicy, SharedCachePolicy};
pub use prepare::Prepared;
pub use rebuild::Rebuild;
pub use release::{Release, ReleaseOptions, name_release, release_options, take_local_targets};
pub use shared_cache::{SharedCacheStatus, project_cache_folder};

pub use pywasm_audit::Audit;
pub use pywasm_base::{Base, Home, Host};
pub use pywasm_deps::Installer;
pub use pywasm_diagnostic::{Diagnostic, Explain, Fault};
pub use pywasm_engine::{Command, Exit, Input, Mount, Output};
pub use pywasm_host::{Progress, Quiet};
pub use pywasm_pipeline::{Trace, TraceEnd, World, default_out_dir};
pub use pywasm_project::{
    BuildOptions, DependencyOptions, Docstrings, Optimize, Preinit, Profile, Project, Settings,
};
pub use pywasm_report::Report;
pub use pywasm_resolve::ModuleGraph;

/// Builds the project at `path`, a folder or a script, with a builder [from the
/// environment](Builder::from_env).
///
/// # Errors
/// When the project is wrong, there is no base, or a stage fails.
pub fn build(path: impl AsRef<Path>, options: &BuildOptions) -> Result<Artifact, Error> {
    let builder = Builder::from_env()?;
    builder.build(&builder.prepare(path, options)?)
}

/// Finds what of the project at `path` cannot run on WASI, with a builder [from the
/// environment](Builder::from_env).
///
/// # Errors
/// When the project is wrong, there is no base, or a dependency cannot be installed.
pub fn check(path: impl AsRef<Path>, options: &BuildOptions) -> Result<Audit, Error> {
    let builder = Builder::from_env()?;
    builder.check(&builder.prepare(path, options)?)
}

/// The modules that an artifact of the project at `path` has, and what the user should know; with a
/// builder [from the environment](Builder::from_env).
///
/// # Errors
/// When the project is wrong, there is no base, or an import leads nowhere.
pub fn graph(
    path: impl AsRef<Path>,
    options: &BuildOptions,
) -> Result<(ModuleGraph, Vec<Diagnostic>), Error> {
    let builder = Builder::from_env()?;
    builder.graph(&builder.prepare(path, options)?)
}
