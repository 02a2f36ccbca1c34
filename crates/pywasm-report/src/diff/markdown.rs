//! A diff as Markdown, for a comment on a change or a page of CI: what everybody asks for at
//! once, the rest folded.

use super::Diff;
use super::show::{Table, functions, headline, tables};
use crate::markdown::{escape, words};

impl Diff {
    /// The whole of it, as GitHub and GitLab render it.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("### {}\n", escape(&headline(self)));
        if !self.remarks.is_empty() {
            text.push('\n');
        }
        for remark in &self.remarks {
            text += &format!("- {}\n", words(remark));
        }
        let (open, folded): (Vec<_>, Vec<_>) = tables(self).into_iter().partition(|table| table.open);
        for table in open {
            text += &format!("\n**{}**\n\n{}", table.title, rows(&table));
        }
        if let Some(functions) = functions(self) {
            text += &format!("\n{functions}.\n");
        }
        if !folded.is_empty() {
            text += "\n<details>\n<summary>More</summary>\n";
            for table in folded {
                text += &format!("\n**{}**\n\n{}", table.title, rows(&table));
            }
            text += "\n</details>\n";
        }
        text
    }
}

fn rows(table: &Table) -> String {
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
