//! Writes an audit as SARIF 2.1.0 (OASIS), which CI systems show on the lines of a change: one
//! result for each finding.

use serde::Serialize;

use crate::findings::Finding;
use crate::model::{Audit, Spot};

const SCHEMA_URI: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The rules in the order of [`crate::Rule`]: id, and what they mean.
const RULES: [(&str, &str); 4] = [
    (
        "native-code",
        "A dependency has compiled code that WASI cannot run",
    ),
    (
        "missing-module",
        "WASI lacks a module of CPython's standard library",
    ),
    ("failing-call", "A call fails on WASI"),
    (
        "build-problem",
        "Something stops a build, or may go wrong in the artifact",
    ),
];

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'static str,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
}

impl Audit {
    /// The whole of it, indented, with a last line end.
    pub fn to_sarif(&self) -> String {
        let results = self.findings().into_iter().map(outcome).collect();
        let log = Log {
            schema: SCHEMA_URI,
            version: "2.1.0",
            runs: [Run {
                tool: Tool {
                    driver: Driver {
                        name: &self.tool.name,
                        version: &self.tool.version,
                        rules: RULES.iter().map(|(id, text)| rule(id, text)).collect(),
                    },
                },
                column_kind: "unicodeCodePoints",
                results,
            }],
        };
        // Strings and numbers only: nothing here can fail to be JSON.
        serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
    }
}

fn rule(id: &'static str, text: &str) -> Rule {
    Rule {
        id,
        short_description: Message {
            text: text.to_owned(),
        },
    }
}

fn outcome(finding: Finding) -> Outcome {
    let rule = finding.rule as usize;
    Outcome {
        rule_id: RULES[rule].0,
        rule_index: rule,
        level: finding.level.as_str(),
        message: Message { text: finding.text },
        locations: finding.place.iter().map(location).collect(),
    }
}

fn location(place: &Spot) -> Location {
    Location {
        physical_location: Physical {
            artifact_location: Artifact {
                uri: uri(&place.file),
                uri_base_id: "%SRCROOT%",
            },
            region: (place.line > 0).then_some(Region {
                start_line: place.line,
                start_column: Some(place.column).filter(|column| *column > 0),
            }),
        },
    }
}

/// A relative path as a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri += &format!("%{byte:02X}");
        }
    }
    uri
}
