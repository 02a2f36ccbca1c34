//! A diff as text for a terminal, with ANSI styles, which the writer takes out again where they
//! are not wanted.

use anstyle::{AnsiColor, Style};

use super::Diff;
use super::show::{Table, functions, headline, tables};
use crate::markdown::plain;

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
    let mut widths: Vec<usize> = table.head.iter().map(|cell| cell.len()).collect();
    for row in &table.rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let head = table.head.iter().map(|&cell| cell.to_owned()).collect();
    let mut text = String::new();
    for row in std::iter::once(&head).chain(&table.rows) {
        let mut line = String::from("  ");
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let figure = table.is_figure(column);
            line += &if figure {
                format!("{cell:>width$}  ")
            } else {
                format!("{cell:<width$}  ")
            };
        }
        text += line.trim_end();
        text.push('\n');
    }
    if table.more > 0 {
        text += &format!("  and {} more\n", table.more);
    }
    text
}
