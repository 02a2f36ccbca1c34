//! A report becomes the text of `NAME.report.json`, and the text a report.

use serde::Deserialize;
use thiserror::Error;

use crate::{Report, SCHEMA};

/// A text is not a report that this version reads.
#[derive(Debug, Error)]
pub enum ReadError {
    /// Not JSON, or not of the schema.
    #[error("not a pywasm report")]
    Malformed(#[from] serde_json::Error),
    /// A report of a newer pywasm.
    #[error("the report has schema {found}, this pywasm reads up to {SCHEMA}")]
    Newer {
        /// The schema's version in the text.
        found: u32,
    },
}

impl ReadError {
    /// What helps.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "a build writes it as dist/NAME.report.json",
            Self::Newer { .. } => "use the pywasm that wrote it, or build again",
        }
    }
}

impl Report {
    /// The text of `NAME.report.json`, with a line end.
    ///
    /// # Errors
    ///
    /// None in practice: no part of a report lacks a form in JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Reads a report. Keys that this version does not know are passed over, since newer
    /// versions may add some.
    ///
    /// # Errors
    ///
    /// Where the text is no report, or one of a newer schema.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Head {
            schema: u32,
        }
        let Head { schema } = serde_json::from_str(text)?;
        if schema > SCHEMA {
            return Err(ReadError::Newer { found: schema });
        }
        Ok(serde_json::from_str(text)?)
    }
}
