//! Module names and patterns over them, as `include` and `exclude` hold them: `pkg.mod`, or with
//! `*`, which stands for any run of characters, dots among them (`pkg.*` is all below `pkg`).

use std::fmt;
use std::str::FromStr;

/// A name or pattern that can match no module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a module name nor a pattern such as `package.*`")]
pub struct InvalidPattern(pub String);

/// A module name, or a pattern with `*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModulePattern(String);

impl ModulePattern {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is one name, without `*`.
    pub fn is_name(&self) -> bool {
        !self.0.contains('*')
    }

    /// Whether it matches the dotted name.
    pub fn matches(&self, name: &str) -> bool {
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = name.strip_prefix(first) else {
            return false;
        };
        let parts: Vec<&str> = parts.collect();
        let Some((last, middle)) = parts.split_last() else {
            return rest.is_empty();
        };
        for part in middle {
            let Some(at) = rest.find(part) else { return false };
            rest = &rest[at + part.len()..];
        }
        rest.ends_with(last)
    }

    /// The package that all its matches are in: `a.b` for `a.b.*` and for `a.b.c*`; `None` where
    /// a match can be anywhere.
    pub fn package(&self) -> Option<&str> {
        let literal = self.0.split('*').next().unwrap_or_default();
        literal.rsplit_once('.').map(|(package, _)| package)
    }
}

impl fmt::Display for ModulePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ModulePattern {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, InvalidPattern> {
        let fine = text.split('.').all(|part| {
            // With each `*` taken as a letter, the part has to be an identifier.
            is_identifier(&part.replace('*', "_"))
        });
        if fine {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidPattern(text.to_owned()))
        }
    }
}

/// Whether the text can be a Python identifier. Unicode letters count without a look at their
/// exact classes: a file of that name is looked for afterwards anyway.
pub fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && characters.all(|c| c == '_' || c.is_alphanumeric())
}

/// Whether the text is identifiers joined by dots.
pub fn is_dotted_name(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_written() {
        let matches =
            |pattern: &str, name: &str| pattern.parse::<ModulePattern>().expect("a value").matches(name);
        assert!(matches("a.b", "a.b"));
        assert!(!matches("a.b", "a.b.c"));
        assert!(!matches("a.b", "a"));
        assert!(matches("a.*", "a.b.c"));
        assert!(!matches("a.*", "a"));
        assert!(!matches("a.*", "ab.c"));
        assert!(matches("*.tests*", "a.b.tests.c"));
        assert!(matches("a.*_x", "a.b_x"));
        assert!(!matches("aa*a", "aa"));
    }

    #[test]
    fn only_names_and_patterns_parse() {
        for good in ["a", "a.b_1", "a.*", "*", "a.b*.c"] {
            assert!(good.parse::<ModulePattern>().is_ok(), "{good}");
        }
        for bad in ["", ".", "a.", "a..b", "a-b", "a/b", "1a", "a.py:x", "a b"] {
            assert!(bad.parse::<ModulePattern>().is_err(), "{bad}");
        }
    }
}
