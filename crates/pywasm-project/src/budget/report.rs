//! Reports limits that are exceeded, almost exceeded or not checked, each with its line and a hint.

use pywasm_report::Report;
use pywasm_report::budget::{
    Baseline, BudgetRow, Verdict, baseline_remarks, describe_exceeded, describe_near,
};

use super::{Budget, WrittenLimit};
use crate::pattern::ModulePattern;
use pywasm_diagnostic::Diagnostic;

const WRITE_IT: &str = "write the baseline from the report of this build with `pywasm budget --update`";

impl Budget {
    /// The errors for rows that are exceeded.
    pub fn errors(&self, rows: &[BudgetRow]) -> Vec<Diagnostic> {
        let exceeded = rows.iter().filter(|row| row.verdict == Verdict::Exceeded);
        let mut errors: Vec<Diagnostic> = Vec::new();
        for row in exceeded {
            let (message, notes) = describe_exceeded(row);
            let mut diagnostic = self.with_location(Diagnostic::new(message), row);
            // Two limits may be exceeded for the same reason, which is reported once.
            if errors.iter().all(|earlier| earlier.notes != notes) {
                diagnostic.notes = notes;
            }
            errors.push(diagnostic);
        }
        if let Some(last) = errors.last_mut() {
            last.hint = Some(
                "make the artifact smaller; if the growth is intended, raise the limits with `pywasm budget --update`"
                    .to_owned(),
            );
        }
        errors
    }

    /// The warnings for rows that are near their limits or could not be judged, and for the baseline.
    pub fn warnings(&self, report: &Report, rows: &[BudgetRow], baseline: &Baseline) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for row in rows {
            match row.verdict {
                Verdict::Near => warnings.push(self.with_location(Diagnostic::new(describe_near(row)), row)),
                Verdict::Unknown => {
                    let reason = row.reason.as_deref().unwrap_or("its value is unknown");
                    let message = format!("the budget `{}` was not checked: {reason}", row.what);
                    let mut diagnostic = self.with_location(Diagnostic::new(message), row);
                    diagnostic.hint = self.hint(row, baseline);
                    warnings.push(diagnostic);
                }
                Verdict::Absent => warnings.extend(self.unmatched(report, row)),
                Verdict::Within | Verdict::Exceeded => {}
            }
        }
        let is_told = matches!(baseline, Baseline::Missing { .. }) && self.limits.growth.is_some();
        if !is_told {
            for remark in baseline_remarks(report, baseline) {
                let mut diagnostic = Diagnostic::new(remark);
                if self.is_own(baseline) {
                    diagnostic.location = self.baseline.as_ref().map(|item| item.place.clone());
                    let is_missing = matches!(baseline, Baseline::Missing { .. });
                    diagnostic.hint = is_missing.then(|| WRITE_IT.to_owned());
                }
                warnings.push(diagnostic);
            }
        }
        warnings
    }

    /// Whether it is the baseline that the project names.
    fn is_own(&self, baseline: &Baseline) -> bool {
        match baseline {
            Baseline::None => false,
            Baseline::Missing { name } | Baseline::Found { name, .. } => self.baseline_path() == Some(name),
        }
    }

    fn with_location(&self, mut diagnostic: Diagnostic, row: &BudgetRow) -> Diagnostic {
        diagnostic.location = self.find_written(row).map(|written| written.place.clone());
        diagnostic
    }

    fn find_written(&self, row: &BudgetRow) -> Option<&WrittenLimit> {
        let what = if row.what.starts_with("growth") {
            "growth"
        } else {
            &row.what
        };
        self.written.iter().find(|written| written.what == what)
    }

    fn hint(&self, row: &BudgetRow, baseline: &Baseline) -> Option<String> {
        let is_growth = row.what.starts_with("growth");
        match baseline {
            Baseline::None if is_growth => Some(
                "write `baseline = \"...\"` with the path of an earlier report, or pass `--baseline`"
                    .to_owned(),
            ),
            Baseline::Missing { .. } if is_growth && self.is_own(baseline) => Some(WRITE_IT.to_owned()),
            _ => None,
        }
    }

    /// A package that is not there may have been misspelled.
    fn unmatched(&self, report: &Report, row: &BudgetRow) -> Option<Diagnostic> {
        let pattern = row.what.strip_prefix("package.")?.parse::<ModulePattern>().ok()?;
        let pattern = pattern.with_location(self.find_written(row)?.place.clone());
        let modules = report.modules.iter().map(|module| module.name.as_str());
        Some(pattern.unmatched("budget.package", modules))
    }
}
