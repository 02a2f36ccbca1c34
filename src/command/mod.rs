//! The commands, one file each: its options, and `run` from options to an exit code.

pub(crate) mod base;
pub(crate) mod bench;
pub(crate) mod bindings;
pub(crate) mod budget;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod clean;
pub(crate) mod completions;
pub(crate) mod dependencies;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod graph;
pub(crate) mod imports;
pub(crate) mod init;
pub(crate) mod publish;
pub(crate) mod pull;
pub(crate) mod release;
pub(crate) mod run;
pub(crate) mod sbom;
pub(crate) mod selection;
pub(crate) mod size;
pub(crate) mod trace;
pub(crate) mod verify;
mod watch;
pub(crate) mod why;
pub(crate) mod workspace;
pub(crate) mod world;
