//! Holds `[tool.pywasm.budget]`, the limits for the size of a build, with the places where they are
//! written. Reports how they were judged, and suggests limits that hold again, for `pywasm budget
//! --update`.

use std::io::ErrorKind;
use std::path::Path;

use pywasm_report::budget::{Baseline, BudgetRow, Limits, NEAR, Verdict};
use pywasm_report::{Report, format_size_like};

use crate::Error;
use crate::data::io_text;
use crate::table::Item;
use pywasm_diagnostic::{Diagnostic, Location};

mod read;
mod report;

pub(crate) use read::read;

/// The limits of a project, and where they are written.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    /// The limits.
    pub limits: Limits,
    baseline: Option<Item<String>>,
    written: Vec<WrittenLimit>,
}

/// A limit as it is written.
#[derive(Debug, Clone)]
struct WrittenLimit {
    /// As [`BudgetRow::what`]; `growth` for both rows of growth.
    what: String,
    /// Its keys below `[tool.pywasm]`.
    path: Vec<String>,
    text: String,
    place: Location,
}

/// A limit that is to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    /// As [`BudgetRow::what`].
    pub what: String,
    /// Its keys below `[tool.pywasm]`.
    pub path: Vec<String>,
    /// What is written.
    pub from: String,
    /// What is to be written.
    pub to: String,
}

impl Budget {
    /// Whether there is nothing to judge.
    pub fn is_empty(&self) -> bool {
        self.limits.is_empty() && self.baseline.is_none()
    }

    /// The baseline's path below the project's folder, as it is written.
    pub fn baseline_path(&self) -> Option<&str> {
        self.baseline.as_ref().map(|item| item.value.as_str())
    }

    /// The baseline of the project in the folder `root`.
    ///
    /// # Errors
    /// When the file exists and is not a report.
    pub fn baseline(&self, root: &Path) -> Result<Baseline, Error> {
        let Some(item) = &self.baseline else {
            return Ok(Baseline::None);
        };
        let name = item.value.clone();
        match read_report(&root.join(&name), &name) {
            Ok(Some(report)) => Ok(Baseline::Found {
                name,
                report: Box::new(report),
            }),
            Ok(None) => Ok(Baseline::Missing { name }),
            Err(mut diagnostic) => {
                diagnostic.message = format!("`budget.baseline`: {}", diagnostic.message);
                Err(diagnostic.with_location(item.place.clone()).into())
            }
        }
    }

    /// The limits under which the rows that are exceeded would be well within.
    pub fn suggest_raises(&self, rows: &[BudgetRow]) -> Vec<Raise> {
        let mut raises = Vec::new();
        for written in &self.written {
            let exceeded = rows
                .iter()
                .filter(|row| row.what == written.what && row.verdict == Verdict::Exceeded);
            let Some(value) = exceeded.filter_map(|row| row.value).max() else {
                continue;
            };
            let least = i128::from(value) * 100 / NEAR + 1;
            raises.push(Raise {
                what: written.what.clone(),
                path: written.path.clone(),
                from: written.text.clone(),
                to: format_size_like(&written.text, u64::try_from(least).unwrap_or(u64::MAX)),
            });
        }
        raises
    }
}

/// The report in a file; `None` if the file does not exist.
///
/// # Errors
/// When the file cannot be read or is not a report. The message has `name`, and no place.
pub fn read_report(path: &Path, name: &str) -> Result<Option<Report>, Diagnostic> {
    let text = match std::fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Diagnostic::new(format!(
                "`{name}` cannot be read: {}",
                io_text(&error)
            )));
        }
    };
    let Ok(text) = text else {
        return Err(Diagnostic::new(format!("`{name}` is not a pywasm report")));
    };
    match Report::from_json(&text) {
        Ok(report) => Ok(Some(report)),
        Err(error) => Err(Diagnostic::new(format!("`{name}`: {error}")).with_hint(error.hint())),
    }
}
