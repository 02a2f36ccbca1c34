//! Writes the messages about budgets that are exceeded or nearly used up.

use super::{BudgetRow, Part, Unit};
use crate::{format_size, format_size_change};

/// Formats a value or limit of a row, rounded and exact: `2.50 MB (2499280 bytes)`, `41 modules`.
pub fn format_figure(unit: Unit, value: i64) -> String {
    match unit {
        Unit::Modules if value == 1 => "1 module".to_owned(),
        Unit::Modules => format!("{value} modules"),
        Unit::Bytes if (-999..1000).contains(&value) => format!("{value} bytes"),
        Unit::Bytes if value < 0 => format!("{} ({value} bytes)", format_size_change(value)),
        Unit::Bytes => format!("{} ({value} bytes)", format_size(value.unsigned_abs())),
    }
}

/// Says in one sentence by how much a budget is exceeded, and lists the largest parts in lines.
pub fn describe_exceeded(row: &BudgetRow) -> (String, Vec<String>) {
    let (value, limit) = (row.value.unwrap_or(0), row.limit.unwrap_or(0));
    let above = value.saturating_sub(limit);
    let by = match row.unit {
        Unit::Modules => format_figure(row.unit, above),
        Unit::Bytes => format_size(above.unsigned_abs()),
    };
    let message = format!(
        "the budget `{}` ({}) is exceeded by {by}: the value is {}, the limit {}",
        row.what,
        row.counts,
        format_figure(row.unit, value),
        format_figure(row.unit, limit),
    );
    (message, list_parts(row))
}

/// Says in one sentence how much of a budget is left.
pub fn describe_near(row: &BudgetRow) -> String {
    let (value, limit) = (row.value.unwrap_or(0), row.limit.unwrap_or(0));
    let left = row.headroom.unwrap_or(0);
    let left = match row.unit {
        Unit::Modules => format_figure(row.unit, left),
        Unit::Bytes => format_size(left.unsigned_abs()),
    };
    format!(
        "the budget `{}` ({}) has {left} left: the value is {}, the limit {}",
        row.what,
        row.counts,
        format_figure(row.unit, value),
        format_figure(row.unit, limit),
    )
}

fn list_parts(row: &BudgetRow) -> Vec<String> {
    let raw = match row.unit {
        Unit::Bytes => ", before compression",
        Unit::Modules => "",
    };
    let head = match &row.since {
        Some(since) if row.largest.is_empty() => {
            return vec![format!("no part is larger than in {since}")];
        }
        Some(since) => format!("largest additions since {since}{raw}:"),
        None if row.largest.is_empty() => return Vec::new(),
        None => format!("largest parts{raw}:"),
    };
    let amounts = row.largest.iter().map(|part| match (row.unit, &row.since) {
        (Unit::Modules, Some(_)) => format!("{:+}", part.amount),
        (Unit::Modules, None) => part.amount.to_string(),
        (Unit::Bytes, Some(_)) => format_size_change(part.amount),
        (Unit::Bytes, None) => format_size(part.amount.unsigned_abs()),
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
        let chains = row.through.iter().map(|chain| match &chain.imported_by {
            Some(by) => format!("{} (imported by {by})", chain.name),
            None => chain.name.clone(),
        });
        lines.push(format!(
            "added through: {}",
            chains.collect::<Vec<_>>().join(", ")
        ));
    }
    lines
}
