//! Writes and reads the provenance of a release: what it was built from, with which tool and which
//! settings. It is an in-toto statement (`Statement` v1) with SLSA's provenance v1 as its predicate.
//! It follows from the report, and names no time and no host.
//!
//! <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>,
//! <https://slsa.dev/spec/v1.0/provenance>

use pywasm_digest::Digest;
use pywasm_report::{ProjectInfo, Report, Settings, Tool};
use serde::{Deserialize, Serialize};

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "https://slsa.dev/provenance/v1";
/// Defines the meaning of the parameters and dependencies; see `docs/reference/provenance.md`.
const BUILD_TYPE: &str = "urn:pywasm:release:1";
/// What ran the build: the tool itself, on an unnamed machine.
const BUILDER: &str = "urn:pywasm:tool";

/// An in-toto statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    /// The files of the release, sorted by name.
    pub subject: Vec<Descriptor>,
    predicate_type: String,
    /// How they were built.
    pub predicate: Provenance,
}

/// An item and its digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Descriptor {
    /// The name of a file or of another item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A URI that identifies the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// The digest of its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<DigestSet>,
}

/// The digest of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DigestSet {
    /// Its SHA-256.
    pub sha256: Digest,
}

/// SLSA's provenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// What was built, and what it was built from.
    pub build_definition: BuildDefinition,
    run_details: RunDetails,
}

/// What was built, and what it was built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildDefinition {
    build_type: String,
    /// The parameters that the user chose.
    pub external_parameters: Parameters,
    /// The tool, the base and each input.
    pub resolved_dependencies: Vec<Descriptor>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RunDetails {
    builder: Builder,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Builder {
    id: String,
}

/// The parameters that the user chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters {
    /// The project that was built.
    pub project: ProjectInfo,
    /// The settings, as in the report.
    pub settings: Settings,
    /// Further options of the command line.
    pub options: RebuildOptions,
}

/// The options of the command line that a rebuild needs, except for those with a path of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RebuildOptions {
    /// `--entry`
    pub entry: Option<String>,
    /// `--include`
    pub include: Vec<String>,
    /// `--exclude`
    pub exclude: Vec<String>,
    /// `--codec`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codecs: Vec<String>,
    /// `--world`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub worlds: Vec<String>,
    /// `--data`
    pub data: Vec<String>,
    /// `--allow`
    pub allow: Vec<String>,
    /// `--aot`
    pub aot: Vec<String>,
    /// `--cpu`
    pub cpu: Option<String>,
    /// `--extra`
    pub extras: Vec<String>,
    /// `--group`
    pub groups: Vec<String>,
    /// `--sdist`
    pub sdists: Vec<String>,
    /// `--no-install`
    pub no_install: bool,
    /// Whether there is a `.wasm.gz`.
    pub gzip: bool,
    /// Whether there is a `.wasm.zst`.
    pub zstd: bool,
}

/// The text is not a provenance that this version can read.
#[derive(Debug, thiserror::Error)]
pub enum ProvenanceError {
    /// The text is not JSON, or has another structure.
    #[error("the file is not the provenance of a release: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The text is another kind of statement.
    #[error("`{key}` must be `{wanted}`, but is `{found}`")]
    Other {
        /// The key.
        key: &'static str,
        /// Its value.
        found: String,
        /// The required value.
        wanted: &'static str,
    },
}

impl Statement {
    /// Makes the statement about `files`, which are sorted, and about the build of `report`. `base` is
    /// the digest of the base's manifest, which in turn has the digests of all its files.
    #[must_use]
    pub fn new<'a>(
        files: impl Iterator<Item = (&'a String, &'a Vec<u8>)>,
        report: &Report,
        base: Digest,
        options: RebuildOptions,
    ) -> Self {
        let subject = files.map(|(name, bytes)| Descriptor {
            name: Some(name.clone()),
            uri: None,
            digest: Some(DigestSet {
                sha256: Digest::compute(bytes),
            }),
        });
        Self {
            kind: STATEMENT.to_owned(),
            subject: subject.collect(),
            predicate_type: PREDICATE.to_owned(),
            predicate: Provenance {
                build_definition: BuildDefinition {
                    build_type: BUILD_TYPE.to_owned(),
                    external_parameters: Parameters {
                        project: report.project.clone(),
                        settings: report.settings,
                        options,
                    },
                    resolved_dependencies: dependencies(report, base),
                },
                run_details: RunDetails {
                    builder: Builder {
                        id: BUILDER.to_owned(),
                    },
                },
            },
        }
    }

    /// Writes the statement as JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // JSON can express every part of a statement.
        let mut json = serde_json::to_vec_pretty(self).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// When the text is not a statement of this form.
    pub fn from_json(json: &[u8]) -> Result<Self, ProvenanceError> {
        // The types come first, since the rest of another statement may be anything.
        let value: serde_json::Value = serde_json::from_slice(json)?;
        let types = [
            ("_type", &value["_type"], STATEMENT),
            ("predicateType", &value["predicateType"], PREDICATE),
            (
                "buildType",
                &value["predicate"]["buildDefinition"]["buildType"],
                BUILD_TYPE,
            ),
        ];
        for (key, found, wanted) in types {
            let found = found.as_str().unwrap_or_default().to_owned();
            if found != wanted {
                return Err(ProvenanceError::Other { key, found, wanted });
            }
        }
        Ok(serde_json::from_value(value)?)
    }

    /// Returns the digest of the base's manifest.
    #[must_use]
    pub fn base(&self) -> Option<Digest> {
        let mut dependencies = self.predicate.build_definition.resolved_dependencies.iter();
        let base = dependencies.find(|one| one.name.as_deref() == Some("base"))?;
        base.digest.map(|digest| digest.sha256)
    }
}

fn dependencies(report: &Report, base: Digest) -> Vec<Descriptor> {
    let Tool { name, version } = &report.tool;
    let tool = Descriptor {
        name: Some("tool".to_owned()),
        uri: Some(format!("pkg:generic/{name}@{version}")),
        digest: None,
    };
    let base = Descriptor {
        name: Some("base".to_owned()),
        uri: Some(format!("urn:pywasm:base:{}", report.base.id)),
        digest: Some(DigestSet { sha256: base }),
    };
    let inputs = report.inputs.iter().map(|input| Descriptor {
        name: Some(input.path.clone()),
        uri: None,
        digest: Some(DigestSet { sha256: input.sha256 }),
    });
    [tool, base].into_iter().chain(inputs).collect()
}
