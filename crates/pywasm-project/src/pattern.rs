//! Parses module names and patterns, as `include` and `exclude` contain them: `pkg.mod`, or with
//! `*`, which matches any characters, dots included (`pkg.*` is everything below `pkg`). Each
//! pattern knows where it was written, so that one without a match can be reported with its line.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::suggest::closest;
use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_target::is_identifier;

/// A name or pattern that can match no module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a module name nor a pattern such as `package.*`")]
pub struct InvalidPattern(pub String);

/// A module name, or a pattern with `*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModulePattern {
    text: String,
    /// None for a word of the command line.
    place: Option<Location>,
}

impl ModulePattern {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same, written in a file.
    #[must_use]
    pub fn with_location(self, place: Location) -> Self {
        Self {
            place: Some(place),
            ..self
        }
    }

    /// Where it was written; nowhere for a word of the command line.
    pub fn place(&self) -> Option<&Location> {
        self.place.as_ref()
    }

    /// Whether it is one name, without `*`.
    pub fn is_name(&self) -> bool {
        !self.text.contains('*')
    }

    /// The error that it matches none of `modules`, as a pattern of `key`.
    pub fn unmatched<'m>(&self, key: &str, modules: impl IntoIterator<Item = &'m str>) -> Diagnostic {
        let key = match self.place {
            Some(_) => key.to_owned(),
            None => format!("--{key}"),
        };
        let mut diagnostic = Diagnostic::new(format!("`{key}`: `{self}` matches no module"));
        diagnostic.location.clone_from(&self.place);
        diagnostic.with_hint(match self.nearest(modules) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove the pattern, or correct the name".to_owned(),
        })
    }

    /// The pattern that was probably meant: the same one in the nearest package, or the nearest
    /// name.
    fn nearest<'m>(&self, modules: impl IntoIterator<Item = &'m str>) -> Option<String> {
        let modules: BTreeSet<&str> = modules.into_iter().collect();
        let level = |name: &str| name.matches('.').count();
        let beside = |name: &str| {
            let wanted = level(name);
            modules
                .iter()
                .copied()
                .filter(move |module| level(module) == wanted)
                .collect::<Vec<_>>()
        };
        match self.package() {
            Some(package) if !self.is_name() && !modules.contains(package) => {
                let near = closest(package, beside(package))?;
                Some(format!("{near}{}", &self.text[package.len()..]))
            }
            _ => {
                let name = self.text.replace('*', "");
                let name = name.trim_end_matches('.');
                closest(name, beside(name)).map(str::to_owned)
            }
        }
    }

    /// Whether it matches the dotted name.
    pub fn matches(&self, name: &str) -> bool {
        let mut parts = self.text.split('*');
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
        let literal = self.text.split('*').next().unwrap_or_default();
        literal.rsplit_once('.').map(|(package, _)| package)
    }
}

impl fmt::Display for ModulePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
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
            Ok(Self {
                text: text.to_owned(),
                place: None,
            })
        } else {
            Err(InvalidPattern(text.to_owned()))
        }
    }
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
    fn one_that_matches_nothing_is_told_with_the_nearest() {
        let modules = ["json", "json.tool", "shop", "shop.plugins", "shop.plugins.csv"];
        let hint = |pattern: &str| {
            let pattern = pattern.parse::<ModulePattern>().expect("a value");
            let told = pattern.unmatched("include", modules);
            assert!(told.message.starts_with("`--include`: "), "{told}");
            told.hint.expect("a hint")
        };
        assert_eq!(hint("shop.plugin.*"), "did you mean `shop.plugins.*`?");
        assert_eq!(hint("jsn"), "did you mean `json`?");
        assert_eq!(hint("jsn*"), "did you mean `json`?");
        assert_eq!(hint("shop.plugins.cvs*"), "did you mean `shop.plugins.csv`?");
        assert_eq!(hint("nothing.*"), "remove the pattern, or correct the name");
        let placed = "jsn".parse::<ModulePattern>().expect("a value");
        let told = placed
            .with_location(Location::line("pyproject.toml", 3))
            .unmatched("exclude", modules);
        assert_eq!(told.message, "`exclude`: `jsn` matches no module");
        assert_eq!(told.location.map(|place| place.line), Some(3));
        assert_eq!(told.hint.as_deref(), Some("did you mean `json`?"));
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
