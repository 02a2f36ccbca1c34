//! What became of the projects of a workspace, and the JSON report that says so.

use std::{collections::BTreeMap, time::Duration};

use pywasm_diagnostic::Diagnostic;
use pywasm_report::{ArtifactEntry, Report};
use serde::{Serialize, Serializer};

use crate::{exit::Exit, failure};

/// The version of the report's form.
const SCHEMA: u32 = 1;

/// One project.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    /// Its folder in the workspace.
    pub(super) path: String,
    #[serde(serialize_with = "code")]
    pub(super) exit: Exit,
    /// The report of its build, or why there is none.
    #[serde(flatten, serialize_with = "report_or_error")]
    pub(super) result: anyhow::Result<Report>,
    #[serde(skip)]
    pub(super) seconds: f64,
    /// Its warnings and errors, as a terminal shows them.
    #[serde(skip)]
    pub(super) said: String,
}

impl Outcome {
    /// The size of the artifact of this kind.
    pub(super) fn bytes(&self, kind: &str) -> Option<u64> {
        let report = self.result.as_ref().ok()?;
        let is_it = |artifact: &&ArtifactEntry| artifact.kind == kind;
        report.artifacts.iter().find(is_it).map(|artifact| artifact.bytes)
    }
}

/// All projects, sorted by path.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    schema: u32,
    pub(super) built: usize,
    pub(super) failed: usize,
    pub(super) projects: Vec<Outcome>,
    pub(super) timings: Timings,
}

/// What depends on the clock and the machine.
#[derive(Debug, Serialize)]
pub(super) struct Timings {
    /// How many projects were built at a time.
    pub(super) jobs: usize,
    /// Seconds.
    pub(super) total: f64,
    projects: BTreeMap<String, f64>,
}

impl Summary {
    pub(super) fn of(projects: Vec<Outcome>, jobs: usize, took: Duration) -> Self {
        let seconds = projects
            .iter()
            .map(|outcome| (outcome.path.clone(), outcome.seconds));
        let failed = projects.iter().filter(|outcome| outcome.result.is_err()).count();
        Self {
            schema: SCHEMA,
            built: projects.len() - failed,
            failed,
            timings: Timings {
                jobs,
                total: took.as_secs_f64(),
                projects: seconds.collect(),
            },
            projects,
        }
    }

    /// The bytes of all artifacts of this kind.
    pub(super) fn bytes(&self, kind: &str) -> Option<u64> {
        let mut known = self.projects.iter().filter_map(|outcome| outcome.bytes(kind));
        let first = known.next()?;
        Some(known.fold(first, u64::saturating_add))
    }
}

fn code<S: Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(exit.code())
}

fn report_or_error<S: Serializer>(result: &anyhow::Result<Report>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Form<'a> {
        report: Option<&'a Report>,
        error: Option<FailureForm>,
    }
    let form = match result {
        Ok(report) => Form {
            report: Some(report),
            error: None,
        },
        Err(error) => Form {
            report: None,
            error: Some(FailureForm::new(error)),
        },
    };
    form.serialize(serializer)
}

/// Why a project was not built.
#[derive(Serialize)]
struct FailureForm {
    /// The error and its causes, each on its own line.
    message: String,
    hint: Option<String>,
    /// The single things that are wrong.
    diagnostics: Vec<DiagnosticForm>,
}

/// One thing that is wrong.
#[derive(Serialize)]
struct DiagnosticForm {
    message: String,
    file: Option<String>,
    line: Option<u32>,
    hint: Option<String>,
}

impl FailureForm {
    fn new(error: &anyhow::Error) -> Self {
        let failure = failure::explain(error);
        let diagnostics: Vec<DiagnosticForm> =
            failure.diagnostics.into_iter().map(DiagnosticForm::new).collect();
        let mut lines: Vec<String> = match diagnostics.as_slice() {
            [] => vec![failure.message],
            several => several.iter().map(|one| one.message.clone()).collect(),
        };
        lines.extend(failure.causes);
        Self {
            message: lines.join("\n"),
            hint: failure.hint,
            diagnostics,
        }
    }
}

impl DiagnosticForm {
    fn new(diagnostic: Diagnostic) -> Self {
        let location = diagnostic.location;
        Self {
            message: diagnostic.message,
            line: location
                .as_ref()
                .map(|location| location.line)
                .filter(|&line| line > 0),
            file: location.map(|location| location.file),
            hint: diagnostic.hint,
        }
    }
}
