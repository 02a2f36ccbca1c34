//! The judging: figures and limits in, rows out.

use super::count::{Figure, Value, figures};
use super::largest::largest;
use super::through::through;
use super::{Baseline, BudgetRow, Growth, Limit, Limits, NEAR, Subject, Unit, Verdict};
use crate::{Report, human};

/// One row for each limit, in their order, and for growth one for each file that it is about.
/// `gzip` is the size of the module under gzip, where it is known.
pub fn judge(report: &Report, limits: &Limits, gzip: Option<u64>, baseline: &Baseline) -> Vec<BudgetRow> {
    let mut rows = Vec::new();
    for limit in &limits.limits {
        for figure in figures(report, &limit.subject, gzip) {
            rows.push(row(report, limit, figure, baseline));
        }
    }
    if let Some((growth, line)) = limits.growth {
        rows.extend(grown(report, growth, line, baseline));
    }
    rows
}

/// What makes a comparison with the baseline less than it seems: that it is not there, or was not
/// built in the same way.
pub fn remarks(report: &Report, baseline: &Baseline) -> Vec<String> {
    let (name, old) = match baseline {
        Baseline::None => return Vec::new(),
        Baseline::Missing { name } => return vec![format!("there is no baseline `{name}`")],
        Baseline::Found { name, report } => (name, report),
    };
    let otherwise = report.built_otherwise(old).into_iter();
    let other: Vec<String> = otherwise
        .map(|(what, old, new)| format!("{what} {old}, now {new}"))
        .collect();
    if other.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "the baseline `{name}` was built otherwise, so not all that grew is the project's: {}",
        other.join("; ")
    )]
}

fn row(report: &Report, limit: &Limit, figure: Figure, baseline: &Baseline) -> BudgetRow {
    let mut row = BudgetRow {
        what: limit.subject.key(),
        counts: figure.counts,
        unit: figure.unit,
        value: None,
        limit: Some(signed(limit.most)),
        headroom: None,
        verdict: Verdict::Absent,
        reason: None,
        line: limit.line,
        since: None,
        largest: Vec::new(),
        through: Vec::new(),
    };
    match figure.value {
        Value::There(value) => settle(&mut row, report, &limit.subject, signed(value), baseline),
        // What must not come in has not.
        Value::Absent(_) if limit.most == 0 => settle(&mut row, report, &limit.subject, 0, baseline),
        Value::Absent(reason) => row.reason = Some(reason),
        Value::Unknown(reason) => {
            row.verdict = Verdict::Unknown;
            row.reason = Some(reason);
        }
    }
    row
}

fn grown(report: &Report, growth: Growth, line: Option<u32>, baseline: &Baseline) -> Vec<BudgetRow> {
    let empty = |what: &str, counts: String, verdict, reason: String| BudgetRow {
        what: what.to_owned(),
        counts,
        unit: Unit::Bytes,
        value: None,
        limit: None,
        headroom: None,
        verdict,
        reason: Some(reason),
        line,
        since: None,
        largest: Vec::new(),
        through: Vec::new(),
    };
    let unknown = |reason| {
        let counts = "growth since the baseline".to_owned();
        vec![empty("growth", counts, Verdict::Unknown, reason)]
    };
    let (name, old) = match baseline {
        Baseline::None => return unknown("no `baseline` is named".to_owned()),
        Baseline::Missing { name } => return unknown(format!("there is no baseline `{name}`")),
        Baseline::Found { name, report } => (name, report),
    };
    let mut rows = Vec::new();
    for (subject, what) in [(Subject::Wasm, "growth.wasm"), (Subject::Brotli, "growth.brotli")] {
        let now = figures(report, &subject, None);
        let before = figures(old, &subject, None);
        let (Some(now), Some(before)) = (now.into_iter().next(), before.into_iter().next()) else {
            continue;
        };
        let counts = format!("growth of {} since {name}", now.counts);
        rows.push(match (now.value, before.value) {
            (Value::There(now), Value::There(before)) => {
                let mut row = empty(what, counts, Verdict::Within, String::new());
                row.reason = None;
                row.counts += &format!(", where it was {}", human(before));
                row.limit = Some(allowed(growth, before));
                settle(&mut row, report, &subject, signed(now) - signed(before), baseline);
                row
            }
            (Value::There(_), Value::Absent(reason) | Value::Unknown(reason)) => {
                empty(what, counts, Verdict::Unknown, format!("{name}: {reason}"))
            }
            (Value::Absent(reason) | Value::Unknown(reason), _) => {
                empty(what, counts, Verdict::Absent, reason)
            }
        });
    }
    rows
}

/// Enters the value of a row with a limit, and what follows from it.
fn settle(row: &mut BudgetRow, report: &Report, subject: &Subject, value: i64, baseline: &Baseline) {
    let limit = row.limit.unwrap_or(0);
    row.value = Some(value);
    row.headroom = Some(limit.saturating_sub(value));
    row.verdict = if value > limit {
        Verdict::Exceeded
    } else if value > 0 && i128::from(value) * 100 >= i128::from(limit) * NEAR {
        Verdict::Near
    } else {
        Verdict::Within
    };
    if row.verdict == Verdict::Exceeded {
        let baseline = baseline.found();
        row.since = baseline.map(|(name, _)| name.to_owned());
        row.largest = largest(subject, report, baseline.map(|(_, report)| report));
        row.through = baseline.map_or_else(Vec::new, |(_, old)| through(subject, report, old));
    }
}

fn allowed(growth: Growth, before: u64) -> i64 {
    match growth {
        Growth::Bytes(bytes) => signed(bytes),
        Growth::Share(share) => {
            let bytes = u128::from(before) * u128::from(share) / 100_000;
            i64::try_from(bytes).unwrap_or(i64::MAX)
        }
    }
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
