//! What the C code of an extension module imports. In: C text. Out: the names of the Python
//! modules in its calls of the import functions, as far as they stand there as strings. A name
//! that is put together at run time cannot be seen: `include` brings it.

use std::collections::BTreeSet;

/// The C API's ways to import by a C string, which is the first argument.
const IMPORTERS: [&str; 7] = [
    "PyImport_ImportModule",
    "PyImport_ImportModuleNoBlock",
    "PyImport_ImportModuleEx",
    "PyImport_ImportModuleLevel",
    "PyImport_ImportModuleAttrString",
    "_PyImport_GetModuleAttrString",
    "PyCapsule_Import",
];

/// Macros of the C API that import.
const MACROS: [(&str, &str); 1] = [("PyDateTime_IMPORT", "datetime")];

/// The modules that one file imports.
pub(crate) fn find(text: &str) -> BTreeSet<String> {
    let text = without_comments(text);
    let mut found = BTreeSet::new();
    for (word, rest) in words(&text) {
        if let Some((_, module)) = MACROS.iter().find(|(name, _)| *name == word) {
            found.insert((*module).to_owned());
        }
        if !IMPORTERS.contains(&word) {
            continue;
        }
        let argument = rest.trim_start().strip_prefix('(').map(str::trim_start);
        let literal = argument
            .and_then(|text| text.strip_prefix('"'))
            .and_then(|text| text.split_once('"'))
            .map(|(name, _)| name);
        let module = match literal {
            Some(name) if word == "PyCapsule_Import" => name.rsplit_once('.').map(|(module, _)| module),
            other => other,
        };
        found.extend(
            module
                .filter(|name| pywasm_project::is_dotted_name(name))
                .map(str::to_owned),
        );
    }
    found
}

/// Each word of the text outside of strings, with what stands behind it.
fn words(text: &str) -> Vec<(&str, &str)> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let bytes = text.as_bytes();
    let (mut words, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if let quote @ (b'"' | b'\'') = bytes[at] {
            at = end_of_literal(bytes, at, quote);
        } else if is_word(bytes[at]) {
            let start = at;
            while at < bytes.len() && is_word(bytes[at]) {
                at += 1;
            }
            // A word is ASCII, so both ends are between characters.
            words.push((&text[start..at], &text[at..]));
        } else {
            at += 1;
        }
    }
    words
}

/// Behind the string or character that begins at `start`.
fn end_of_literal(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

fn without_comments(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut kept, mut from, mut at) = (String::new(), 0, 0);
    while at < bytes.len() {
        let end = match &bytes[at..] {
            [b'/', b'*', ..] => text[at + 2..]
                .find("*/")
                .map_or(text.len(), |end| at + 2 + end + 2),
            [b'/', b'/', ..] => text[at..].find('\n').map_or(text.len(), |end| at + end),
            [quote @ (b'"' | b'\''), ..] => {
                at = end_of_literal(bytes, at, *quote);
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        kept += &text[from..at];
        kept.push(' ');
        (from, at) = (end, end);
    }
    kept += text.get(from..).unwrap_or_default();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        find(text).into_iter().collect()
    }

    #[test]
    fn calls_with_a_literal() {
        assert_eq!(
            names("a = PyImport_ImportModule(\"collections.abc\"); b = PyImport_ImportModule (\n  \"re\");"),
            ["collections.abc", "re"]
        );
        assert_eq!(
            names("PyCapsule_Import(\"datetime.datetime_CAPI\", 0)"),
            ["datetime"]
        );
        assert_eq!(names("PyDateTime_IMPORT;"), ["datetime"]);
        assert!(names("PyImport_ImportModule(name); MyPyImport_ImportModule(\"no\");").is_empty());
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        assert!(names("// PyImport_ImportModule(\"a\")\n/* PyImport_ImportModule(\"b\") */").is_empty());
        assert!(names("s = \"PyImport_ImportModule(\\\"c\\\")\";").is_empty());
        assert_eq!(
            names("s = \"/*\"; PyImport_ImportModule(\"d\"); t = '\"';"),
            ["d"]
        );
        assert_eq!(names("é /* é PyImport_ImportModule(\"e\")"), Vec::<String>::new());
    }
}
