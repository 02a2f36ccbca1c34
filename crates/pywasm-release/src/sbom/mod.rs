//! A build's report and its base's manifest in, a bill of materials out: CycloneDX 1.6 or SPDX
//! 2.3, both as JSON, both with the same parts. The same input gives the same bytes: no clock,
//! and a document's identifier follows from its content. `docs/reference/sbom.md` says what is
//! listed.

mod bill;
mod cyclonedx;
mod identifier;
mod library;
mod license;
mod spdx;

use pywasm_base::Manifest;
use pywasm_report::Report;

pub use cyclonedx::cyclonedx;
pub use spdx::spdx;

pub(crate) use bill::undeclared;
pub(crate) use library::{is_inside, title};

/// What a bill is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The report of the build.
    pub report: &'a Report,
    /// The manifest of the base that it was built on.
    pub base: &'a Manifest,
}

/// Why there is no bill.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The report lists no module.
    #[error("the report of `{0}` lists no artifact of the kind `wasm`")]
    NoModule(String),
    /// The report is about another base.
    #[error("the report is about the base `{wanted}`, and this is `{found}`")]
    OtherBase {
        /// The base in the report.
        wanted: String,
        /// The base that was given.
        found: String,
    },
    /// Something has no form in JSON.
    #[error("the bill has no form in JSON")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// What helps.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoModule(_) => "build again: `pywasm build` writes the module and its report",
            Self::OtherBase { .. } => "build again, or add the base with `pywasm base add`",
            Self::Json(_) => "build again; where it stays, tell the maintainers of pywasm",
        }
    }
}
