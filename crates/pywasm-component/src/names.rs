//! How names of WIT are written in Python, as componentize-py writes them too.

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

/// Python's keywords. `match` and its like are names, too.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

fn escaped(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}

/// Of a function, a parameter, a field, a module.
pub(crate) fn snake(name: &str) -> String {
    escaped(name.to_snake_case())
}

/// Of a class.
pub(crate) fn camel(name: &str) -> String {
    escaped(name.to_upper_camel_case())
}

/// Of a member of an enum or of flags.
pub(crate) fn member(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// The part of a function's name that is its own: `get` of `[method]bucket.get`.
pub(crate) fn own_part(function: &str) -> &str {
    match function.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => rest.split_once('.').map_or(rest, |(_, method)| method),
        None => function,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_python() {
        assert_eq!(snake("get-HTTP-status"), "get_http_status");
        assert_eq!(snake("class"), "class_");
        assert_eq!(camel("data-processor"), "DataProcessor");
        assert_eq!(camel("none"), "None_");
        assert_eq!(member("light-green"), "LIGHT_GREEN");
        assert_eq!(own_part("[method]bucket.get-all"), "get-all");
        assert_eq!(own_part("[constructor]bucket"), "bucket");
        assert_eq!(own_part("run"), "run");
    }
}
