//! Judges the figures of a report by the limits of a project.

use super::count::{Figure, Value, figures};
use super::import_chain::import_chains;
use super::largest::largest_parts;
use super::{Baseline, BudgetRow, BudgetTarget, Growth, Limit, Limits, NEAR, Unit, Verdict};
use crate::{Report, format_size};

/// Makes one row for each limit, in their order, and one for each file whose growth is limited.
/// `gzip` is the size of the module under gzip, if it is known.
pub fn judge(report: &Report, limits: &Limits, gzip: Option<u64>, baseline: &Baseline) -> Vec<BudgetRow> {
    let mut rows = Vec::new();
    for limit in &limits.limits {
        for figure in figures(report, &limit.target, gzip) {
            rows.push(judge_figure(report, limit, figure, baseline));
        }
    }
    if let Some((growth, line)) = limits.growth {
        rows.extend(judge_growth(report, growth, line, baseline));
    }
    rows
}

/// Explains why a comparison with the baseline says less than it seems to: the baseline does not
/// exist, or was not built in the same way.
pub fn baseline_remarks(report: &Report, baseline: &Baseline) -> Vec<String> {
    let (name, old) = match baseline {
        Baseline::None => return Vec::new(),
        Baseline::Missing { name } => return vec![format!("the baseline `{name}` does not exist")],
        Baseline::Found { name, report } => (name, report),
    };
    let differences = report.setting_differences(old).into_iter();
    let differences: Vec<String> = differences
        .map(|(what, old, new)| format!("{what} {old}, now {new}"))
        .collect();
    if differences.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "the baseline `{name}` was built differently, which may be why the artifact grew: {}",
        differences.join("; ")
    )]
}

fn judge_figure(report: &Report, limit: &Limit, figure: Figure, baseline: &Baseline) -> BudgetRow {
    let mut row = BudgetRow {
        what: limit.target.key(),
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
        Value::Known(value) => evaluate(&mut row, report, &limit.target, signed(value), baseline),
        // A limit of zero forbids the thing, and it is absent.
        Value::Absent(_) if limit.most == 0 => evaluate(&mut row, report, &limit.target, 0, baseline),
        Value::Absent(reason) => row.reason = Some(reason),
        Value::Unknown(reason) => {
            row.verdict = Verdict::Unknown;
            row.reason = Some(reason);
        }
    }
    row
}

fn judge_growth(report: &Report, growth: Growth, line: Option<u32>, baseline: &Baseline) -> Vec<BudgetRow> {
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
        Baseline::None => return unknown("no `baseline` is configured".to_owned()),
        Baseline::Missing { name } => return unknown(format!("the baseline `{name}` does not exist")),
        Baseline::Found { name, report } => (name, report),
    };
    let mut rows = Vec::new();
    for (target, what) in [
        (BudgetTarget::Wasm, "growth.wasm"),
        (BudgetTarget::Brotli, "growth.brotli"),
    ] {
        let now = figures(report, &target, None);
        let before = figures(old, &target, None);
        let (Some(now), Some(before)) = (now.into_iter().next(), before.into_iter().next()) else {
            continue;
        };
        let counts = format!("growth of {} since {name}", now.counts);
        rows.push(match (now.value, before.value) {
            (Value::Known(now), Value::Known(before)) => {
                let mut row = empty(what, counts, Verdict::Within, String::new());
                row.reason = None;
                row.counts += &format!(" (it was {})", format_size(before));
                row.limit = Some(allowed_growth(growth, before));
                evaluate(&mut row, report, &target, signed(now) - signed(before), baseline);
                row
            }
            (Value::Known(_), Value::Absent(reason) | Value::Unknown(reason)) => {
                empty(what, counts, Verdict::Unknown, format!("{name}: {reason}"))
            }
            (Value::Absent(reason) | Value::Unknown(reason), _) => {
                empty(what, counts, Verdict::Absent, reason)
            }
        });
    }
    rows
}

/// Fills in the value of a row with a limit, and the verdict that follows from it.
fn evaluate(row: &mut BudgetRow, report: &Report, target: &BudgetTarget, value: i64, baseline: &Baseline) {
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
        let baseline = baseline.report();
        row.since = baseline.map(|(name, _)| name.to_owned());
        row.largest = largest_parts(target, report, baseline.map(|(_, report)| report));
        row.through = baseline.map_or_else(Vec::new, |(_, old)| import_chains(target, report, old));
    }
}

fn allowed_growth(growth: Growth, before: u64) -> i64 {
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
