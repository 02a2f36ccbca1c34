//! Reads where a project's dependencies are declared and which of them are requested: from the
//! tables of `pyproject.toml`, the keys of `[tool.pywasm]` and the command line. `pywasm-deps` knows
//! what a requirement means and how to install it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use toml::de::DeTable;

use crate::spanned::Spanned;
use crate::table::{Item, Reader};

/// What the project says about its dependencies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// `[project] name`, by which extras may name the project itself.
    pub own_name: Option<String>,
    /// `[project] dependencies`.
    pub declared: Vec<Spanned<String>>,
    /// Whether only the build backend knows them.
    pub is_dynamic: bool,
    /// `[project.optional-dependencies]`: extras by their name as written.
    pub optional: BTreeMap<String, Vec<Spanned<String>>>,
    /// `[dependency-groups]` by their name as written.
    pub groups: BTreeMap<String, Vec<GroupItem>>,
    /// The extras that are requested.
    pub extras: Vec<Spanned<String>>,
    /// The groups that are requested.
    pub with_groups: Vec<Spanned<String>>,
    /// Files of requirements, which take the place of all of the above. With a place they count
    /// from the project's folder, else from where the user stands.
    pub requirements: Vec<Spanned<String>>,
    /// A virtual environment whose packages are used as they are; its path as with
    /// `requirements`.
    pub venv: Option<Spanned<String>>,
    /// Distributions that may be built from source.
    pub sdists: Vec<Spanned<String>>,
    /// Whether nothing is installed: `install = false`.
    pub no_install: bool,
}

/// One line of a dependency group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupItem {
    /// A requirement.
    Requirement(Spanned<String>),
    /// `{ include-group = "..." }`.
    Include(Spanned<String>),
}

/// What the command line says; see the keys of the same names.
#[derive(Debug, Clone, Default)]
pub struct DependencyOptions {
    /// More extras.
    pub extras: Vec<String>,
    /// More groups.
    pub groups: Vec<String>,
    /// More files of requirements.
    pub requirements: Vec<PathBuf>,
    /// A virtual environment.
    pub venv: Option<PathBuf>,
    /// More that may be built from source.
    pub sdists: Vec<String>,
    /// Install nothing.
    pub no_install: bool,
}

/// The keys of `[tool.pywasm]` that are read here.
pub(crate) const KEYS: &[&str] = &["extras", "groups", "requirements", "venv", "sdists", "install"];

impl Dependencies {
    /// Reads the tables of a file; `tool` is `[tool.pywasm]`.
    pub(crate) fn read<'s>(reader: &mut Reader<'s>, root: &DeTable<'s>, tool: Option<&DeTable<'s>>) -> Self {
        let mut read = Self::default();
        if let Some(project) = reader.table(root, "project") {
            read.own_name = reader.string(project, "name").map(|item| item.value);
            read.declared = requests(reader.strings(project, "dependencies"));
            if let Some(extras) = reader.table(project, "optional-dependencies") {
                for (name, _) in extras.iter() {
                    let items = reader.strings(extras, name.get_ref());
                    read.optional.insert(name.get_ref().to_string(), requests(items));
                }
            }
        }
        if let Some(groups) = reader.table(root, "dependency-groups") {
            for (name, _) in groups.iter() {
                let items = reader.strings_or_tables(groups, name.get_ref(), "include-group");
                let items = items.into_iter().map(|(item, is_include)| {
                    let request = request(item);
                    if is_include {
                        GroupItem::Include(request)
                    } else {
                        GroupItem::Requirement(request)
                    }
                });
                read.groups.insert(name.get_ref().to_string(), items.collect());
            }
        }
        if let Some(tool) = tool {
            read.extras = requests(reader.strings(tool, "extras"));
            read.with_groups = requests(reader.strings(tool, "groups"));
            read.requirements = requests(reader.strings(tool, "requirements"));
            read.venv = reader.string(tool, "venv").map(request);
            read.sdists = requests(reader.strings(tool, "sdists"));
            read.no_install = reader.boolean(tool, "install") == Some(false);
        }
        read
    }

    /// Takes what the build backend has written: requirements, whose markers name the extras, and the extras.
    pub fn take(&mut self, requirements: Vec<String>, extras: impl Iterator<Item = String>) {
        self.declared = given(&requirements).collect();
        let of_extras = self.declared.iter().filter(|line| line.value.contains("extra"));
        let of_extras: Vec<_> = of_extras.cloned().collect();
        self.optional = extras.map(|extra| (extra, of_extras.clone())).collect();
        self.is_dynamic = false;
    }

    /// Whether the project's file has tables that declare dependencies; a lock beside it is
    /// about these.
    #[must_use]
    pub fn has_tables(&self) -> bool {
        !(self.declared.is_empty() && self.optional.is_empty() && self.groups.is_empty())
    }

    /// Adds what the command line says.
    pub(crate) fn with(mut self, overrides: &DependencyOptions) -> Self {
        self.extras.extend(given(&overrides.extras));
        self.with_groups.extend(given(&overrides.groups));
        let shown = |path: &PathBuf| path.display().to_string();
        let files: Vec<String> = overrides.requirements.iter().map(shown).collect();
        self.requirements.extend(given(&files));
        if let Some(venv) = &overrides.venv {
            self.venv = given(&[shown(venv)]).next();
        }
        self.sdists.extend(given(&overrides.sdists));
        self.no_install |= overrides.no_install;
        self
    }
}

fn request(item: Item<String>) -> Spanned<String> {
    Spanned {
        value: item.value,
        place: Some(item.place),
    }
}

fn requests(items: Vec<Item<String>>) -> Vec<Spanned<String>> {
    items.into_iter().map(request).collect()
}

fn given(values: &[String]) -> impl Iterator<Item = Spanned<String>> {
    values.iter().map(|value| Spanned {
        value: value.clone(),
        place: None,
    })
}
