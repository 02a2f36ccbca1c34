//! The stages, one file each. Each takes what the last one returned, as a type of its own, so
//! that a wrong order does not compile; each leaves one row in the [`StageLog`].

pub(crate) mod aot;
pub(crate) mod bundle;
pub(crate) mod compress;
pub(crate) mod inputs;
pub(crate) mod link;
pub(crate) mod optimize;
pub(crate) mod preinit;
pub(crate) mod resolve;
pub(crate) mod shake;
pub(crate) mod smoke;
pub(crate) mod strip;
pub(crate) mod symbols;

mod aot_tool;
mod bytecode;
mod c_imports;
pub(crate) mod data;
pub(crate) mod distributions;
pub(crate) mod layout;
mod log;
mod metadata;
pub(crate) mod sources;

pub(crate) use log::StageLog;

/// What the stages work with.
#[derive(Clone, Copy)]
pub(crate) struct Tools<'a> {
    pub(crate) base: &'a pywasm_base::Base,
    pub(crate) engine: &'a pywasm_engine::Engine,
    pub(crate) cache: &'a crate::Cache,
}
