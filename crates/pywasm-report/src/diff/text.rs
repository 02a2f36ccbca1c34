//! A diff as text for a terminal, with ANSI styles, which the writer takes out again where they
//! are not wanted.

use anstyle::{AnsiColor, Style};

use super::Diff;
use super::show::{Table, functions, headline, tables};
use crate::{aligned, markdown::plain};

impl Diff {
    /// The whole of it, with a last line end.
    pub fn to_text(&self) -> String {
        let bold = Style::new().bold();
        let note = AnsiColor::Green.on_default().bold();
        let mut text = format!("{bold}{}{bold:#}\n", headline(self));
        for remark in &self.remarks {
            text += &format!("{note}note{note:#}: {}\n", plain(remark));
        }
        for table in tables(self) {
            text += &format!("\n{bold}{}{bold:#}\n{}", table.title, columns(&table));
        }
        if let Some(functions) = functions(self) {
            text += &format!("\n{functions}\n");
        }
        text
    }
}

fn columns(table: &Table) -> String {
    let head: Vec<String> = table.head.iter().map(|&cell| cell.to_owned()).collect();
    let rows: Vec<&[String]> = std::iter::once(&head[..])
        .chain(table.rows.iter().map(AsRef::as_ref))
        .collect();
    let mut text = String::new();
    for line in aligned(&rows, |column| !table.is_figure(column)) {
        text += &format!("  {line}\n");
    }
    if table.more > 0 {
        text += &format!("  and {} more\n", table.more);
    }
    text
}
