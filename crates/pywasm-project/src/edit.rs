//! Adds to the lists of `[tool.pywasm]` in a `pyproject.toml`, or replaces the value of one of its
//! keys. Comments, order and layout stay as they are. The result is read again before it is
//! returned, so a file that is written in an unforeseen way is refused, not damaged.

use toml_edit::{Array, DocumentMut, Item, RawString, Value};

/// How wide a line of this module may become before its list gets a line for each item.
const WIDTH: usize = 100;

/// New items for the lists of `[tool.pywasm]`.
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
    /// The file cannot be parsed.
    #[error("the file is not TOML: {0}")]
    NotToml(String),
    /// The file is TOML in a form that this module does not edit.
    #[error("pywasm cannot edit [tool.pywasm] in the form it is written in")]
    Form,
}

impl Additions {
    /// Whether there is nothing to add.
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.data.is_empty()
    }

    /// The additions as lines of `[tool.pywasm]`.
    pub fn to_toml(&self) -> String {
        let mut document = DocumentMut::new();
        for (key, items) in [("include", &self.include), ("data", &self.data)] {
            if !items.is_empty() {
                document.insert(key, list(key, items));
            }
        }
        document.to_string()
    }
}

/// Adds to the lists, except for what they contain already.
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

/// Replaces the value at `path` below `[tool.pywasm]`. A string stays a string with its kind of
/// quotes, and an integer stays an integer.
pub fn replace(text: &str, path: &[String], value: &str) -> Result<String, EditError> {
    let mut document = parse(text)?;
    let old = find(&mut document, path).ok_or(EditError::Form)?;
    let new = match old {
        Value::String(old) => old.display_repr().replacen(old.value(), value, 1),
        Value::Integer(old) if old.display_repr().contains('_') => grouped(value),
        Value::Integer(_) => value.to_owned(),
        _ => return Err(EditError::Form),
    };
    let mut new: Value = new.parse().map_err(|_| EditError::Form)?;
    let is_right = match (&*old, &new) {
        (Value::String(_), Value::String(new)) => new.value() == value,
        (Value::Integer(_), Value::Integer(new)) => new.display_repr().replace('_', "") == value,
        _ => false,
    };
    if !is_right {
        return Err(EditError::Form);
    }
    *new.decor_mut() = old.decor().clone();
    let written = new.to_string();
    *old = new;
    let edited = render(&document, text);
    match find(&mut parse(&edited)?, path) {
        Some(read) if read.to_string() == written => Ok(edited),
        _ => Err(EditError::Form),
    }
}

/// The value at a path below `[tool.pywasm]`.
fn find<'d>(document: &'d mut DocumentMut, path: &[String]) -> Option<&'d mut Value> {
    let mut item = document.as_item_mut();
    for key in ["tool", "pywasm"]
        .into_iter()
        .chain(path.iter().map(String::as_str))
    {
        item = item.get_mut(key)?;
    }
    item.as_value_mut()
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

/// Parses the file. One that would not be written again as it is, such as one with line ends of
/// two kinds, is refused.
fn parse(text: &str) -> Result<DocumentMut, EditError> {
    let document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| EditError::NotToml(error.message().to_owned()))?;
    let without_last_break = |text: &str| text.trim_end_matches(['\r', '\n']).to_owned();
    if without_last_break(&render(&document, text)) == without_last_break(text) {
        Ok(document)
    } else {
        Err(EditError::Form)
    }
}

/// The document's text, with the line ends of the original.
fn render(document: &DocumentMut, original: &str) -> String {
    let text = document.to_string();
    if original.contains("\r\n") {
        // `toml_edit` writes all line ends as `\n`, except for those inside of strings.
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        text
    }
}

/// The strings of a list; none if the list does not exist.
fn read(text: &str, key: &str) -> Result<Vec<String>, EditError> {
    let document = parse(text)?;
    let tool = document.get("tool").and_then(|tool| tool.get("pywasm"));
    let Some(item) = tool.and_then(|tool| tool.get(key)) else {
        return Ok(Vec::new());
    };
    let strings = item.as_array().ok_or(EditError::Form)?.iter();
    strings
        .map(|item| Ok(item.as_str().ok_or(EditError::Form)?.to_owned()))
        .collect()
}

fn add_to(text: &str, key: &str, new: &[String]) -> Result<String, EditError> {
    let mut document = parse(text)?;
    let tool = match document.get_mut("tool") {
        None => None,
        Some(Item::Table(tool)) => tool.get_mut("pywasm"),
        Some(_) => return Err(EditError::Form),
    };
    let Some(tool) = tool else {
        let mut lines = DocumentMut::new();
        lines.insert(key, list(key, new));
        return Ok(format!("{text}{}", new_table(text, &lines.to_string())));
    };
    let tool = tool.as_table_mut().ok_or(EditError::Form)?;
    let has_header = !tool.is_implicit();
    match tool.get_mut(key) {
        Some(item) => append(item.as_array_mut().ok_or(EditError::Form)?, new),
        None if has_header => drop(tool.insert(key, list(key, new))),
        // Without a header of its own, the table has no last line.
        None => return Err(EditError::Form),
    }
    Ok(render(&document, text))
}

/// `[tool.pywasm]` with these lines, to stand at the end of the text.
fn new_table(text: &str, lines: &str) -> String {
    let gap = match text {
        "" => "",
        text if text.ends_with("\n\n") || text.ends_with("\n\r\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let table = format!("{gap}[tool.pywasm]\n{lines}");
    if text.contains("\r\n") {
        table.replace('\n', "\r\n")
    } else {
        table
    }
}

/// Adds items to the end of an array, in its layout.
fn append(array: &mut Array, new: &[String]) {
    let ends_with_comma = array.trailing_comma();
    let Some(last) = array.iter_mut().last() else {
        array.extend(new);
        return;
    };
    let indent = raw(last.decor().prefix())
        .rsplit_once('\n')
        .map(|(_, indent)| indent.to_owned());
    let rest = if ends_with_comma {
        raw(Some(array.trailing())).to_owned()
    } else {
        let suffix = raw(last.decor().suffix()).to_owned();
        last.decor_mut().set_suffix("");
        suffix
    };
    // An item with a line of its own keeps the comment that ends the line.
    let (comment, rest) = match &indent {
        Some(_) => rest.split_at(rest.find('\n').unwrap_or(rest.len())),
        None => ("", rest.as_str()),
    };
    let prefix = indent.map_or_else(|| " ".to_owned(), |indent| format!("\n{indent}"));
    for (number, item) in new.iter().enumerate() {
        let prefix = if number == 0 {
            format!("{comment}{prefix}")
        } else {
            prefix.clone()
        };
        array.push_formatted(Value::from(item).decorated(prefix, ""));
    }
    if ends_with_comma {
        array.set_trailing(rest);
    } else if let Some(last) = array.iter_mut().last() {
        last.decor_mut().set_suffix(rest);
    }
}

/// The text of a decoration. A document that can be changed has only explicit ones.
fn raw(text: Option<&RawString>) -> &str {
    text.and_then(RawString::as_str).unwrap_or_default()
}

/// A list for `key`, on one line if it is short.
fn list(key: &str, items: &[String]) -> Item {
    let mut array: Array = items.iter().collect();
    if format!("{key} = {array}").chars().count() >= WIDTH {
        for item in array.iter_mut() {
            item.decor_mut().set_prefix("\n    ");
        }
        array.set_trailing_comma(true);
        array.set_trailing("\n");
    }
    Item::Value(array.into())
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
            "[tool.pywasm]\ninclude = [\"a.b\"]\ndata = ['x\"y']\n"
        );
        assert_eq!(
            added("[project]\nname = \"a\"", &["a"], &[]),
            "[project]\nname = \"a\"\n\n[tool.pywasm]\ninclude = [\"a\"]\n"
        );
    }

    #[test]
    fn line_ends_stay_those_of_the_file() {
        assert_eq!(
            added("[project]\r\nname = \"a\"\r\n", &["a"], &["b"]),
            "[project]\r\nname = \"a\"\r\n\r\n[tool.pywasm]\r\ninclude = [\"a\"]\r\ndata = [\"b\"]\r\n"
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
    fn a_long_list_gets_a_line_for_each_item() {
        let items = ["a".repeat(50), "b".repeat(50)];
        let additions = Additions {
            include: items.to_vec(),
            data: Vec::new(),
        };
        let text = format!("include = [\n    \"{}\",\n    \"{}\",\n]\n", items[0], items[1]);
        assert_eq!(additions.to_toml(), text);
        assert_eq!(
            add("[tool.pywasm]\n", &additions),
            Ok(format!("[tool.pywasm]\n{text}"))
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
            "[tool.pywasm]\r\nentry = \"a.py\"\nname = \"a\"\r\n",
        ] {
            assert_eq!(add(text, &additions), Err(EditError::Form), "{text}");
        }
        assert!(matches!(add("[", &additions), Err(EditError::NotToml(_))));
    }
}
