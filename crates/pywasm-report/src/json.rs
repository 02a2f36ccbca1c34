//! Writes a report as the text of `NAME.report.json`, and reads it back.

use serde::Deserialize;
use thiserror::Error;

use crate::{Report, SCHEMA};

/// The text is not a report that this version can read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The text is not JSON, or does not follow the schema.
    #[error("not a pywasm report")]
    Malformed(#[from] serde_json::Error),
    /// A newer pywasm wrote the report.
    #[error("the report has schema {found}, but this pywasm reads only up to {SCHEMA}")]
    Newer {
        /// The version of the schema in the text.
        found: u32,
    },
}

impl ReadError {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "pass the file dist/NAME.report.json that a build writes",
            Self::Newer { .. } => "use the pywasm that wrote the report, or build again",
        }
    }
}

impl Report {
    /// Writes the text of `NAME.report.json`, with a final line break.
    ///
    /// # Errors
    ///
    /// Never in practice, since JSON can express every part of a report.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Reads a report. Unknown keys are ignored, since newer versions may add some.
    ///
    /// # Errors
    ///
    /// When the text is not a report, or has a newer schema.
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
