//! The `budgets` of two reports in, those that were crossed out.

use serde::Serialize;

use crate::Report;
use crate::budget::{BudgetRow, Verdict, figure};

/// A budget whose verdict is another, or that is exceeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetChange {
    /// The budget's key.
    pub what: String,
    /// What it counts.
    pub counts: String,
    /// The verdict before; `None` where it was not judged.
    pub old: Option<Verdict>,
    /// The verdict now; `None` where it is not judged any more.
    pub new: Option<Verdict>,
    /// How much there is; bytes, or modules.
    pub value: Option<i64>,
    /// How much there may be.
    pub limit: Option<i64>,
    /// `value` and `limit` with their unit, for people.
    #[serde(skip)]
    pub(super) shown: [String; 2],
}

pub(super) fn changes(old: Option<&Report>, new: Option<&Report>) -> Vec<BudgetChange> {
    fn rows(report: Option<&Report>) -> &[BudgetRow] {
        report.map_or(&[], |report| &report.budgets)
    }
    fn find<'a>(rows: &'a [BudgetRow], row: &BudgetRow) -> Option<&'a BudgetRow> {
        rows.iter()
            .find(|other| other.what == row.what && other.counts == row.counts)
    }
    let (before, now) = (rows(old), rows(new));
    let gone = before
        .iter()
        .filter(|row| new.is_some() && find(now, row).is_none());
    let both = now
        .iter()
        .map(|row| (row, find(before, row).map(|row| row.verdict), Some(row.verdict)))
        .chain(gone.map(|row| (row, Some(row.verdict), None)));
    both.filter(|(_, old, new)| is_crossed(*old, *new))
        .map(|(row, old, new)| BudgetChange {
            what: row.what.clone(),
            counts: row.counts.clone(),
            old,
            new,
            value: row.value,
            limit: row.limit,
            shown: [row.value, row.limit]
                .map(|value| value.map_or_else(|| "-".to_owned(), |value| figure(row.unit, value))),
        })
        .collect()
}

/// A budget that is judged for the first time is worth a word where it is not kept with ease.
fn is_crossed(old: Option<Verdict>, new: Option<Verdict>) -> bool {
    match (old, new) {
        (_, Some(Verdict::Exceeded)) => true,
        (None, Some(new)) => new == Verdict::Near,
        _ => old != new,
    }
}

impl Verdict {
    /// The word for it, as the report has it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Near => "near",
            Self::Exceeded => "exceeded",
            Self::Absent => "absent",
            Self::Unknown => "unknown",
        }
    }
}
