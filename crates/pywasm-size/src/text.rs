//! Renders a tree as lines for a terminal.

use pywasm_report::{align, format_size};

use crate::Tree;

/// Parts below this fraction of the whole are summed up, unless all parts are requested.
const SMALLEST_FRACTION: u64 = 1000;

/// Renders the tree down to `depth` levels below its root. Small parts share one line unless `all`
/// is set.
#[must_use]
pub fn render_text(tree: &Tree, depth: usize, all: bool) -> String {
    let least = if all { 0 } else { tree.bytes / SMALLEST_FRACTION };
    let mut rows = Vec::new();
    add(tree, tree.bytes, 0, depth, least, &mut rows);
    let head = Row {
        figures: ["bytes", "share", "brotli", "retained"].map(str::to_owned),
        name: "what".to_owned(),
    };
    // Columns without values are omitted.
    let is_known = |column: usize| rows.iter().any(|row| row.figures[column] != "-");
    let known: Vec<usize> = (0..head.figures.len())
        .filter(|&column| is_known(column))
        .collect();
    rows.insert(0, head);
    let figures =
        |row: &Row| -> Vec<String> { known.iter().map(|&column| row.figures[column].clone()).collect() };
    let lines = align(&rows.iter().map(figures).collect::<Vec<_>>(), |_| false);
    let lines = lines.iter().zip(&rows);
    lines
        .map(|(figures, row)| format!("{figures}  {}\n", row.name))
        .collect()
}

struct Row {
    /// Bytes, share, Brotli bytes and retained bytes.
    figures: [String; 4],
    name: String,
}

fn add(tree: &Tree, whole: u64, level: usize, depth: usize, least: u64, rows: &mut Vec<Row>) {
    rows.push(row(
        &tree.name,
        tree.bytes,
        tree.brotli,
        tree.retained,
        whole,
        level,
    ));
    if level == depth {
        return;
    }
    let (mut count, mut bytes, mut brotli) = (0, 0, tree.brotli.map(|_| 0));
    for child in &tree.children {
        // The main parts are always shown, since the app may be the smallest of them.
        if level == 0 || child.bytes >= least {
            add(child, whole, level + 1, depth, least, rows);
        } else {
            count += 1;
            bytes += child.bytes;
            brotli = brotli.zip(child.brotli).map(|(sum, more)| sum + more);
        }
    }
    if count > 0 {
        let name = format!("({count} smaller)");
        rows.push(row(&name, bytes, brotli, None, whole, level + 1));
    }
}

fn row(name: &str, bytes: u64, brotli: Option<u64>, retained: Option<u64>, whole: u64, level: usize) -> Row {
    let size = |size: Option<u64>| size.map_or("-".to_owned(), format_size);
    let name: String = name.chars().flat_map(escape_control).collect();
    Row {
        figures: [
            format_size(bytes),
            format!("{:.1} %", bytes as f64 * 100.0 / whole.max(1) as f64),
            size(brotli),
            size(retained),
        ],
        name: format!("{}{name}", "  ".repeat(level)),
    }
}

/// Escapes control characters, which a terminal would obey: a name may contain anything.
fn escape_control(character: char) -> Vec<char> {
    if character.is_control() {
        character.escape_default().collect()
    } else {
        vec![character]
    }
}

#[cfg(test)]
mod tests {
    use super::render_text;
    use crate::{Kind, Tree};

    #[test]
    fn small_parts_are_one_line() {
        let leaf = |name: &str, bytes| Tree::leaf(name, Kind::Function, bytes);
        let code = Tree::group(
            "code",
            Kind::Section,
            vec![leaf("main", 90_000), leaf("a", 4), leaf("b\u{1b}[2J", 5)],
        );
        let tree = Tree::group("x.wasm", Kind::Root, vec![code, leaf("header", 9_991)]);
        let short = render_text(&tree, 2, false);
        assert_eq!(
            short,
            "  bytes    share  what\n 100 kB  100.0 %  x.wasm\n90.0 kB   90.0 %    code\n\
             90.0 kB   90.0 %      main\n    9 B    0.0 %      (2 smaller)\n9.99 kB   10.0 %    header\n"
        );
        assert!(render_text(&tree, 2, true).contains("b\\u{1b}[2J"));
        assert_eq!(render_text(&tree, 0, true).lines().count(), 2);
    }
}
