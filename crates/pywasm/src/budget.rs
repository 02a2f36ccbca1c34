//! Judges the report of a build by a project's budget, and raises the limits that are exceeded.

use std::{fs, io, path::Path};

use pywasm_diagnostic::{Explain, Fault};
use pywasm_digest::Digest;
use pywasm_project::{EditError, Project};
use pywasm_report::{
    Report,
    budget::{Baseline, BudgetChange, BudgetRow, Verdict},
    format_size,
};

use crate::outputs::module_of;

/// The configuration's file.
const FILE: &str = "pyproject.toml";

/// Why limits cannot be raised.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RaiseError {
    /// The configuration's text cannot be changed at that place.
    #[error("{FILE} cannot be edited: {cause}")]
    Edit {
        /// Why not.
        cause: EditError,
        /// The key below `[tool.pywasm.budget]`.
        what: String,
        /// The new limit.
        to: String,
    },
    /// A file cannot be read or written.
    #[error("cannot {action}")]
    Io {
        /// A verb and its object.
        action: String,
        /// The operating system's reason.
        source: io::Error,
    },
}

impl RaiseError {
    fn io(action: String) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, source }
    }
}

impl Explain for RaiseError {
    fn hint(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            Self::Edit { what, to, .. } => {
                Some(format!("write \"{to}\" for `budget.{what}` yourself").into())
            }
            Self::Io { .. } => None,
        }
    }

    fn fault(&self) -> Fault {
        match self {
            Self::Edit { .. } => Fault::Usage,
            Self::Io { .. } => Fault::Work,
        }
    }
}

/// The module's size under gzip: as the report at `path` has it, or from the module beside it.
#[must_use]
pub fn gzip_size(report: &Report, path: &Path) -> Option<u64> {
    let row = report.budgets.iter().find(|row| row.what == "gzip");
    if let Some(bytes) = row.and_then(|row| row.value) {
        return u64::try_from(bytes).ok();
    }
    let (module, digest) = module_of(path, report)?;
    let bytes = fs::read(module).ok()?;
    (Digest::compute(&bytes) == digest).then(|| pywasm_dist::gzip(&bytes).len() as u64)
}

/// Raises in the project's configuration what is exceeded, and puts the report at `path` in the
/// place of a baseline that is missing or was outgrown.
///
/// # Errors
/// When the configuration cannot be changed, or a file cannot be written.
pub fn raise_budget(
    project: &Project,
    rows: &[BudgetRow],
    baseline: &Baseline,
    path: &Path,
    report: &Report,
) -> Result<Vec<BudgetChange>, RaiseError> {
    let mut changes = raise_limits(project, rows)?;
    let is_outgrown = rows
        .iter()
        .any(|row| row.what.starts_with("growth") && row.verdict == Verdict::Exceeded);
    let old = match baseline {
        Baseline::Missing { .. } => "nothing".to_owned(),
        Baseline::Found { report, .. } if is_outgrown => sizes(report),
        _ => return Ok(changes),
    };
    let Some(name) = project.budget.baseline_path() else {
        return Ok(changes);
    };
    let target = project.root.join(name);
    let writing = || format!("write {name}");
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(RaiseError::io(writing()))?;
    }
    let content = fs::read(path).map_err(RaiseError::io(format!("read {}", path.display())))?;
    pywasm_host::replace_file(&target, &content).map_err(RaiseError::io(writing()))?;
    changes.push(BudgetChange {
        what: name.to_owned(),
        from: old,
        to: sizes(report),
    });
    Ok(changes)
}

fn raise_limits(project: &Project, rows: &[BudgetRow]) -> Result<Vec<BudgetChange>, RaiseError> {
    let mut changes = Vec::new();
    let file = project.root.join(FILE);
    let before = fs::read_to_string(&file).map_err(RaiseError::io(format!("read {FILE}")))?;
    let mut text = before.clone();
    for raise in project.budget.suggest_raises(rows) {
        text = match pywasm_project::replace(&text, &raise.path, &raise.to) {
            Ok(text) => text,
            Err(cause) => {
                return Err(RaiseError::Edit {
                    cause,
                    what: raise.what,
                    to: raise.to,
                });
            }
        };
        changes.push(BudgetChange {
            what: raise.what,
            from: raise.from,
            to: raise.to,
        });
    }
    if text != before {
        pywasm_host::replace_file(&file, text.as_bytes()).map_err(RaiseError::io(format!("write {FILE}")))?;
    }
    Ok(changes)
}

/// A report in few words.
fn sizes(report: &Report) -> String {
    let files = report.artifacts.iter();
    let files = files.filter(|file| ["wasm", "brotli"].contains(&file.kind.as_str()));
    let files: Vec<String> = files
        .map(|file| format!("{} {}", file.file, format_size(file.bytes)))
        .collect();
    files.join(", ")
}
