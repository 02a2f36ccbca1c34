//! Defines the tables of `stdlib.toml`: the imports of the standard library that no parser sees, and
//! those that it sees although nothing uses them. Each entry has its reason, and a program that a test
//! runs.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use pywasm_scan::ImportFunction;
use serde::{Deserialize, Deserializer};

use crate::compiler;
use crate::files;
use crate::graph::Importer;
use crate::hook_file::Replacement;
use crate::zones;

/// Imports that one module makes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TableEntry {
    /// The importer. In the file, `""` is the interpreter's core.
    #[serde(deserialize_with = "deserialize_importer")]
    pub importer: Importer,
    /// The modules that it imports.
    pub imports: Vec<String>,
    /// If given, the imports count only where the program mentions one of these names.
    #[serde(default)]
    pub when: Vec<String>,
    /// Whose mentions count.
    #[serde(default)]
    pub mentions: MentionScope,
    /// Modules whose mentions do not count, besides the importer itself.
    #[serde(default)]
    pub except: Vec<String>,
    /// Why the entry is right.
    pub reason: String,
    /// A program that needs the imports. It works, and fails without the entry of a hidden import, or
    /// if a cut lets nothing through. Only a cut without `when` has none.
    #[serde(default)]
    pub check: String,
    /// For a cut, a program that uses the importer and works without the imports.
    #[serde(default)]
    pub idle: String,
}

/// Whose mentions of a name count for an entry. The importer's own never do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MentionScope {
    /// Those of all modules.
    #[default]
    All,
    /// Those of the app and its dependencies.
    Program,
    /// The same, without the importer's own top-level package.
    OutsidePackage,
    /// Those of the app, without the importer's own top-level package.
    App,
    /// The same, and those of modules that import something of the importer's package.
    AppAndUsers,
}

fn deserialize_importer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Importer, D::Error> {
    String::deserialize(deserializer).map(Importer::from)
}

impl TableEntry {
    /// Makes an entry with the values that all rows of hooks have.
    pub(crate) fn for_hook(importer: &str) -> Self {
        Self {
            importer: Importer::from(importer),
            imports: Vec::new(),
            when: Vec::new(),
            mentions: MentionScope::OutsidePackage,
            except: Vec::new(),
            reason: String::new(),
            check: String::new(),
            idle: String::new(),
        }
    }
}

/// The tables.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tables {
    /// Imports that no parser sees.
    pub hidden: Vec<TableEntry>,
    /// Imports that are seen and not followed.
    pub cut: Vec<TableEntry>,
    /// Names of modules that are other modules: `(name, module)`.
    pub alias: Vec<Alias>,
    /// Functions that are used without being named.
    pub called: Vec<CalledFunctions>,
    /// Functions that hand text to the compiler, and that count only if something leads to them.
    pub dormant: Vec<DormantFunctions>,
    /// Functions of dependencies that import the package that an argument names.
    #[serde(skip)]
    pub functions: Vec<ImportFunction>,
    /// Pieces of sources to replace.
    #[serde(skip)]
    pub replace: Vec<Replacement>,
}

/// Functions of the standard library that hand source text to the interpreter's compiler, itself
/// or through others, and the only ways to them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DormantFunctions {
    /// Their module.
    pub module: String,
    /// Their names, or the name of the class for a method such as `__init__`.
    pub functions: Vec<String>,
    /// Nothing calls them unless another module has one of these: a name, `module.name`, or a fact.
    pub callers: Vec<String>,
    /// Whether only the mentions of the app and its dependencies count.
    #[serde(default)]
    pub program: bool,
    /// Whether the module's own top level calls them, so that it has to be in the snapshot.
    #[serde(default)]
    pub preloaded: bool,
    /// Why the entry is right.
    pub reason: String,
    /// A program that uses the module and compiles nothing after its import.
    pub idle: String,
    /// A program that does so and compiles something in a function.
    pub check: String,
}

/// Functions of the stdlib that something calls by a name that is not in any Python source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalledFunctions {
    /// Their names.
    pub names: Vec<String>,
    /// Who calls them.
    pub reason: String,
}

/// A name under which an import finds another module and that module's submodules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The name in the import.
    pub name: String,
    /// The module that it is.
    pub module: String,
}

impl Tables {
    /// The tables of the standard library.
    pub fn stdlib() -> &'static Self {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(|| {
            // The file is part of the program, and the tests of this crate read it.
            #[expect(clippy::unwrap_used)]
            toml::from_str(include_str!("stdlib.toml")).unwrap()
        })
    }

    /// Resolves an alias, or gives the name itself. If several rows match, the longest name counts.
    pub(crate) fn unalias<'n>(&'n self, name: &'n str) -> Cow<'n, str> {
        let found = self.alias.iter().filter_map(|alias| {
            let rest = name.strip_prefix(alias.name.as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then_some((alias, rest))
        });
        match found.max_by_key(|(alias, _)| alias.name.len()) {
            Some((alias, "")) => Cow::Borrowed(&alias.module),
            Some((alias, rest)) => Cow::Owned(format!("{}{rest}", alias.module)),
            None => Cow::Borrowed(name),
        }
    }

    /// Whether modules below this one are aliases: its package has a finder of its own, which may also put
    /// another module in its place.
    pub(crate) fn aliases_below(&self, package: &str) -> bool {
        let mut names = self.alias.iter().map(|alias| alias.name.as_str());
        names.any(|name| {
            name.strip_prefix(package)
                .is_some_and(|rest| rest.starts_with('.'))
        })
    }

    /// Lists all names whose mention decides something.
    pub(crate) fn deciding_names(&self) -> BTreeSet<String> {
        self.hidden
            .iter()
            .chain(&self.cut)
            .flat_map(|entry| entry.when.iter().cloned())
            .chain(compiler::facts().map(str::to_owned))
            .chain(files::facts().map(str::to_owned))
            .chain(zones::facts().map(str::to_owned))
            .collect()
    }

    /// Lists the functions that something uses without naming them.
    pub(crate) fn used_functions(&self) -> impl Iterator<Item = &String> {
        self.called.iter().flat_map(|called| &called.names)
    }

    /// Finds the entry that cuts an import, if there is one.
    pub(crate) fn find_cut(&self, importer: &Importer, module: &str) -> Option<&TableEntry> {
        self.cut.iter().find(|entry| {
            entry.importer == *importer
                && entry.imports.iter().any(|cut| {
                    module == cut
                        || module
                            .strip_prefix(cut.as_str())
                            .is_some_and(|rest| rest.starts_with('.'))
                })
        })
    }
}
