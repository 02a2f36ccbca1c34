//! Reads hooks: what no parser can see in known packages, and what a snapshot must not hold of them.
//! There is one data file for each package, `hooks/PACKAGE.toml`, and a project can have its own. They
//! add rows to the tables and settings for the later stages.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::Allow;
use pywasm_scan::ImportFunction;

use crate::choice::{Choice, ChoiceRow};
use crate::entry_points::{EntryPointModule, entry_point_rows};
use crate::finder::{Finder, FoundModule};
use crate::graph::ModuleGraph;
use crate::hook_file::{FoldersBeside, Hook, ImportRow, PackageData, RenewRow, Replacement};
use crate::request::{HookFile, Origin, Request};
use crate::tables::{Alias, MentionScope, TableEntry, Tables};

/// The known packages, by the name that they are imported by; sorted.
const KNOWN: &[(&str, &str)] = &[
    ("_pytest", include_str!("../hooks/_pytest.toml")),
    ("anyio", include_str!("../hooks/anyio.toml")),
    ("babel", include_str!("../hooks/babel.toml")),
    ("botocore", include_str!("../hooks/botocore.toml")),
    ("click", include_str!("../hooks/click.toml")),
    ("dateutil", include_str!("../hooks/dateutil.toml")),
    ("faker", include_str!("../hooks/faker.toml")),
    ("flask", include_str!("../hooks/flask.toml")),
    ("ftfy", include_str!("../hooks/ftfy.toml")),
    ("holidays", include_str!("../hooks/holidays.toml")),
    ("jinja2", include_str!("../hooks/jinja2.toml")),
    ("lark", include_str!("../hooks/lark.toml")),
    ("mpmath", include_str!("../hooks/mpmath.toml")),
    ("networkx", include_str!("../hooks/networkx.toml")),
    ("passlib", include_str!("../hooks/passlib.toml")),
    ("phonenumbers", include_str!("../hooks/phonenumbers.toml")),
    ("pygments", include_str!("../hooks/pygments.toml")),
    ("pyrsistent", include_str!("../hooks/pyrsistent.toml")),
    ("requests", include_str!("../hooks/requests.toml")),
    ("rich", include_str!("../hooks/rich.toml")),
    ("six", include_str!("../hooks/six.toml")),
    ("sqlalchemy", include_str!("../hooks/sqlalchemy.toml")),
    ("sympy", include_str!("../hooks/sympy.toml")),
    ("tlz", include_str!("../hooks/tlz.toml")),
    ("trio", include_str!("../hooks/trio.toml")),
    ("tzdata", include_str!("../hooks/tzdata.toml")),
    ("werkzeug", include_str!("../hooks/werkzeug.toml")),
    ("yaml", include_str!("../hooks/yaml.toml")),
    ("zoneinfo", include_str!("../hooks/zoneinfo.toml")),
];

/// A line of a dependency's source that a hook has replaced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReplacedLine {
    /// Its number, from 1. The line that replaces it has the same number.
    pub line: u32,
    /// The name that messages use for the hook's file.
    pub hook: String,
}

/// What the hooks say about a program's modules, for the stages after the resolver.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HookEffects {
    /// What modules may do during their import for the snapshot.
    pub allow: Vec<Allow>,
    /// Files of dependencies to include or to leave out.
    pub data: Vec<PackageData>,
    /// Folders to include with modules that import a package.
    pub beside: Vec<FoldersBeside>,
    /// Pieces of dependencies' sources to replace.
    pub replace: Vec<Replacement>,
    /// Attributes that each start sets again.
    pub renew: Vec<RenewRow>,
    /// The parts of packages that the project can choose from, and what it has chosen.
    pub choices: Vec<Choice>,
}

impl HookEffects {
    /// Replaces what the hooks replace in the source of a dependency's module.
    pub fn apply_to_source(&self, module: &str, source: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(source) {
            Ok(text) => apply_replacements(&self.replace, module, text).into_bytes(),
            Err(error) => error.into_bytes(),
        }
    }

    /// Lists the lines of a dependency's module that the hooks replace, sorted.
    pub fn replaced_lines(&self, module: &str, source: &[u8]) -> Vec<ReplacedLine> {
        let mut lines = Vec::new();
        let Ok(source) = str::from_utf8(source) else {
            return lines;
        };
        let mut text = source.to_owned();
        for row in self.replace.iter().filter(|row| row.module == module) {
            let Some(start) = text.find(&row.text) else {
                continue;
            };
            let first = text[..start].matches('\n').count() + 1;
            let pairs = row.text.lines().zip(row.by.lines());
            let changed = (first..)
                .zip(pairs)
                .filter(|(_, (before, after))| before != after);
            lines.extend(changed.map(|(line, _)| ReplacedLine {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                hook: row.hook.clone(),
            }));
            text.replace_range(start..start + row.text.len(), &row.by);
        }
        lines.sort();
        lines.dedup();
        lines
    }
}

/// Replaces the pieces of a module's text that hooks replace.
pub(crate) fn apply_replacements(rows: &[Replacement], module: &str, mut text: String) -> String {
    for row in rows.iter().filter(|row| row.module == module) {
        text = text.replacen(&row.text, &row.by, 1);
    }
    text
}

/// All hooks that apply to a request.
#[derive(Debug, Default)]
pub(crate) struct Hooks {
    hooks: Vec<Hook>,
    /// The project's own files, each as it was when it was parsed.
    files: BTreeMap<PathBuf, Arc<[u8]>>,
}

impl Hooks {
    /// Reads the known packages' hooks and the project's own. A known package's hook applies to a dependency
    /// or a standard module of that name, and not to a module of the app with the same name.
    pub(crate) fn read(request: &Request) -> Result<Self, Vec<Diagnostic>> {
        let mut finder = Finder::new(&request.roots);
        let mut read = Self::default();
        let mut errors = Vec::new();
        for (package, text) in KNOWN {
            let root = match finder.find(package) {
                Some(FoundModule::Source(source)) => Some(source.root),
                Some(FoundModule::Namespace(portions)) => portions.first().map(|portion| portion.root),
                None => None,
            };
            if root.is_some_and(|root| finder.origin(root) != Origin::App) {
                match Hook::parse(&format!("<pywasm>/{package}.toml"), text) {
                    Ok(hook) => read.hooks.push(hook),
                    Err(error) => errors.push(error),
                }
            }
        }
        for file in &request.hooks {
            if let Err(error) = read.add_file(file) {
                errors.push(error);
            }
        }
        if errors.is_empty() { Ok(read) } else { Err(errors) }
    }

    /// Reads a hook of the project, and keeps what it read.
    fn add_file(&mut self, file: &HookFile) -> Result<(), Diagnostic> {
        let unreadable = |error: &dyn std::fmt::Display| {
            Diagnostic::new(format!("the hook cannot be read: {error}"))
                .with_location(Location::file(file.shown.clone()))
        };
        let bytes = fs::read(&file.path).map_err(|error| unreadable(&error))?;
        let text = str::from_utf8(&bytes).map_err(|error| unreadable(&error))?;
        self.hooks.push(Hook::parse(&file.shown, text)?);
        self.files.insert(file.path.clone(), bytes.into());
        Ok(())
    }

    /// Lists the parts of packages that the project can choose from.
    pub(crate) fn choices(&self) -> impl Iterator<Item = &ChoiceRow> {
        self.hooks.iter().flat_map(|hook| &hook.choice)
    }

    /// Gives the content of the project's own hooks, by path.
    pub(crate) fn into_files(self) -> BTreeMap<PathBuf, Arc<[u8]>> {
        self.files
    }

    /// Copies the tables and adds the rows of the hooks to them.
    pub(crate) fn extend_tables(
        &self,
        tables: &Tables,
        request: &Request,
        entry_points: &[EntryPointModule],
    ) -> Tables {
        let mut tables = tables.clone();
        tables.hidden.extend(entry_point_rows(entry_points));
        let mut finder = Finder::new(&request.roots);
        for hook in &self.hooks {
            for plugins in &hook.plugins {
                let rows = read_plugins(&mut finder, &plugins.list);
                tables
                    .hidden
                    .extend(rows.into_iter().map(|(module, when)| TableEntry {
                        imports: vec![module],
                        when,
                        mentions: MentionScope::AppAndUsers,
                        ..TableEntry::for_hook(&plugins.importer)
                    }));
            }
            tables.replace.extend(hook.replace.iter().cloned());
            tables
                .hidden
                .extend(hook.hidden.iter().map(ImportRow::to_table_entry));
            tables.cut.extend(hook.cut.iter().map(ImportRow::to_table_entry));
            tables
                .functions
                .extend(hook.call.iter().map(|call| ImportFunction {
                    names: call.functions.clone(),
                    position: call.position,
                    keyword: call.keyword.clone(),
                }));
            tables.alias.extend(hook.alias.iter().map(|alias| Alias {
                name: alias.name.clone(),
                module: alias.module.clone(),
            }));
        }
        tables
    }

    /// Collects what the hooks say about the modules of the graph.
    pub(crate) fn collect_effects(&self, graph: &ModuleGraph) -> HookEffects {
        let mut effects = HookEffects::default();
        for hook in &self.hooks {
            let words = hook.allow.iter().flat_map(|allowed| &allowed.words);
            // `Hook::parse` has reported every word that is wrong.
            effects
                .allow
                .extend(words.filter_map(|word| word.as_ref().parse::<Allow>().ok()));
            effects.replace.extend(hook.replace.iter().cloned());
            effects.renew.extend(hook.renew.iter().cloned());
            effects.beside.extend(hook.beside.iter().cloned());
            let data = hook.data.iter();
            effects.data.extend(
                data.filter(|data| graph.modules.contains_key(&data.package))
                    .cloned(),
            );
        }
        effects
    }
}

/// Reads the plugins that a package lists in its module `list`, as [`pywasm_scan::find_plugins`]
/// finds them. There are none if the module does not exist.
fn read_plugins(finder: &mut Finder<'_>, list: &str) -> BTreeMap<String, Vec<String>> {
    match finder.find(list) {
        Some(FoundModule::Source(source)) => fs::read_to_string(&source.path)
            .map(|text| pywasm_scan::find_plugins(&text))
            .unwrap_or_default(),
        _ => BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_hooks_parse_and_are_sorted() {
        for (package, text) in KNOWN {
            if let Err(error) = Hook::parse(package, text) {
                panic!("{error}");
            }
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/hooks");
        let files = fs::read_dir(folder).expect("a folder");
        let mut files: Vec<String> = files
            .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let known: Vec<String> = KNOWN
            .iter()
            .map(|(package, _)| format!("{package}.toml"))
            .collect();
        assert_eq!(known, files, "KNOWN has each file of hooks/ once, sorted");
    }

    #[test]
    fn replaced_lines_keep_their_numbers() {
        let row = |text: &str, by: &str| Replacement {
            module: "m".to_owned(),
            text: text.to_owned(),
            by: by.to_owned(),
            reason: String::new(),
            hook: "hooks/m.toml".to_owned(),
        };
        let effects = HookEffects {
            replace: vec![
                row("c\nd\n", "c\nD\n"),
                row("x", "y"),
                row("a", "A"),
                row("a\n", "B\n"),
            ],
            ..HookEffects::default()
        };
        let lines = |module: &str| -> Vec<u32> {
            let lines = effects.replaced_lines(module, b"a\nb\nc\nd\na\n");
            lines.into_iter().map(|line| line.line).collect()
        };
        assert_eq!(lines("m"), [1, 4, 5]);
        assert!(lines("other").is_empty());
        assert_eq!(
            effects.apply_to_source("m", b"a\nb\nc\nd\na\n".to_vec()),
            b"A\nb\nc\nD\nB\n"
        );
    }
}
