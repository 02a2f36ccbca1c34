//! The stages, one file each. Each takes what the last one returned, as a type of its own, so
//! that a wrong order does not compile; each leaves one row in the [`StageLog`].

pub(crate) mod aot;
pub(crate) mod bundle;
pub(crate) mod bytecode;
pub(crate) mod c_imports;
pub(crate) mod component;
pub(crate) mod compress;
pub(crate) mod contents;
pub(crate) mod data;
pub(crate) mod extensions;
pub(crate) mod image;
pub(crate) mod layout;
pub(crate) mod link;
pub(crate) mod native;
pub(crate) mod optimize;
pub(crate) mod preinit;
pub(crate) mod replaced;
pub(crate) mod resolve;
pub(crate) mod scans;
pub(crate) mod seal;
pub(crate) mod settle;
pub(crate) mod shake;
pub(crate) mod smoke;
pub(crate) mod sources;
pub(crate) mod strip;
pub(crate) mod symbols;

mod distributions;
mod inputs;
mod log;
mod metadata;

pub(crate) use log::StageLog;
