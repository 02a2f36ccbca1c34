//! Reads `trim`: which packages come whole. Its value is one word for all packages, or a table with a word
//! for each and `default` for the others.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use pywasm_diagnostic::Diagnostic;
use pywasm_report::UnknownChoice;
use toml::de::{DeTable, DeValue};

use crate::config::choice_of;
use crate::pattern::is_dotted_name;
use crate::table::{Item, Reader};

/// What of a package comes along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrimMode {
    /// All of it, unless its modules name all that they import.
    #[default]
    Static,
    /// What the program reaches by names that can be read.
    Reached,
    /// All of it.
    None,
}

impl TrimMode {
    /// The words for the modes.
    pub const CHOICES: &'static [&'static str] = &["static", "reached", "none"];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Reached => "reached",
            Self::None => "none",
        }
    }
}

impl fmt::Display for TrimMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TrimMode {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "static" => Ok(Self::Static),
            "reached" => Ok(Self::Reached),
            "none" => Ok(Self::None),
            _ => Err(UnknownChoice {
                value: text.to_owned(),
                choices: Self::CHOICES,
            }),
        }
    }
}

/// Which packages come whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trim {
    default: TrimMode,
    packages: BTreeMap<String, TrimMode>,
}

impl Trim {
    /// Makes the rule with one mode for all packages.
    pub fn all(default: TrimMode) -> Self {
        Self {
            default,
            packages: BTreeMap::new(),
        }
    }

    /// Sets the mode of a package.
    pub fn set(&mut self, package: &str, mode: TrimMode) {
        self.packages.insert(package.to_owned(), mode);
    }

    /// Gives the mode for a module: that of the innermost package around it that the table has.
    pub fn of(&self, module: &str) -> TrimMode {
        self.named(module).unwrap_or(self.default)
    }

    /// Gives the mode for a module of the project itself. Its packages come whole unless the table has them.
    pub fn of_own(&self, module: &str) -> TrimMode {
        self.named(module).unwrap_or(TrimMode::None)
    }

    fn named(&self, module: &str) -> Option<TrimMode> {
        let module = module.trim_end_matches('.');
        let ends = module.match_indices('.').map(|(at, _)| at);
        let mut ends: Vec<usize> = ends.chain([module.len()]).collect();
        ends.reverse();
        let named = ends.iter().find_map(|end| self.packages.get(&module[..*end]));
        named.copied()
    }
}

/// Reads the key.
pub(crate) fn read(reader: &mut Reader<'_>, tool: &DeTable<'_>) -> Trim {
    let Some(value) = tool.get("trim") else {
        return Trim::default();
    };
    let mut trim = Trim::default();
    match value.get_ref() {
        DeValue::Table(table) => {
            for Item { value: name, place } in reader.keys(table) {
                if !is_dotted_name(&name) {
                    let message = format!("`trim`: `{name}` is not a package's name");
                    reader
                        .diagnostics
                        .push(Diagnostic::new(message).with_location(place));
                    continue;
                }
                let Some(mode) = read_mode(reader, table, &name) else {
                    continue;
                };
                match name.as_str() {
                    "default" => trim.default = mode,
                    _ => {
                        trim.packages.insert(name, mode);
                    }
                }
            }
        }
        _ => trim.default = read_mode(reader, tool, "trim").unwrap_or_default(),
    }
    trim
}

fn read_mode(reader: &mut Reader<'_>, table: &DeTable<'_>, key: &str) -> Option<TrimMode> {
    choice_of(reader, table, key, "trim", TrimMode::CHOICES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_package_decides() {
        let packages = [("a", TrimMode::Reached), ("a.b", TrimMode::None)];
        let trim = Trim {
            default: TrimMode::Static,
            packages: packages.map(|(name, mode)| (name.to_owned(), mode)).into(),
        };
        assert_eq!(trim.of("a.b.c"), TrimMode::None);
        assert_eq!(trim.of("a.c"), TrimMode::Reached);
        assert_eq!(trim.of("a."), TrimMode::Reached);
        assert_eq!(trim.of_own("a.c"), TrimMode::Reached);
        assert_eq!(trim.of_own("c"), TrimMode::None);
        assert_eq!(trim.of("ab"), TrimMode::Static);
    }
}
