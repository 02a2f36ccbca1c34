//! Aligns the cells of rows into columns.

/// Renders one line for each row, without line breaks. Two blanks separate the columns. Columns for
/// which `is_text` is true are aligned left; the others hold figures and are aligned right.
pub fn align<R: AsRef<[String]>>(rows: &[R], is_text: impl Fn(usize) -> bool) -> Vec<String> {
    let mut widths = Vec::new();
    for row in rows {
        for (column, cell) in row.as_ref().iter().enumerate() {
            if column == widths.len() {
                widths.push(0);
            }
            widths[column] = cell.chars().count().max(widths[column]);
        }
    }
    let line = |row: &R| {
        let cells = row.as_ref().iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, &width))| match is_text(column) {
            true => format!("{cell:<width$}"),
            false => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
