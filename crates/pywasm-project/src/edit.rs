//! The text of a `pyproject.toml` and what its lists lack, or another value of a key, in; the text
//! with them out. All else that is there stays as it is: comments, order, layout. What comes out is read again before it is given
//! back, so a file that is written in an unforeseen way is refused, not damaged.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is to be added to the lists of `[tool.pywasm]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Additions {
    /// For `include`.
    pub include: Vec<String>,
    /// For `data`.
    pub data: Vec<String>,
}

/// Why a file cannot be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It cannot be read.
    #[error("it is not TOML: {0}")]
    NotToml(String),
    /// It is TOML in a form that this cannot add to.
    #[error("its [tool.pywasm] is written in a way that cannot be added to")]
    Form,
}

impl Additions {
    /// Whether there is nothing to add.
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.data.is_empty()
    }

    /// As lines of `[tool.pywasm]`.
    pub fn to_toml(&self) -> String {
        let lists = [("include", &self.include), ("data", &self.data)];
        let lines = lists.into_iter().filter(|(_, items)| !items.is_empty());
        lines.map(|(key, items)| list(key, items)).collect()
    }
}

/// Adds to the lists; what they hold already is not added again.
pub fn add(text: &str, additions: &Additions) -> Result<String, EditError> {
    let mut edited = text.to_owned();
    for (key, items) in [("include", &additions.include), ("data", &additions.data)] {
        let before = read(&edited, key)?;
        let new: Vec<String> = items
            .iter()
            .filter(|item| !before.contains(item))
            .cloned()
            .collect();
        if new.is_empty() {
            continue;
        }
        edited = add_to(&edited, key, &new)?;
        if read(&edited, key)? != [before, new].concat() {
            return Err(EditError::Form);
        }
    }
    Ok(edited)
}

/// Puts another value in the place of the one at `path` below `[tool.pywasm]`: a string stays a
/// string in its quotes, and an integer an integer.
pub fn replace(text: &str, path: &[String], value: &str) -> Result<String, EditError> {
    let (span, old) = find(text, path)?;
    let raw = &text[span.clone()];
    let new = match &old {
        Scalar::Text(old) => raw.replacen(old.as_str(), value, 1),
        Scalar::Integer if raw.contains('_') => grouped(value),
        Scalar::Integer => value.to_owned(),
    };
    let edited = format!("{}{new}{}", &text[..span.start], &text[span.end..]);
    match find(&edited, path)? {
        (_, Scalar::Text(read)) if read == value => Ok(edited),
        (span, Scalar::Integer) if edited[span.clone()].replace('_', "") == value => Ok(edited),
        _ => Err(EditError::Form),
    }
}

/// A value that is replaced.
enum Scalar {
    Text(String),
    Integer,
}

/// The value at a path, and where it stands.
fn find(text: &str, path: &[String]) -> Result<(Range<usize>, Scalar), EditError> {
    let parsed = parse(text)?;
    let mut table = tool(parsed.get_ref())?.ok_or(EditError::Form)?;
    let (last, folders) = path.split_last().ok_or(EditError::Form)?;
    for key in folders {
        let inner = table.get(key.as_str()).map(Spanned::get_ref);
        table = inner.and_then(DeValue::as_table).ok_or(EditError::Form)?;
    }
    let value = table.get(last.as_str()).ok_or(EditError::Form)?;
    let scalar = match value.get_ref() {
        DeValue::String(text) => Scalar::Text(text.to_string()),
        DeValue::Integer(_) => Scalar::Integer,
        _ => return Err(EditError::Form),
    };
    Ok((value.span(), scalar))
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

fn parse(text: &str) -> Result<Spanned<DeTable<'_>>, EditError> {
    DeTable::parse(text).map_err(|error| EditError::NotToml(error.message().to_owned()))
}

/// `[tool.pywasm]`, if there is one.
fn tool<'t, 's>(root: &'t DeTable<'s>) -> Result<Option<&'t DeTable<'s>>, EditError> {
    let mut table = root;
    for key in ["tool", "pywasm"] {
        match table.get(key).map(Spanned::get_ref) {
            None => return Ok(None),
            Some(DeValue::Table(inner)) => table = inner,
            Some(_) => return Err(EditError::Form),
        }
    }
    Ok(Some(table))
}

/// The texts of a list; none where it is not there.
fn read(text: &str, key: &str) -> Result<Vec<String>, EditError> {
    let parsed = parse(text)?;
    let value = tool(parsed.get_ref())?.and_then(|tool| tool.get(key));
    match value.map(Spanned::get_ref) {
        None => Ok(Vec::new()),
        Some(DeValue::Array(items)) => items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::String(text) => Ok(text.to_string()),
                _ => Err(EditError::Form),
            })
            .collect(),
        Some(_) => Err(EditError::Form),
    }
}

fn add_to(text: &str, key: &str, new: &[String]) -> Result<String, EditError> {
    let parsed = parse(text)?;
    let Some(tool) = tool(parsed.get_ref())? else {
        let gap = match text {
            "" => "",
            text if text.ends_with("\n\n") => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        return Ok(format!("{text}{gap}[tool.pywasm]\n{}", list(key, new)));
    };
    match tool.get(key).map(|value| (value.span(), value.get_ref())) {
        Some((span, DeValue::Array(items))) => {
            let last = items.iter().last().map(Spanned::span);
            Ok(match last {
                None => spliced(text, span.start + 1, &joined(new)),
                Some(last) => append(text, last.start, last.end, span.end - 1, new),
            })
        }
        Some(_) => Err(EditError::Form),
        None => {
            let at = end_of_table(text, tool).ok_or(EditError::Form)?;
            let line = list(key, new);
            let line = match text[..at].ends_with('\n') {
                true => line,
                false => format!("\n{line}"),
            };
            Ok(spliced(text, at, &line))
        }
    }
}

/// Where the line behind the last key of `[tool.pywasm]` starts.
fn end_of_table(text: &str, tool: &DeTable<'_>) -> Option<usize> {
    let mut at = 0;
    let mut header = None;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or(line).trim();
        let name = code.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let is_it = name.is_some_and(|name| {
            let mut parts = name.split('.').map(|part| part.trim().trim_matches(['"', '\'']));
            parts.next() == Some("tool") && parts.next() == Some("pywasm") && parts.next().is_none()
        });
        if is_it {
            header = Some(at);
        }
        at += line.len();
    }
    let header = header?;
    // A table with a header of its own ends this one.
    let own = tool
        .iter()
        .map(|(_, value)| value)
        .filter(|value| !matches!(value.get_ref(), DeValue::Table(_)) || text[value.span()].starts_with('{'));
    let last = own.map(|value| value.span().end).max().unwrap_or(header);
    Some(end_of_line(text, last.max(header)))
}

fn end_of_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length + 1)
}

/// Adds items behind the last one of an array, in its layout.
fn append(text: &str, start: usize, end: usize, close: usize, new: &[String]) -> String {
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line_start..start];
    if !indent.trim().is_empty() {
        // It does not begin its line.
        return spliced(text, end, &format!(", {}", joined(new)));
    }
    let break_line = if text[..start].ends_with(&format!("\r\n{indent}")) {
        "\r\n"
    } else {
        "\n"
    };
    let separator = format!(",{break_line}{indent}");
    let items = new
        .iter()
        .map(|item| quoted(item))
        .collect::<Vec<_>>()
        .join(&separator);
    let comma = comma(text, end, close);
    let behind = comma.map_or(end, |at| at + 1);
    let line_end = text[behind..close]
        .find(['\r', '\n'])
        .map(|length| behind + length);
    match (comma, line_end) {
        // A comment may follow in the same line.
        (Some(_), Some(line_end)) => spliced(text, line_end, &format!("{break_line}{indent}{items},")),
        (None, Some(line_end)) => {
            let text = spliced(text, line_end, &format!("{break_line}{indent}{items}"));
            spliced(&text, end, ",")
        }
        (_, None) => spliced(text, end, &format!("{separator}{items}")),
    }
}

/// The comma behind the last item.
fn comma(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut in_comment = false;
    for (at, letter) in text[from..to].char_indices() {
        match letter {
            '#' => in_comment = true,
            '\n' => in_comment = false,
            ',' if !in_comment => return Some(from + at),
            _ => {}
        }
    }
    None
}

fn spliced(text: &str, at: usize, insert: &str) -> String {
    format!("{}{insert}{}", &text[..at], &text[at..])
}

/// A key with its list, in one line if it is short.
fn list(key: &str, items: &[String]) -> String {
    let line = format!("{key} = [{}]\n", joined(items));
    if line.chars().count() <= 100 {
        return line;
    }
    let items: String = items
        .iter()
        .map(|item| format!("    {},\n", quoted(item)))
        .collect();
    format!("{key} = [\n{items}]\n")
}

fn joined(items: &[String]) -> String {
    items
        .iter()
        .map(|item| quoted(item))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted += &format!("\\u{:04X}", u32::from(letter)),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str, include: &[&str], data: &[&str]) -> String {
        let owned = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
        let additions = Additions {
            include: owned(include),
            data: owned(data),
        };
        add(text, &additions).expect("it can be edited")
    }

    #[test]
    fn a_file_without_the_table_gets_it() {
        assert_eq!(
            added("", &["a.b"], &["x\"y"]),
            "[tool.pywasm]\ninclude = [\"a.b\"]\ndata = [\"x\\\"y\"]\n"
        );
        assert_eq!(
            added("[project]\nname = \"a\"", &["a"], &[]),
            "[project]\nname = \"a\"\n\n[tool.pywasm]\ninclude = [\"a\"]\n"
        );
    }

    #[test]
    fn a_table_without_the_key_gets_it_behind_its_last() {
        let text = "[tool.pywasm] # ours\nentry = \"a.py\" # start\n\n# next\n[tool.pywasm.extension.x]\nsources = []\n";
        assert_eq!(
            added(text, &["a"], &[]),
            "[tool.pywasm] # ours\nentry = \"a.py\" # start\ninclude = [\"a\"]\n\n# next\n[tool.pywasm.extension.x]\nsources = []\n"
        );
        assert_eq!(
            added("[tool.pywasm]\n[other]\nx = 1\n", &[], &["d"]),
            "[tool.pywasm]\ndata = [\"d\"]\n[other]\nx = 1\n"
        );
    }

    #[test]
    fn a_list_keeps_its_layout() {
        let one = "[tool.pywasm]\ninclude = [ \"a\", \"b\" ] # why\n";
        assert_eq!(
            added(one, &["b", "c"], &[]),
            "[tool.pywasm]\ninclude = [ \"a\", \"b\", \"c\" ] # why\n"
        );
        let many =
            "[tool.pywasm]\ninclude = [\n  \"a\", # first, of all\n  \"b\", # second\n  # the end\n]\n";
        assert_eq!(
            added(many, &["c", "d"], &[]),
            "[tool.pywasm]\ninclude = [\n  \"a\", # first, of all\n  \"b\", # second\n  \"c\",\n  \"d\",\n  # the end\n]\n"
        );
        let bare = "[tool.pywasm]\r\ndata = [\r\n\t\"a\" # no, comma\r\n]\r\n";
        assert_eq!(
            added(bare, &[], &["b"]),
            "[tool.pywasm]\r\ndata = [\r\n\t\"a\", # no, comma\r\n\t\"b\"\r\n]\r\n"
        );
        assert_eq!(
            added("[tool.pywasm]\ndata = [\n  \"a\",\n  \"b\"]\n", &[], &["c"]),
            "[tool.pywasm]\ndata = [\n  \"a\",\n  \"b\",\n  \"c\"]\n"
        );
        assert_eq!(
            added("[tool.pywasm]\ndata = []\n", &[], &["c"]),
            "[tool.pywasm]\ndata = [\"c\"]\n"
        );
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        let text = "[tool.pywasm]\nbudget = { wasm = '2 MB', modules = 1_000 } # \"2 MB\"\n\
                    [tool.pywasm.budget.package]\n";
        // A table cannot be added to an inline one, so this is not TOML.
        assert!(replace(text, &["budget".into(), "wasm".into()], "3 MB").is_err());
        let text = "[tool.pywasm]\nbudget.stage = { bundle = '2 MB', shake = 1_000_000 } # 2 MB\n\
                    budget.package.\"a.b\" = \"1 kB\"\n";
        let path = |parts: &[&str]| -> Vec<String> { parts.iter().map(|&part| part.to_owned()).collect() };
        for (parts, value, new) in [
            (
                &["budget", "stage", "bundle"],
                "2.11 MB",
                text.replacen("2 MB", "2.11 MB", 1),
            ),
            (
                &["budget", "stage", "shake"],
                "1110000",
                text.replace("1_000_000", "1_110_000"),
            ),
            (
                &["budget", "package", "a.b"],
                "2 kB",
                text.replace("1 kB", "2 kB"),
            ),
        ] {
            assert_eq!(replace(text, &path(parts), value), Ok(new));
        }
        let escaped = "[tool.pywasm.budget]\nwasm = \"2\\u0020MB\"\n";
        assert_eq!(
            replace(escaped, &path(&["budget", "wasm"]), "3 MB"),
            Err(EditError::Form)
        );
        assert_eq!(
            replace(text, &path(&["budget", "gzip"]), "1"),
            Err(EditError::Form)
        );
    }

    #[test]
    fn other_forms_are_refused() {
        let additions = Additions {
            include: vec!["a".to_owned()],
            data: Vec::new(),
        };
        for text in [
            "tool = { pywasm = {} }",
            "tool.pywasm.entry = \"a.py\"\n",
            "[tool]\npywasm = 1\n",
        ] {
            assert_eq!(add(text, &additions), Err(EditError::Form), "{text}");
        }
        assert!(matches!(add("[", &additions), Err(EditError::NotToml(_))));
    }
}
