//! The stages, one file each. Each takes what the last one returned, as a type of its own, so
//! that a wrong order does not compile; each leaves one row with the [`Recorder`].

pub(crate) mod bundle;
pub(crate) mod compress;
pub(crate) mod optimize;
pub(crate) mod resolve;
pub(crate) mod shake;
pub(crate) mod strip;

mod bytecode;
mod data;
mod layout;
mod recorder;

pub(crate) use recorder::Recorder;
