//! Needs a base, the native Python that its build leaves, and clang.

pub(crate) mod aot;
mod apps;
mod bench;
mod budget;
mod cache;
mod determinism;
mod diff;
mod dist;
pub(crate) mod extension;
mod gate;
mod guides;
mod hooks;
mod interrupt;
mod library;
mod manners;
mod modules;
pub(crate) mod preinit;
mod profiles;
mod random_programs;
mod rehearsal;
mod runtime;
mod size;
mod smoke;
mod trace;
mod tracebacks;
mod transcripts;
mod workspace;
