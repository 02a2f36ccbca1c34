//! Turns a finished build into a release that a stranger can verify, and verifies releases.

#![deny(missing_docs)]

pub mod archive;
pub mod assemble;
pub mod files;
pub mod licences;
pub mod provenance;
pub mod sbom;
pub mod signature;
pub mod verify;
