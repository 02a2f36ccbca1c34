//! Renders the rows of budgets as a table for a terminal.

use anstyle::{AnsiColor, Style};

use super::{BudgetRow, Unit, Verdict};
use crate::{align, format_size, format_size_change};

const HEAD: [&str; 6] = ["budget", "now", "limit", "headroom", "used", "counts"];

/// The columns that hold text; the others hold figures and are aligned right.
const TEXT: [bool; 6] = [true, false, false, false, false, true];

/// Renders a header and one line for each row; nothing without rows. The text has ANSI styles; the
/// writer removes them where they are not wanted.
pub fn render_budget_table(rows: &[BudgetRow]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut table = vec![HEAD.map(str::to_owned)];
    table.extend(rows.iter().map(cells));
    let lines = align(&table, |column| TEXT[column]);
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
        Unit::Bytes if signed => format_size_change(value),
        Unit::Bytes if value < 0 => format_size_change(value),
        Unit::Bytes => format_size(value.unsigned_abs()),
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

/// Formats a share of the limit, rounded so that more than 100 % always means an exceeded limit.
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
