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
    let Some(new) = new else { return Vec::new() };
    between(old.map_or(&[], |old| &old.budgets), &new.budgets)
}

fn between(before: &[BudgetRow], now: &[BudgetRow]) -> Vec<BudgetChange> {
    // What a row counts tells of this build, too: how many modules, how large the baseline was.
    // Only machine code has several rows of one key, each with its file.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Unit;

    #[test]
    fn a_budget_is_the_same_whatever_its_words_say() {
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
        let told: Vec<_> = between(&old, &new)
            .into_iter()
            .map(|change| (change.what, change.counts, change.old, change.new))
            .collect();
        let of = |what: &str, counts: &str, old, new| (what.to_owned(), counts.to_owned(), old, new);
        let (within, exceeded) = (Some(Verdict::Within), Some(Verdict::Exceeded));
        assert_eq!(
            told,
            [
                of("package.six", "of 2 modules", within, exceeded),
                of("cwasm", "a.cwasm", within, None),
            ]
        );
    }
}
