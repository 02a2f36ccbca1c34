//! Parses a hook: a TOML file with the tables that `docs/reference/hooks.md` describes.

use pywasm_diagnostic::{Diagnostic, Explain as _, Location};
use pywasm_project::{Allow, ModulePattern, is_dotted_name};
use serde::Deserialize;
use toml::Spanned;

use crate::choice::ChoiceRow;
use crate::tables::{MentionScope, TableEntry};

/// The content of one file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Hook {
    pub(crate) hidden: Vec<ImportRow>,
    pub(crate) cut: Vec<ImportRow>,
    pub(crate) alias: Vec<AliasRow>,
    pub(crate) call: Vec<CallRow>,
    pub(crate) plugins: Vec<PluginRow>,
    pub(crate) replace: Vec<Replacement>,
    pub(crate) data: Vec<PackageData>,
    pub(crate) beside: Vec<FoldersBeside>,
    pub(crate) choice: Vec<ChoiceRow>,
    pub(crate) allow: Vec<AllowRow>,
    pub(crate) renew: Vec<RenewRow>,
}

/// Imports of one module.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportRow {
    pub(crate) importer: String,
    pub(crate) imports: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) when: Vec<String>,
    /// Whether only the app's own mentions count.
    #[serde(default)]
    pub(crate) app: bool,
    #[expect(dead_code, reason = "it is for people who read the file")]
    reason: String,
}

/// A name in `sys.modules` that a package gives another module, and all below it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AliasRow {
    pub(crate) name: String,
    pub(crate) module: String,
    #[expect(dead_code, reason = "it is for people who read the file")]
    reason: String,
}

/// Functions that import the package that an argument names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallRow {
    pub(crate) functions: Vec<String>,
    pub(crate) position: usize,
    pub(crate) keyword: String,
    #[expect(dead_code, reason = "it is for people who read the file")]
    reason: String,
}

/// A package's list of its plugins, from which one module imports those that the program names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PluginRow {
    pub(crate) importer: String,
    pub(crate) list: String,
    #[expect(dead_code, reason = "it is for people who read the file")]
    reason: String,
}

/// A piece of a module's source that cannot work here, and its replacement.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// The module.
    pub module: String,
    /// The text to replace. A version without this text stays as it is.
    pub text: String,
    /// The replacement, with the same number of lines.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The name that messages use for the hook's file.
    #[serde(skip)]
    pub hook: String,
}

/// Files of a package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageData {
    /// The package whose folder the globs count from.
    pub package: String,
    /// Globs. One with a `!` before it excludes files.
    pub files: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Folders of files that a package looks for beside the modules that import it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoldersBeside {
    /// The package.
    pub package: String,
    /// The folders' names.
    pub folders: Vec<String>,
    /// Why.
    pub reason: String,
}

impl FoldersBeside {
    /// Whether this module belongs to the package.
    pub(crate) fn is_imported_by(&self, module: &str) -> bool {
        let rest = module.strip_prefix(&self.package);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// What modules may do during their import for a snapshot.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllowRow {
    pub(crate) words: Vec<Spanned<String>>,
    #[expect(dead_code, reason = "it is for people who read the file")]
    reason: String,
}

/// An attribute that a module sets by the clock while it is imported, and that each start sets
/// again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewRow {
    /// The module.
    pub module: String,
    /// The dotted way to the attribute from the module on.
    pub attribute: String,
    /// What it holds.
    pub value: RenewedValue,
    /// Why.
    pub reason: String,
}

/// What such an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RenewedValue {
    /// The year, by local time.
    Year,
    /// The first year of its century.
    Century,
}

impl ImportRow {
    /// Makes the entry of the tables for this row.
    pub(crate) fn to_table_entry(&self) -> TableEntry {
        TableEntry {
            imports: self.imports.iter().map(|name| name.as_ref().clone()).collect(),
            when: self.when.clone(),
            mentions: match self.app {
                true => MentionScope::App,
                false => MentionScope::OutsidePackage,
            },
            ..TableEntry::for_hook(&self.importer)
        }
    }
}

impl Hook {
    /// Parses a file. `shown` is the name that messages use for it.
    pub(crate) fn parse(shown: &str, text: &str) -> Result<Self, Diagnostic> {
        let mut hook: Self = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            Diagnostic::new(format!("this file is not a valid hook: {}", error.message()))
                .with_location(Location::span(shown, text, span.start, span.end))
                .with_hint("docs/reference/hooks.md has the tables and their keys")
        })?;
        let wrong = |item: &Spanned<String>, message: String| {
            Diagnostic::new(message).with_location(Location::span(
                shown,
                text,
                item.span().start,
                item.span().end,
            ))
        };
        let imports = hook.hidden.iter().chain(&hook.cut).flat_map(|row| &row.imports);
        for name in imports {
            // No statement can import a module with a hyphen in its name, but a call can.
            if let Err(error) = name.as_ref().replace('-', "_").parse::<ModulePattern>() {
                return Err(wrong(name, error.to_string()));
            }
        }
        for row in &mut hook.replace {
            shown.clone_into(&mut row.hook);
            if row.text.lines().count() != row.by.lines().count() {
                let message = format!(
                    "the replacement of `{}` has a different number of lines",
                    row.text
                );
                return Err(Diagnostic::new(message).with_location(Location::file(shown)));
            }
        }
        for row in &hook.renew {
            if !is_dotted_name(&row.module) || !is_dotted_name(&row.attribute) {
                let message = format!("`{}` in `{}` is no attribute", row.attribute, row.module);
                return Err(Diagnostic::new(message).with_location(Location::file(shown)));
            }
        }
        for word in hook.allow.iter().flat_map(|allowed| &allowed.words) {
            if let Err(error) = word.as_ref().parse::<Allow>() {
                let mut diagnostic = wrong(word, error.to_string());
                diagnostic.hint = error.hint().map(Into::into);
                return Err(diagnostic);
            }
        }
        Ok(hook)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_hook_is_reported_with_its_line() {
        let message = |text: &str| {
            Hook::parse("hooks/x.toml", text)
                .expect_err("an error")
                .to_string()
        };
        let unknown = message("[[allow]]\nwords = [\"clock\"]\nreason = \"r\"\nwhy = 1\n");
        assert!(
            unknown.contains("unknown field `why`") && unknown.contains("hooks/x.toml:4:1"),
            "{unknown}"
        );
        let missing = message("[[allow]]\nwords = [\"clock\"]\n");
        assert!(missing.contains("missing field `reason`"), "{missing}");
        let pattern = message("[[hidden]]\nimporter = \"a\"\nimports = [\"b/c\"]\nreason = \"r\"\n");
        assert!(pattern.contains("hooks/x.toml:3:12"), "{pattern}");
        let word = message("[[allow]]\nwords = [\"clocks:a\"]\nreason = \"r\"\n");
        assert!(word.contains("did you mean `clock`?"), "{word}");
        let renewal = |attribute: &str, value: &str| {
            message(&format!(
                "[[renew]]\nmodule = \"m\"\nattribute = \"{attribute}\"\nvalue = \"{value}\"\nreason = \"r\"\n"
            ))
        };
        let attribute = renewal("a..b", "year");
        assert!(attribute.contains("`a..b` in `m` is no attribute"), "{attribute}");
        let value = renewal("a.b", "month");
        assert!(value.contains("hooks/x.toml:4:9"), "{value}");
    }
}
