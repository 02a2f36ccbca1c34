//! Renders a report as Markdown for a CI page: its files, stages and warnings. Escapes names and
//! sentences, so that Markdown shows them and does not interpret them.

use crate::budget::{BudgetRow, Verdict, format_figure};
use crate::{Report, format_size};

/// The kinds of files that get a row.
const SHOWN: [&str; 7] = ["wasm", "brotli", "gzip", "zstd", "cwasm", "wasmedge", "wasmer"];

/// Renders the whole report for GitHub and GitLab.
pub fn render_markdown(report: &Report) -> String {
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
            format_size(file.bytes)
        );
    }
    text += &render_budgets(&report.budgets);
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
            escape_sentence(&warning.message),
            escape_sentence(&hint)
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
            format_size(stage.bytes_in),
            format_size(stage.bytes_out),
        );
        text += &format!("| {stage} | {from} | {to} | {change} |\n");
    }
    let base = format!(
        "{}, pywasm {}, base {}",
        report.settings.profile, report.tool.version, report.base.id
    );
    text + &format!("\n{}\n\n</details>\n", escape(&base))
}

/// Renders the rows of budgets as Markdown, under a heading.
pub fn render_budgets_markdown(project: &str, rows: &[BudgetRow]) -> String {
    format!("### {}: budgets\n{}", escape(project), render_budgets(rows))
}

fn render_budgets(rows: &[BudgetRow]) -> String {
    let mut text = String::new();
    if !rows.is_empty() {
        text += "\n| budget | counts | value | limit | verdict |\n| --- | --- | ---: | ---: | --- |\n";
    }
    for row in rows {
        let shown =
            |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |value| format_figure(row.unit, value));
        let verdict = match row.verdict {
            Verdict::Exceeded => "**exceeded**",
            verdict => verdict.name(),
        };
        let (what, counts) = (escape(&row.what), escape(&row.counts));
        let (value, limit) = (shown(row.value), shown(row.limit));
        text += &format!("| {what} | {counts} | {value} | {limit} | {verdict} |\n");
    }
    text
}

/// Escapes a name, so that neither Markdown nor HTML takes a part of it as markup.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in replace_controls(text).chars() {
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

/// Escapes a sentence, and turns names between pairs of backticks into code.
pub(crate) fn escape_sentence(text: &str) -> String {
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

/// Replaces control characters, which a terminal would obey: a report may come from anybody.
pub(crate) fn replace_controls(text: &str) -> String {
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_markup() {
        assert_eq!(escape("a|b_c<d>\n@all"), "a\\|b\\_c&lt;d&gt;\u{fffd}&#64;all");
        assert_eq!(
            escape_sentence("the `a_b` of *x*"),
            "the <code>a\\_b</code> of \\*x\\*"
        );
        assert_eq!(escape_sentence("one ` only"), "one \\` only");
    }
}
