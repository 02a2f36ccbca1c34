//! A report as Markdown, for a page of CI: its files, stages and warnings; and names and
//! sentences as Markdown shows them and does not read them.

use crate::budget::{BudgetRow, Verdict, figure};
use crate::{Report, human};

/// Kinds of files that are worth a row.
const SHOWN: [&str; 7] = ["wasm", "brotli", "gzip", "zstd", "cwasm", "wasmedge", "wasmer"];

/// The whole of it, as GitHub and GitLab render it.
pub fn markdown(report: &Report) -> String {
    let mut text = format!(
        "### {}\n\n| file | bytes | |\n| --- | ---: | ---: |\n",
        escape(&report.project.name)
    );
    let files = report.artifacts.iter();
    for file in files.filter(|file| SHOWN.contains(&file.kind.as_str())) {
        text += &format!(
            "| {} | {} | {} |\n",
            escape(&file.file),
            file.bytes,
            human(file.bytes)
        );
    }
    text += &budgets(&report.budgets);
    if !report.warnings.is_empty() {
        text += "\n**Warnings**\n\n";
    }
    for warning in &report.warnings {
        let place = match (&warning.file, warning.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (Some(file), None) => format!("{file}: "),
            _ => String::new(),
        };
        let hint = warning
            .hint
            .as_ref()
            .map_or_else(String::new, |hint| format!("; {hint}"));
        text += &format!(
            "- {}{}{}\n",
            escape(&place),
            words(&warning.message),
            words(&hint)
        );
    }
    text += "\n<details>\n<summary>Stages</summary>\n\n| stage | in | out | change |\n| --- | ---: | ---: | ---: |\n";
    for stage in &report.stages {
        let change = stage.change_permille;
        let change = change.map_or_else(
            || "-".to_owned(),
            |permille| format!("{:+.1} %", permille as f64 / 10.0),
        );
        let (stage, from, to) = (
            escape(&stage.stage),
            human(stage.bytes_in),
            human(stage.bytes_out),
        );
        text += &format!("| {stage} | {from} | {to} | {change} |\n");
    }
    let base = format!(
        "{}, pywasm {}, base {}",
        report.settings.profile, report.tool.version, report.base.id
    );
    text + &format!("\n{}\n\n</details>\n", escape(&base))
}

/// The rows of budgets as Markdown, under a heading.
pub fn budgets_markdown(project: &str, rows: &[BudgetRow]) -> String {
    format!("### {}: budgets\n{}", escape(project), budgets(rows))
}

fn budgets(rows: &[BudgetRow]) -> String {
    let mut text = String::new();
    if !rows.is_empty() {
        text += "\n| budget | counts | value | limit | verdict |\n| --- | --- | ---: | ---: | --- |\n";
    }
    for row in rows {
        let shown =
            |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |value| figure(row.unit, value));
        let verdict = match row.verdict {
            Verdict::Exceeded => "**exceeded**",
            verdict => verdict.word(),
        };
        let (what, counts) = (escape(&row.what), escape(&row.counts));
        let (value, limit) = (shown(row.value), shown(row.limit));
        text += &format!("| {what} | {counts} | {value} | {limit} | {verdict} |\n");
    }
    text
}

/// A name as text: what Markdown or HTML would take as a mark stays what it is.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in plain(text).chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '@' => escaped += "&#64;",
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A sentence in which names stand between backticks: those become code, where they are in pairs.
pub(crate) fn words(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let mut marked = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        match at % 2 {
            0 => marked += &escape(part),
            _ => marked += &format!("<code>{}</code>", escape(part)),
        }
    }
    marked
}

/// Without what a terminal would take as a command; reports may be anybody's.
pub(crate) fn plain(text: &str) -> String {
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_marks() {
        assert_eq!(escape("a|b_c<d>\n@all"), "a\\|b\\_c&lt;d&gt;\u{fffd}&#64;all");
        assert_eq!(words("the `a_b` of *x*"), "the <code>a\\_b</code> of \\*x\\*");
        assert_eq!(words("one ` only"), "one \\` only");
    }
}
