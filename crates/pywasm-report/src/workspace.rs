//! Summarizes the builds of a workspace: the content of `pywasm build --workspace --format json`.

use std::{collections::BTreeMap, time::Duration};

use pywasm_diagnostic::{Diagnostic, Failure};
use serde::{Serialize, Serializer};

use crate::{ArtifactEntry, Report};

/// The version of the summary's form.
const SCHEMA: u32 = 1;

/// What became of one project.
#[derive(Debug, Serialize)]
pub struct ProjectOutcome {
    /// Its folder in the workspace.
    pub path: String,
    /// The exit code that a build of it alone would have.
    pub exit: u8,
    /// The report of its build, or why there is none.
    #[serde(flatten, serialize_with = "report_or_error")]
    pub result: Result<Report, Failure>,
    /// How long it took.
    #[serde(skip)]
    pub seconds: f64,
}

impl ProjectOutcome {
    /// The size of the artifact of this kind.
    #[must_use]
    pub fn bytes(&self, kind: &str) -> Option<u64> {
        let report = self.result.as_ref().ok()?;
        let is_it = |artifact: &&ArtifactEntry| artifact.kind == kind;
        report.artifacts.iter().find(is_it).map(|artifact| artifact.bytes)
    }
}

/// What became of all projects.
#[derive(Debug, Serialize)]
pub struct WorkspaceSummary {
    schema: u32,
    /// How many were built.
    pub built: usize,
    /// How many were not.
    pub failed: usize,
    /// The projects, sorted by path.
    pub projects: Vec<ProjectOutcome>,
    /// What depends on the clock and the machine.
    pub timings: WorkspaceTimings,
}

/// What depends on the clock and the machine.
#[derive(Debug, Serialize)]
pub struct WorkspaceTimings {
    /// How many projects were built at a time.
    pub jobs: usize,
    /// Seconds.
    pub total: f64,
    projects: BTreeMap<String, f64>,
}

impl WorkspaceSummary {
    /// Counts what became of the projects.
    #[must_use]
    pub fn new(projects: Vec<ProjectOutcome>, jobs: usize, took: Duration) -> Self {
        let seconds = projects
            .iter()
            .map(|outcome| (outcome.path.clone(), outcome.seconds));
        let failed = projects.iter().filter(|outcome| outcome.result.is_err()).count();
        Self {
            schema: SCHEMA,
            built: projects.len() - failed,
            failed,
            timings: WorkspaceTimings {
                jobs,
                total: took.as_secs_f64(),
                projects: seconds.collect(),
            },
            projects,
        }
    }

    /// The bytes of all artifacts of this kind.
    #[must_use]
    pub fn bytes(&self, kind: &str) -> Option<u64> {
        let mut known = self.projects.iter().filter_map(|outcome| outcome.bytes(kind));
        let first = known.next()?;
        Some(known.fold(first, u64::saturating_add))
    }
}

fn report_or_error<S: Serializer>(
    result: &Result<Report, Failure>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Form<'a> {
        report: Option<&'a Report>,
        error: Option<FailureForm<'a>>,
    }
    Form {
        report: result.as_ref().ok(),
        error: result.as_ref().err().map(FailureForm::new),
    }
    .serialize(serializer)
}

/// Why a project was not built.
#[derive(Serialize)]
struct FailureForm<'a> {
    /// The error and its causes, each on its own line.
    message: String,
    hint: Option<&'a str>,
    /// The single things that are wrong.
    diagnostics: Vec<DiagnosticForm<'a>>,
}

/// One thing that is wrong.
#[derive(Serialize)]
struct DiagnosticForm<'a> {
    message: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    hint: Option<&'a str>,
}

impl<'a> FailureForm<'a> {
    fn new(failure: &'a Failure) -> Self {
        let mut lines: Vec<&str> = match failure.diagnostics.as_slice() {
            [] => vec![&failure.message],
            several => several.iter().map(|one| one.message.as_str()).collect(),
        };
        lines.extend(failure.causes.iter().map(String::as_str));
        Self {
            message: lines.join("\n"),
            hint: failure.hint.as_deref(),
            diagnostics: failure.diagnostics.iter().map(DiagnosticForm::new).collect(),
        }
    }
}

impl<'a> DiagnosticForm<'a> {
    fn new(diagnostic: &'a Diagnostic) -> Self {
        let location = diagnostic.location.as_ref();
        Self {
            message: &diagnostic.message,
            file: location.map(|location| location.file.as_str()),
            line: location.map(|location| location.line).filter(|&line| line > 0),
            hint: diagnostic.hint.as_deref(),
        }
    }
}
