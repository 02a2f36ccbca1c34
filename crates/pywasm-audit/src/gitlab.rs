//! Writes findings as a report of code quality for GitLab CI, which a merge request shows on its
//! lines (docs.gitlab.com, "Code Quality report format").

use pywasm_digest::Digest;
use serde::Serialize;

use crate::{Finding, Level, Rule};

/// One entry of the report.
#[derive(Debug, Serialize)]
pub struct CodeQualityEntry {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: u32,
}

/// The entries of findings. `in_repository` gives the path of a project's file from the top of the
/// repository, if it is in it. Each entry needs a line: a finding without one is put to the file that
/// says what the project depends on.
pub fn code_quality(
    findings: Vec<Finding>,
    in_repository: impl Fn(&str) -> Option<String>,
) -> Vec<CodeQualityEntry> {
    let entry = |finding: Finding| {
        let place = finding.place.map(|place| (place.file, place.line.max(1)));
        let (file, line) = place.unwrap_or_else(|| ("pyproject.toml".to_owned(), 1));
        let path = in_repository(&file).unwrap_or(file);
        let check_name = match finding.rule {
            Rule::NativeCode => "native-code",
            Rule::MissingModule => "missing-module",
            Rule::FailingCall => "failing-call",
            Rule::BuildProblem => "build-problem",
        };
        let identity = format!("{check_name}\n{path}\n{line}\n{}", finding.text);
        CodeQualityEntry {
            description: finding.text,
            check_name,
            fingerprint: Digest::compute(identity.as_bytes()).to_string(),
            severity: match finding.level {
                Level::Error => "critical",
                Level::Warning => "major",
                Level::Note | Level::None => "info",
            },
            location: Location {
                path,
                lines: Lines { begin: line },
            },
        }
    };
    findings.into_iter().map(entry).collect()
}
