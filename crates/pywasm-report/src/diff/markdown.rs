//! Renders a diff as Markdown, for a comment on a change or a CI page. The most useful tables are
//! visible, and the rest is folded.

use super::Diff;
use super::show::{Table, describe_functions, headline, tables};
use crate::markdown::{escape, escape_sentence};

impl Diff {
    /// Renders the whole diff for GitHub and GitLab.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("### {}\n", escape(&headline(self)));
        if !self.remarks.is_empty() {
            text.push('\n');
        }
        for remark in &self.remarks {
            text += &format!("- {}\n", escape_sentence(remark));
        }
        let (open, folded): (Vec<_>, Vec<_>) = tables(self).into_iter().partition(|table| table.is_open);
        for table in open {
            text += &format!("\n**{}**\n\n{}", table.title, render_rows(&table));
        }
        if let Some(functions) = describe_functions(self) {
            text += &format!("\n{functions}.\n");
        }
        if !folded.is_empty() {
            text += "\n<details>\n<summary>More</summary>\n";
            for table in folded {
                text += &format!("\n**{}**\n\n{}", table.title, render_rows(&table));
            }
            text += "\n</details>\n";
        }
        text
    }
}

fn render_rows(table: &Table) -> String {
    let mut text = format!("| {} |\n|", table.head.join(" | "));
    for column in 0..table.head.len() {
        text += if table.is_figure(column) {
            " ---: |"
        } else {
            " --- |"
        };
    }
    text.push('\n');
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| escape(cell)).collect();
        text += &format!("| {} |\n", cells.join(" | "));
    }
    if table.more > 0 {
        text += &format!("\nand {} more\n", table.more);
    }
    text
}
