//! Reads hooks: what no parser can see in known packages, and what a snapshot must not hold of them.
//! There is one data file for each package, `hooks/PACKAGE.toml`, and a project can have its own. They
//! add rows to the tables and settings for the later stages. `docs/reference/hooks.md` has the keys.

use std::collections::BTreeSet;
use std::fs;

use pywasm_diagnostic::{Diagnostic, Explain as _, Location};
use pywasm_project::{Allow, ModulePattern};
use pywasm_scan::ImportFunction;
use serde::Deserialize;
use toml::Spanned;

use crate::entry_points::entry_points;
use crate::finder::{Finder, FoundModule};
use crate::graph::ModuleGraph;
use crate::mapping;
use crate::request::{Origin, Request};
use crate::tables::{Alias, MentionScope, TableEntry, Tables};

/// The known packages, by the name that they are imported by; sorted.
const KNOWN: &[(&str, &str)] = &[
    ("_pytest", include_str!("../hooks/_pytest.toml")),
    ("babel", include_str!("../hooks/babel.toml")),
    (
        "charset_normalizer",
        include_str!("../hooks/charset_normalizer.toml"),
    ),
    ("click", include_str!("../hooks/click.toml")),
    ("dateutil", include_str!("../hooks/dateutil.toml")),
    ("flask", include_str!("../hooks/flask.toml")),
    ("jinja2", include_str!("../hooks/jinja2.toml")),
    ("mpmath", include_str!("../hooks/mpmath.toml")),
    ("networkx", include_str!("../hooks/networkx.toml")),
    ("pygments", include_str!("../hooks/pygments.toml")),
    ("pyrsistent", include_str!("../hooks/pyrsistent.toml")),
    ("requests", include_str!("../hooks/requests.toml")),
    ("rich", include_str!("../hooks/rich.toml")),
    ("sqlalchemy", include_str!("../hooks/sqlalchemy.toml")),
    ("sympy", include_str!("../hooks/sympy.toml")),
    ("werkzeug", include_str!("../hooks/werkzeug.toml")),
    ("yaml", include_str!("../hooks/yaml.toml")),
];

/// What one file says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Hook {
    hidden: Vec<Imports>,
    cut: Vec<Imports>,
    alias: Vec<OtherName>,
    call: Vec<Call>,
    plugins: Vec<Plugins>,
    replace: Vec<Replacement>,
    data: Vec<PackageData>,
    beside: Vec<FoldersBeside>,
    late: Vec<Late>,
    allow: Vec<Allowed>,
}

/// Imports of one module.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Imports {
    importer: String,
    imports: Vec<Spanned<String>>,
    #[serde(default)]
    when: Vec<String>,
    /// Whether only the app's own mentions count.
    #[serde(default)]
    app: bool,
    #[expect(dead_code, reason = "for who reads the file")]
    reason: String,
}

/// A name in `sys.modules` that a package gives another module, and all below it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherName {
    name: String,
    module: String,
    #[expect(dead_code, reason = "for who reads the file")]
    reason: String,
}

/// Functions that import the package that an argument names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    functions: Vec<String>,
    position: usize,
    keyword: String,
    #[expect(dead_code, reason = "for who reads the file")]
    reason: String,
}

/// A package's own list of its plugins, from which one module imports those that are asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plugins {
    importer: String,
    list: String,
    #[expect(dead_code, reason = "for who reads the file")]
    reason: String,
}

/// A piece of a module's source that cannot work here, and what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// The module.
    pub module: String,
    /// What it says; a version that says something else stays as it is.
    pub text: String,
    /// What it says instead, in as many lines.
    pub by: String,
    /// Why.
    pub reason: String,
    /// What messages call the hook's file.
    #[serde(skip)]
    pub hook: String,
}

/// A line of a dependency's source that a hook has replaced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReplacedLine {
    /// Its number, from 1; what takes its place has the same.
    pub line: u32,
    /// What messages call the hook's file.
    pub hook: String,
}

/// Files of a package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageData {
    /// The package whose folder the globs count from.
    pub package: String,
    /// Globs; with `!` before it, one takes files away.
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
    /// Whether an import of this module is one of the package.
    pub(crate) fn is_imported_by(&self, module: &str) -> bool {
        let rest = module.strip_prefix(&self.package);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// Modules that no snapshot holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Late {
    modules: Vec<Spanned<String>>,
    #[expect(dead_code, reason = "for who reads the file")]
    reason: String,
}

/// What modules may do while they are imported for a snapshot.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    words: Vec<Spanned<String>>,
    #[expect(dead_code, reason = "for who reads the file")]
    reason: String,
}

/// What the hooks say of a program's modules, for the stages behind the resolver.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HookEffects {
    /// Modules that are imported when the program starts, and never before a snapshot.
    pub late: BTreeSet<String>,
    /// What modules may do while they are imported for the snapshot.
    pub allow: Vec<Allow>,
    /// Files of dependencies to bring, or to leave out.
    pub data: Vec<PackageData>,
    /// Folders to bring with modules that import a package.
    pub beside: Vec<FoldersBeside>,
    /// Pieces of dependencies' sources that others take the place of.
    pub replace: Vec<Replacement>,
}

impl HookEffects {
    /// The source of a module of a dependency, as it is to be compiled.
    pub fn source(&self, module: &str, source: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(source) {
            Ok(text) => replaced(&self.replace, module, text).into_bytes(),
            Err(error) => error.into_bytes(),
        }
    }

    /// The lines of a dependency's module that are replaced, sorted.
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

/// A module's text with the pieces that are replaced.
pub(crate) fn replaced(rows: &[Replacement], module: &str, mut text: String) -> String {
    for row in rows.iter().filter(|row| row.module == module) {
        text = text.replacen(&row.text, &row.by, 1);
    }
    text
}

/// All hooks that count for a request.
#[derive(Debug, Default)]
pub(crate) struct Hooks(Vec<Hook>);

impl Hooks {
    /// Reads the known packages' hooks and the project's own. A known package's hook is for a
    /// dependency of that name; a module of the app that is called so is another thing.
    pub(crate) fn read(request: &Request) -> Result<Self, Vec<Diagnostic>> {
        let mut finder = Finder::new(&request.roots);
        let mut hooks = Vec::new();
        let mut wrong = Vec::new();
        let mut take = |parsed: Result<Hook, Diagnostic>, hooks: &mut Vec<Hook>| match parsed {
            Ok(hook) => hooks.push(hook),
            Err(diagnostic) => wrong.push(diagnostic),
        };
        for (package, text) in KNOWN {
            let origin = match finder.find(package) {
                Some(FoundModule::Source(source)) => Some(source.root),
                Some(FoundModule::Namespace(portions)) => portions.first().map(|portion| portion.root),
                None => None,
            };
            if origin.is_some_and(|root| finder.origin(root) == Origin::Dependency) {
                take(Hook::parse(&format!("<pywasm>/{package}.toml"), text), &mut hooks);
            }
        }
        for file in &request.hooks {
            let parsed = match fs::read_to_string(&file.path) {
                Ok(text) => Hook::parse(&file.shown, &text),
                Err(error) => Err(Diagnostic::new(format!("the hook cannot be read: {error}"))
                    .with_location(Location::file(file.shown.clone()))),
            };
            take(parsed, &mut hooks);
        }
        if wrong.is_empty() {
            Ok(Self(hooks))
        } else {
            Err(wrong)
        }
    }

    /// The tables with the hooks' rows behind their own.
    pub(crate) fn tables(&self, tables: &Tables, request: &Request) -> Tables {
        let mut tables = tables.clone();
        tables.hidden.extend(entry_points(&request.roots));
        let mut finder = Finder::new(&request.roots);
        for hook in &self.0 {
            for plugins in &hook.plugins {
                let rows = mapping::plugins(&mut finder, &plugins.list);
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
            tables.hidden.extend(hook.hidden.iter().map(Imports::entry));
            tables.cut.extend(hook.cut.iter().map(Imports::entry));
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

    /// What counts for the modules of the graph.
    pub(crate) fn for_graph(&self, graph: &ModuleGraph) -> HookEffects {
        let mut hooked = HookEffects::default();
        for hook in &self.0 {
            for module in hook.late.iter().flat_map(|late| &late.modules) {
                let matching = matching(graph, module.as_ref());
                hooked.late.extend(matching.map(str::to_owned));
            }
            let words = hook.allow.iter().flat_map(|allowed| &allowed.words);
            // They were parsed before, with their places.
            hooked
                .allow
                .extend(words.filter_map(|word| word.as_ref().parse::<Allow>().ok()));
            hooked.replace.extend(hook.replace.iter().cloned());
            hooked.beside.extend(hook.beside.iter().cloned());
            let data = hook.data.iter();
            hooked.data.extend(
                data.filter(|data| graph.modules.contains_key(&data.package))
                    .cloned(),
            );
        }
        hooked
    }
}

/// The modules of the graph that a name or pattern means.
fn matching<'g>(graph: &'g ModuleGraph, pattern: &str) -> impl Iterator<Item = &'g str> {
    // Parsed before, with its place.
    let pattern = pattern.parse::<ModulePattern>().ok();
    let names = graph.modules.keys().map(String::as_str);
    names.filter(move |name| pattern.as_ref().is_some_and(|pattern| pattern.matches(name)))
}

impl Imports {
    fn entry(&self) -> TableEntry {
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
    /// Parses a file; `shown` is what messages call it.
    fn parse(shown: &str, text: &str) -> Result<Self, Diagnostic> {
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
        for name in imports.chain(hook.late.iter().flat_map(|late| &late.modules)) {
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
        let hooked = HookEffects {
            replace: vec![
                row("c\nd\n", "c\nD\n"),
                row("x", "y"),
                row("a", "A"),
                row("a\n", "B\n"),
            ],
            ..HookEffects::default()
        };
        let lines = |module: &str| -> Vec<u32> {
            let lines = hooked.replaced_lines(module, b"a\nb\nc\nd\na\n");
            lines.into_iter().map(|line| line.line).collect()
        };
        assert_eq!(lines("m"), [1, 4, 5]);
        assert!(lines("other").is_empty());
        assert_eq!(
            hooked.source("m", b"a\nb\nc\nd\na\n".to_vec()),
            b"A\nb\nc\nD\nB\n"
        );
    }

    #[test]
    fn a_wrong_hook_is_told_with_its_line() {
        let told = |text: &str| {
            Hook::parse("hooks/x.toml", text)
                .expect_err("an error")
                .to_string()
        };
        let unknown = told("[[late]]\nmodules = [\"a\"]\nreason = \"r\"\nwhy = 1\n");
        assert!(
            unknown.contains("unknown field `why`") && unknown.contains("hooks/x.toml:4:1"),
            "{unknown}"
        );
        let missing = told("[[late]]\nmodules = [\"a\"]\n");
        assert!(missing.contains("missing field `reason`"), "{missing}");
        let pattern = told("[[hidden]]\nimporter = \"a\"\nimports = [\"b/c\"]\nreason = \"r\"\n");
        assert!(pattern.contains("hooks/x.toml:3:12"), "{pattern}");
        let word = told("[[allow]]\nwords = [\"clocks:a\"]\nreason = \"r\"\n");
        assert!(word.contains("did you mean `clock`?"), "{word}");
    }
}
