//! The targets, a file for each kind of reader.

pub(crate) mod archive;
pub(crate) mod bundle;
pub(crate) mod dependencies;
pub(crate) mod module;
pub(crate) mod project;
pub(crate) mod record;
pub(crate) mod registry;
pub mod scan;
