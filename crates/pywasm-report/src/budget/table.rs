//! The rows as a terminal shows them: a table, and the text of one that is exceeded.

use anstyle::{AnsiColor, Style};

use super::{BudgetRow, Part, Unit, Verdict};
use crate::{aligned, human, human_change};

const HEAD: [&str; 6] = ["budget", "now", "limit", "headroom", "used", "counts"];

/// The columns that hold text; the others hold figures and are set flush right.
const TEXT: [bool; 6] = [true, false, false, false, false, true];

/// One line for each row, with a header; empty without rows. With ANSI styles, which the writer
/// takes out again where they are not wanted.
pub fn budget_table(rows: &[BudgetRow]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut table = vec![HEAD.map(str::to_owned)];
    table.extend(rows.iter().map(cells));
    let lines = aligned(&table, |column| TEXT[column]);
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}\n", lines[0]);
    for (row, line) in rows.iter().zip(&lines[1..]) {
        let style = match row.verdict {
            Verdict::Exceeded => AnsiColor::Red.on_default(),
            Verdict::Near | Verdict::Unknown => AnsiColor::Yellow.on_default(),
            Verdict::Within | Verdict::Absent => Style::new(),
        };
        text += &format!("{style}{line}{style:#}\n");
    }
    text
}

fn cells(row: &BudgetRow) -> [String; 6] {
    let none = || "-".to_owned();
    let is_growth = row.what.starts_with("growth");
    let show = |value: i64, signed: bool| match row.unit {
        Unit::Modules => value.to_string(),
        Unit::Bytes if signed => human_change(value),
        Unit::Bytes if value < 0 => human_change(value),
        Unit::Bytes => human(value.unsigned_abs()),
    };
    let counts = match &row.reason {
        Some(reason) => format!("{} ({reason})", row.counts),
        None => row.counts.clone(),
    };
    let used = match (row.value, row.limit) {
        (Some(value), Some(limit)) if limit > 0 => Some(percent(value, limit)),
        _ => None,
    };
    [
        row.what.clone(),
        row.value.map_or_else(none, |value| show(value, is_growth)),
        row.limit.map_or_else(none, |limit| show(limit, is_growth)),
        row.headroom.map_or_else(none, |headroom| show(headroom, false)),
        used.unwrap_or_else(none),
        counts,
    ]
}

/// Towards the side that shows whether the limit is exceeded: 100 % is not.
fn percent(value: i64, limit: i64) -> String {
    let tenths = i128::from(value) * 1000;
    let limit = i128::from(limit);
    let rounded = match value > 0 && tenths > limit * 1000 {
        true => -((-tenths).div_euclid(limit)),
        false => tenths / limit,
    };
    let sign = if rounded < 0 { "-" } else { "" };
    let rounded = rounded.unsigned_abs();
    format!("{sign}{}.{} %", rounded / 10, rounded % 10)
}

/// A value or limit of a row, rounded and exact: `2.50 MB (2499280 bytes)`, `41 modules`.
pub fn figure(unit: Unit, value: i64) -> String {
    match unit {
        Unit::Modules if value == 1 => "1 module".to_owned(),
        Unit::Modules => format!("{value} modules"),
        Unit::Bytes if (-999..1000).contains(&value) => format!("{value} bytes"),
        Unit::Bytes if value < 0 => format!("{} ({value} bytes)", human_change(value)),
        Unit::Bytes => format!("{} ({value} bytes)", human(value.unsigned_abs())),
    }
}

/// What is exceeded and by how much, in one sentence; and the lines of what is largest.
pub fn exceeded_text(row: &BudgetRow) -> (String, Vec<String>) {
    let (value, limit) = (row.value.unwrap_or(0), row.limit.unwrap_or(0));
    let above = value.saturating_sub(limit);
    let by = match row.unit {
        Unit::Modules => figure(row.unit, above),
        Unit::Bytes => human(above.unsigned_abs()),
    };
    let message = format!(
        "the budget `{}` ({}) is exceeded by {by}: {}, the limit is {}",
        row.what,
        row.counts,
        figure(row.unit, value),
        figure(row.unit, limit),
    );
    (message, parts(row))
}

/// How much of a limit is left, in one sentence.
pub fn near_text(row: &BudgetRow) -> String {
    let (value, limit) = (row.value.unwrap_or(0), row.limit.unwrap_or(0));
    let left = row.headroom.unwrap_or(0);
    let left = match row.unit {
        Unit::Modules => figure(row.unit, left),
        Unit::Bytes => human(left.unsigned_abs()),
    };
    format!(
        "the budget `{}` ({}) has {left} left: {}, the limit is {}",
        row.what,
        row.counts,
        figure(row.unit, value),
        figure(row.unit, limit),
    )
}

fn parts(row: &BudgetRow) -> Vec<String> {
    let raw = match row.unit {
        Unit::Bytes => ", before compression",
        Unit::Modules => "",
    };
    let head = match &row.since {
        Some(since) if row.largest.is_empty() => {
            return vec![format!("nothing of it is larger than in {since}")];
        }
        Some(since) => format!("what came in or grew most since {since}{raw}:"),
        None if row.largest.is_empty() => return Vec::new(),
        None => format!("the most of it{raw}:"),
    };
    let amounts = row.largest.iter().map(|part| match (row.unit, &row.since) {
        (Unit::Modules, Some(_)) => format!("{:+}", part.amount),
        (Unit::Modules, None) => part.amount.to_string(),
        (Unit::Bytes, Some(_)) => human_change(part.amount),
        (Unit::Bytes, None) => human(part.amount.unsigned_abs()),
    });
    let amounts: Vec<String> = amounts.collect();
    let width = amounts.iter().map(String::len).max().unwrap_or(0);
    let names = row.largest.iter().map(|part| part.name.chars().count());
    let name_width = names.max().unwrap_or(0);
    let mut lines = vec![head];
    for (part, amount) in row.largest.iter().zip(&amounts) {
        let Part { name, counts, .. } = part;
        lines.push(format!("  {amount:>width$}  {name:<name_width$}  {counts}"));
    }
    if !row.through.is_empty() {
        let ways = row.through.iter().map(|way| match &way.imported_by {
            Some(by) => format!("{} (imported by {by})", way.name),
            None => way.name.clone(),
        });
        lines.push(format!(
            "came in through: {}",
            ways.collect::<Vec<_>>().join(", ")
        ));
    }
    lines
}
