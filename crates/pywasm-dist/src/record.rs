//! Seals a module with the record of what it was made from, and reads that again: which tool, which
//! base and which inputs. The record is a custom section `pywasm`.

use std::borrow::Cow;

use pywasm_digest::{Digest, sha256sums};
use pywasm_report::InputEntry;
use serde::{Deserialize, Serialize};
use wasm_encoder::{CustomSection, Encode as _};
use wasmparser::{Parser, Payload};

/// The section's name.
pub const SECTION: &str = "pywasm";

/// The version of the record. Readers refuse a larger one.
pub const SCHEMA: u32 = 1;

/// What a module was made from. No time and no host: the same build has the same record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleRecord {
    /// [`SCHEMA`].
    pub schema: u32,
    /// `pywasm`.
    pub tool: String,
    /// The tool's version.
    pub version: String,
    /// The base's id.
    pub base: String,
    /// See [`inputs_digest`].
    pub inputs: Digest,
}

/// Why a module has no record that can be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not a module, or a damaged one.
    #[error("this is not a whole WebAssembly module")]
    NotAModule(#[source] wasmparser::BinaryReaderError),
    /// A module of another tool, or of a pywasm before 0.1.
    #[error("the module has no section `{SECTION}`")]
    Missing,
    /// Two sections of the name.
    #[error("the module has more than one section `{SECTION}`")]
    Several,
    /// Not a record.
    #[error("the section `{SECTION}` is no record")]
    Malformed(#[source] serde_json::Error),
    /// Written by a later pywasm.
    #[error("the record has schema {0}, this pywasm reads up to {SCHEMA}")]
    Newer(u32),
}

impl ModuleRecord {
    /// The record of what pywasm `version` makes from `inputs` on a base.
    #[must_use]
    pub fn new(version: &str, base: &str, inputs: &[InputEntry]) -> Self {
        Self {
            schema: SCHEMA,
            tool: "pywasm".to_owned(),
            version: version.to_owned(),
            base: base.to_owned(),
            inputs: inputs_digest(inputs),
        }
    }
}

/// One digest for all inputs: of a line `SHA256  PATH` each, sorted by path, as `sha256sum` prints
/// them.
#[must_use]
pub fn inputs_digest(inputs: &[InputEntry]) -> Digest {
    let lines = sha256sums(inputs.iter().map(|input| (input.path.as_str(), input.sha256)));
    Digest::compute(lines.as_bytes())
}

/// Seals a module: adds the record after all other sections.
#[must_use]
pub fn seal(mut module: Vec<u8>, record: &ModuleRecord) -> Vec<u8> {
    // No part of a record lacks a form in JSON.
    let json = serde_json::to_vec(record).unwrap_or_default();
    let section = CustomSection {
        name: Cow::Borrowed(SECTION),
        data: Cow::Owned(json),
    };
    // The id of custom sections; `encode` writes the length and the content.
    module.push(0);
    section.encode(&mut module);
    module
}

/// The record of a module.
///
/// # Errors
/// When the bytes are no module, or it has no record, more than one, or one of a later schema.
pub fn read(module: &[u8]) -> Result<ModuleRecord, RecordError> {
    #[derive(Deserialize)]
    struct Head {
        schema: u32,
    }
    let mut found = None;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CustomSection(section) = payload.map_err(RecordError::NotAModule)?
            && section.name() == SECTION
            && found.replace(section.data()).is_some()
        {
            return Err(RecordError::Several);
        }
    }
    let json = found.ok_or(RecordError::Missing)?;
    let Head { schema } = serde_json::from_slice(json).map_err(RecordError::Malformed)?;
    if schema > SCHEMA {
        return Err(RecordError::Newer(schema));
    }
    serde_json::from_slice(json).map_err(RecordError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

    fn record() -> ModuleRecord {
        let input = |path: &str| InputEntry {
            path: path.to_owned(),
            sha256: Digest::compute(path.as_bytes()),
        };
        ModuleRecord::new(
            "0.1.0",
            "cpython-3.13.15-0123456789ab",
            &[input("stdlib/b.py"), input("project/a.py")],
        )
    }

    #[test]
    fn a_record_is_read_back() {
        let module = seal(EMPTY.to_vec(), &record());
        wasmparser::validate(&module).expect("a module");
        assert_eq!(read(&module).expect("a record"), record());
    }

    #[test]
    fn what_is_no_record_is_refused() {
        assert!(matches!(read(b"text"), Err(RecordError::NotAModule(_))));
        assert!(matches!(read(EMPTY), Err(RecordError::Missing)));
        let twice = seal(seal(EMPTY.to_vec(), &record()), &record());
        assert!(matches!(read(&twice), Err(RecordError::Several)));
        let newer = seal(
            EMPTY.to_vec(),
            &ModuleRecord {
                schema: 2,
                ..record()
            },
        );
        assert!(matches!(read(&newer), Err(RecordError::Newer(2))));
        let whole = seal(EMPTY.to_vec(), &record());
        for length in 9..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn inputs_have_one_order() {
        let mut inputs = [
            InputEntry {
                path: "stdlib/b.py".to_owned(),
                sha256: Digest::compute(b"b"),
            },
            InputEntry {
                path: "project/a.py".to_owned(),
                sha256: Digest::compute(b"a"),
            },
        ];
        let one = inputs_digest(&inputs);
        inputs.reverse();
        assert_eq!(one, inputs_digest(&inputs));
    }
}
