//! `NAME.TARGET.cwasm.json`: what a file of machine code was made from, with what and for what.
//! In: a record and what is here. Out: everything that does not fit.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
};

use pywasm_digest::Digest;
use serde::{Deserialize, Serialize};

use crate::{AotCompiler, Machine, host_features, host_target};

/// The version of the record's schema. Readers refuse a larger one.
pub const RECORD_SCHEMA: u32 = 1;

/// What is known about a file of machine code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineCodeRecord {
    /// [`RECORD_SCHEMA`].
    pub schema: u32,
    /// What made the code, and can run it.
    pub engine: EngineInfo,
    /// The target triple.
    pub target: String,
    /// The CPU, or the baseline of CPUs.
    pub cpu: String,
    /// The CPU features that the code needs, besides those of all machines of the target.
    pub cpu_features: BTreeSet<String>,
    /// The compiler's settings.
    pub settings: BTreeMap<String, String>,
    /// The module.
    pub source: FileInfo,
    /// The machine code.
    pub code: FileInfo,
}

/// An engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A file beside the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// Its name, without a folder.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Its content.
    pub sha256: Digest,
}

impl FileInfo {
    /// A file of this name and content.
    #[must_use]
    pub fn new(file: &str, content: &[u8]) -> Self {
        Self {
            file: file.to_owned(),
            bytes: content.len() as u64,
            sha256: Digest::compute(content),
        }
    }
}

/// A record that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not a record at all.
    #[error("this is not a record of machine code")]
    Malformed(#[from] serde_json::Error),
    /// Made by a later pywasm.
    #[error("the record has the schema {found}, and this pywasm knows {RECORD_SCHEMA}")]
    Newer {
        /// The schema's version in the text.
        found: u32,
    },
    /// A name that leads out of the folder.
    #[error("`{0}` is not the name of a file")]
    Name(String),
}

/// One thing in which a record and what is here differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The part of the record.
    pub part: &'static str,
    /// How it differs.
    pub message: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.part, self.message)
    }
}

impl MachineCodeRecord {
    /// The record of code that a compiler made for a machine.
    #[must_use]
    pub fn new(compiler: &dyn AotCompiler, machine: &Machine, source: FileInfo, code: FileInfo) -> Self {
        Self {
            schema: RECORD_SCHEMA,
            engine: compiler.engine(),
            target: machine.target().to_owned(),
            cpu: machine.cpu().to_owned(),
            cpu_features: machine.features().clone(),
            settings: compiler.settings(machine),
            source,
            code,
        }
    }

    /// The text of the file.
    #[must_use]
    pub fn to_json(&self) -> String {
        // No part of a record lacks a form in JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// When the text is no record, one of a newer schema, or names a file in another folder.
    pub fn from_json(text: &[u8]) -> Result<Self, RecordError> {
        #[derive(Deserialize)]
        struct Head {
            schema: u32,
        }
        let Head { schema } = serde_json::from_slice(text)?;
        if schema > RECORD_SCHEMA {
            return Err(RecordError::Newer { found: schema });
        }
        let record: Self = serde_json::from_slice(text)?;
        for name in [&record.source.file, &record.code.file] {
            let path = Path::new(name);
            if name.contains(['/', '\\']) || path.file_name() != Some(path.as_os_str()) {
                return Err(RecordError::Name(name.clone()));
            }
        }
        Ok(record)
    }

    /// What of the record does not fit an engine with its settings for this machine, this machine
    /// and these files. `code` is the digest of the machine code, `source` that of the module where
    /// it is there.
    #[must_use]
    pub fn mismatches(
        &self,
        engine: &EngineInfo,
        settings: &BTreeMap<String, String>,
        code: Digest,
        source: Option<Digest>,
    ) -> Vec<Mismatch> {
        let mut wrong = Vec::new();
        let mut tell = |part, message| wrong.push(Mismatch { part, message });
        if self.engine != *engine {
            let text = |engine: &EngineInfo| format!("{} {}", engine.name, engine.version);
            let message = format!("{} made it, and this is {}", text(&self.engine), text(engine));
            tell("engine", message);
        }
        let host = host_target();
        if self.target != host {
            tell(
                "target",
                format!("it is for {}, and this machine is {host}", self.target),
            );
        } else {
            let here = host_features().unwrap_or_default();
            let missing: Vec<_> = self
                .cpu_features
                .iter()
                .filter(|feature| !here.contains(feature.as_str()))
                .map(String::as_str)
                .collect();
            if !missing.is_empty() {
                let message = format!("it needs {}, which this CPU has not", missing.join(", "));
                tell("cpu_features", message);
            }
            for (name, there, wanted) in self.different_settings(settings) {
                tell("settings", format!("`{name}` is {there}, and has to be {wanted}"));
            }
        }
        let mut compare = |part, info: &FileInfo, found: Digest| {
            if info.sha256 != found {
                let message = format!("the SHA-256 is {found}, and the record says {}", info.sha256);
                tell(part, message);
            }
        };
        compare("code", &self.code, code);
        if let Some(source) = source {
            compare("source", &self.source, source);
        }
        wrong
    }

    fn different_settings(&self, wanted: &BTreeMap<String, String>) -> Vec<(String, String, String)> {
        let names: BTreeSet<&String> = self.settings.keys().chain(wanted.keys()).collect();
        let word =
            |value: Option<&String>| value.map_or_else(|| "absent".to_owned(), |text| format!("`{text}`"));
        names
            .into_iter()
            .filter(|name| self.settings.get(*name) != wanted.get(*name))
            .map(|name| {
                (
                    name.clone(),
                    word(self.settings.get(name)),
                    word(wanted.get(name)),
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ToolError;

    /// A compiler of which only the description is used.
    struct Described;

    impl AotCompiler for Described {
        fn version(&self) -> u32 {
            1
        }

        fn engine(&self) -> EngineInfo {
            EngineInfo {
                name: "engine".to_owned(),
                version: "48.0.1".to_owned(),
            }
        }

        fn settings(&self, _: &Machine) -> BTreeMap<String, String> {
            [("compiler", "best"), ("opt-level", "speed")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into()
        }

        fn compile(&self, module: &[u8], _: &Machine) -> Result<Vec<u8>, ToolError> {
            Ok(module.to_vec())
        }
    }

    fn machine() -> Machine {
        Machine::host(None).expect("this machine")
    }

    fn record() -> MachineCodeRecord {
        let info = |name: &str| FileInfo::new(name, name.as_bytes());
        MachineCodeRecord::new(&Described, &machine(), info("a.wasm"), info("a.cwasm"))
    }

    fn parts(record: &MachineCodeRecord) -> Vec<&'static str> {
        let wrong = record.mismatches(
            &Described.engine(),
            &Described.settings(&machine()),
            Digest::compute(b"a.cwasm"),
            Some(Digest::compute(b"a.wasm")),
        );
        wrong.into_iter().map(|mismatch| mismatch.part).collect()
    }

    #[test]
    fn a_record_reads_back_and_fits() {
        let record = record();
        let back = MachineCodeRecord::from_json(record.to_json().as_bytes()).expect("reads back");
        assert_eq!(back, record);
        assert_eq!(parts(&back), Vec::<&str>::new());
    }

    #[test]
    fn each_part_is_looked_at() {
        let change = |change: fn(&mut MachineCodeRecord)| {
            let mut record = record();
            change(&mut record);
            parts(&record)
        };
        assert_eq!(change(|r| r.engine.name.push('x')), ["engine"]);
        assert_eq!(change(|r| r.engine.version = "47.0.0".into()), ["engine"]);
        assert_eq!(change(|r| r.target.push('x')), ["target"]);
        assert_eq!(
            change(|r| {
                r.cpu_features.insert("none".into());
            }),
            ["cpu_features"]
        );
        assert_eq!(change(|r| r.settings.clear()).len(), 2);
        assert_eq!(
            change(|r| {
                r.settings.insert("new".into(), "1".into());
            }),
            ["settings"]
        );
        assert_eq!(change(|r| r.code.sha256 = Digest::compute(b"")), ["code"]);
        assert_eq!(change(|r| r.source.sha256 = Digest::compute(b"")), ["source"]);
    }

    #[test]
    fn hostile_texts_are_refused() {
        assert!(MachineCodeRecord::from_json(b"").is_err());
        assert!(MachineCodeRecord::from_json(b"{\"schema\": 1}").is_err());
        let newer = MachineCodeRecord::from_json(b"{\"schema\": 2}");
        assert!(matches!(newer, Err(RecordError::Newer { found: 2 })));
        for name in ["../a.wasm", "/a", "", "..", "a\\b"] {
            let mut record = record();
            record.source.file = name.to_owned();
            let read = MachineCodeRecord::from_json(record.to_json().as_bytes());
            assert!(matches!(read, Err(RecordError::Name(_))), "{name}");
        }
    }
}
