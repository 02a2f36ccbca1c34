//! Renders a diff as text for a terminal. The text has ANSI styles; the writer removes them where
//! they are not wanted.

use anstyle::{AnsiColor, Style};

use super::Diff;
use super::show::{Table, describe_functions, headline, tables};
use crate::{align, markdown::replace_controls};

impl Diff {
    /// Renders the whole diff, with a final line break.
    pub fn to_text(&self) -> String {
        let bold = Style::new().bold();
        let note = AnsiColor::Green.on_default().bold();
        let mut text = format!("{bold}{}{bold:#}\n", headline(self));
        for remark in &self.remarks {
            text += &format!("{note}note{note:#}: {}\n", replace_controls(remark));
        }
        for table in tables(self) {
            text += &format!("\n{bold}{}{bold:#}\n{}", table.title, render_columns(&table));
        }
        if let Some(functions) = describe_functions(self) {
            text += &format!("\n{functions}\n");
        }
        text
    }
}

fn render_columns(table: &Table) -> String {
    let head: Vec<String> = table.head.iter().map(|&cell| cell.to_owned()).collect();
    let rows: Vec<&[String]> = std::iter::once(&head[..])
        .chain(table.rows.iter().map(AsRef::as_ref))
        .collect();
    let mut text = String::new();
    for line in align(&rows, |column| !table.is_figure(column)) {
        text += &format!("  {line}\n");
    }
    if table.more > 0 {
        text += &format!("  and {} more\n", table.more);
    }
    text
}
