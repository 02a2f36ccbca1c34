//! Writes a bill of materials from the report of a build and the manifest of its base.
//!
//! The formats are CycloneDX 1.6 and SPDX 2.3, both as JSON with the same parts. The same input gives
//! the same bytes: no clock is used, and the identifier of a document follows from its content.
//! `docs/reference/sbom.md` describes the parts.

mod bill;
mod cyclonedx;
mod identifier;
mod library;
mod license;
mod spdx;

use std::borrow::Cow;

use pywasm_base::Manifest;
use pywasm_diagnostic::Explain;
use pywasm_report::Report;

pub use cyclonedx::write_cyclonedx;
pub use spdx::write_spdx;

pub(crate) use bill::undeclared_modules;
pub(crate) use library::{is_inside, title};

/// The build that a bill of materials describes.
#[derive(Clone, Copy, Debug)]
pub struct SbomSubject<'a> {
    /// The report of the build.
    pub report: &'a Report,
    /// The manifest of the base that it was built on.
    pub base: &'a Manifest,
}

/// Why a bill of materials cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The report lists no module.
    #[error("the report of `{0}` does not list an artifact of the kind `wasm`")]
    NoModule(String),
    /// The report is about another base.
    #[error("the report is about the base `{wanted}`, but the base is `{found}`")]
    OtherBase {
        /// The base in the report.
        wanted: String,
        /// The base that was given.
        found: String,
    },
    /// The bill cannot be written as JSON.
    #[error("the bill of materials cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl Explain for Error {
    fn hint(&self) -> Option<Cow<'_, str>> {
        let hint = match self {
            Self::NoModule(_) => "build again: `pywasm build` writes the module and its report",
            Self::OtherBase { .. } => "build again, or add the base with `pywasm base add`",
            Self::Json(_) => "build again; if that does not help, report this to the maintainers of pywasm",
        };
        Some(hint.into())
    }
}
