//! Loads what a user has on disk as a [`Project`]: a folder (with or without a `pyproject.toml`) or
//! a single script becomes a name, an entry, source roots, settings and data files. How Python
//! imports is known to `pywasm-resolve` only.

#![deny(missing_docs)]

mod allow;
mod budget;
mod build_system;
mod component;
mod config;
mod data;
mod dependencies;
mod distribution_name;
mod edit;
mod entry;
mod environment;
mod error;
mod extension;
#[doc(hidden)]
pub mod fuzz;
mod load;
mod metadata;
mod pattern;
mod release;
mod settings;
mod shared_cache;
mod source_roots;
mod spanned;
mod suggest;
mod table;
mod template;
mod trim;
mod wheel_packages;
mod workspace;

pub use allow::{Allow, AllowKind, InvalidAllow};
pub use budget::{Budget, Raise, read_report};
pub use build_system::BuildSystem;
pub use component::{Component, Exceptions};
pub use data::{DataFile, PackageFolder, folder_files, package_data};
pub use dependencies::{Dependencies, DependencyOptions, GroupItem};
pub use distribution_name::{is_distribution_name, normalize};
pub use edit::{Additions, EditError, add, replace};
pub use entry::{Entry, InvalidEntry};
pub use error::Error;
pub use extension::Extension;
pub use load::Project;
pub use metadata::{DEPENDENCIES, OwnEntryPoint, ProjectMetadata};
pub use pattern::{InvalidPattern, ModulePattern, is_dotted_name};
pub use pywasm_report::{Docstrings, Optimize, Preinit, Profile, UnknownChoice};
pub use release::ReleaseSettings;
pub use settings::{BuildOptions, Settings};
pub use shared_cache::SharedCache;
pub use spanned::Spanned;
pub use suggest::closest;
pub use template::{InvalidName, component_template, template};
pub use trim::{Trim, TrimMode};
pub use workspace::Workspace;
