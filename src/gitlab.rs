//! GitLab CI: findings in, the entries of a report of code quality out, which a merge request
//! shows on its lines (docs.gitlab.com, "Code Quality report format").

use std::path::Path;

use pywasm_audit::{Finding, Level, Rule};
use pywasm_digest::Digest;
use serde::Serialize;

use crate::github;

/// One entry.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
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

/// The findings of the project at a path. Each needs a line: what has none is put to the file
/// that says what the project depends on.
pub(crate) fn code_quality(project: &Path, findings: Vec<Finding>) -> Vec<Entry> {
    let entry = |finding: Finding| {
        let place = finding.place.map(|place| (place.file, place.line.max(1)));
        let (file, line) = place.unwrap_or_else(|| ("pyproject.toml".to_owned(), 1));
        let path = github::in_repository(&github::folder(project).join(&file), "CI_PROJECT_DIR");
        let path = path.unwrap_or(file);
        let check_name = match finding.rule {
            Rule::NativeCode => "native-code",
            Rule::MissingModule => "missing-module",
            Rule::FailingCall => "failing-call",
            Rule::BuildProblem => "build-problem",
        };
        let identity = format!("{check_name}\n{path}\n{line}\n{}", finding.text);
        Entry {
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
