//! Finds the budgets whose verdict changed between two reports.

use serde::Serialize;

use crate::Report;
use crate::budget::{BudgetRow, Verdict, format_figure};

/// A budget whose verdict changed, or that is exceeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetChange {
    /// The budget's key.
    pub what: String,
    /// What it counts.
    pub counts: String,
    /// The verdict before; `None` if the budget did not exist.
    pub old: Option<Verdict>,
    /// The verdict now; `None` if the budget no longer exists.
    pub new: Option<Verdict>,
    /// The value, in bytes or modules.
    pub value: Option<i64>,
    /// The largest allowed value.
    pub limit: Option<i64>,
    /// `value` and `limit` with their unit, for people.
    #[serde(skip)]
    pub(super) shown: [String; 2],
}

pub(super) fn changes(old: Option<&Report>, new: Option<&Report>) -> Vec<BudgetChange> {
    let Some(new) = new else { return Vec::new() };
    compare_rows(old.map_or(&[], |old| &old.budgets), &new.budgets)
}

fn compare_rows(before: &[BudgetRow], now: &[BudgetRow]) -> Vec<BudgetChange> {
    // `counts` also describes the build (how many modules, how large the baseline was), so it does
    // not identify a row. Only machine code has several rows with one key, each for its own file.
    fn find<'a>(rows: &'a [BudgetRow], row: &BudgetRow) -> Option<&'a BudgetRow> {
        let is_same = |other: &&BudgetRow| {
            other.what == row.what && (row.what != "cwasm" || other.counts == row.counts)
        };
        rows.iter().find(is_same)
    }
    let gone = before.iter().filter(|row| find(now, row).is_none());
    let both = now
        .iter()
        .map(|row| (row, find(before, row).map(|row| row.verdict), Some(row.verdict)))
        .chain(gone.map(|row| (row, Some(row.verdict), None)));
    both.filter(|(_, old, new)| is_worth_showing(*old, *new))
        .map(|(row, old, new)| BudgetChange {
            what: row.what.clone(),
            counts: row.counts.clone(),
            old,
            new,
            value: row.value,
            limit: row.limit,
            shown: [row.value, row.limit]
                .map(|value| value.map_or_else(|| "-".to_owned(), |value| format_figure(row.unit, value))),
        })
        .collect()
}

/// Whether to show a change. A new budget is shown only if it is exceeded or nearly used up.
fn is_worth_showing(old: Option<Verdict>, new: Option<Verdict>) -> bool {
    match (old, new) {
        (_, Some(Verdict::Exceeded)) => true,
        (None, Some(new)) => new == Verdict::Near,
        _ => old != new,
    }
}

impl Verdict {
    /// The verdict as the report writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Near => "near",
            Self::Exceeded => "exceeded",
            Self::Absent => "absent",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Unit;

    #[test]
    fn a_budget_is_found_again_although_its_description_changed() {
        let row = |what: &str, counts: &str, verdict| BudgetRow {
            what: what.to_owned(),
            counts: counts.to_owned(),
            unit: Unit::Bytes,
            value: Some(1),
            limit: Some(2),
            headroom: Some(1),
            verdict,
            reason: None,
            line: None,
            since: None,
            largest: Vec::new(),
            through: Vec::new(),
        };
        let old = [
            row("package.rich", "of 2 modules", Verdict::Within),
            row("package.six", "of 1 module", Verdict::Within),
            row("cwasm", "a.cwasm", Verdict::Within),
        ];
        let new = [
            row("package.rich", "of 3 modules", Verdict::Within),
            row("package.six", "of 2 modules", Verdict::Exceeded),
            row("cwasm", "b.cwasm", Verdict::Within),
        ];
        let changes: Vec<_> = compare_rows(&old, &new)
            .into_iter()
            .map(|change| (change.what, change.counts, change.old, change.new))
            .collect();
        let change = |what: &str, counts: &str, old, new| (what.to_owned(), counts.to_owned(), old, new);
        let (within, exceeded) = (Some(Verdict::Within), Some(Verdict::Exceeded));
        assert_eq!(
            changes,
            [
                change("package.six", "of 2 modules", within, exceeded),
                change("cwasm", "a.cwasm", within, None),
            ]
        );
    }
}
