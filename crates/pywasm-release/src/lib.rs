//! A finished build in, a release folder that a stranger can verify out; and the other way round,
//! the verdict. Builds are `pywasm-pipeline`'s, the terminal is the command's.

#![deny(missing_docs)]

pub mod archive;
pub mod assemble;
pub mod files;
pub mod licences;
pub mod provenance;
pub mod sbom;
pub mod signature;
pub mod verify;
