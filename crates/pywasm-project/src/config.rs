//! Reads the keys of `[project]` and `[tool.pywasm]` from the text of a `pyproject.toml`. Of
//! `[project]`, only the keys that pywasm uses are read; in `[tool.pywasm]`, an unknown key is an
//! error. All faults of the file are reported at once. `docs/reference/configuration.md` lists the
//! keys.

use std::collections::BTreeMap;
use std::path::Path;

use crate::allow::Allow;
use crate::budget::{self, Budget};
use crate::component::{self, ComponentTable};
use crate::dependencies::{self, Dependencies};
use crate::entry::Entry;
use crate::environment;
use crate::extension::{self, ExtensionTable};
use crate::metadata::{self, ProjectMetadata};
use crate::pattern::ModulePattern;
use crate::release::{self, ReleaseSettings};
use crate::settings::ConfiguredSettings;
use crate::shared_cache::{self, SharedCache};
use crate::spanned::Spanned;
use crate::suggest::closest;
use crate::table::{Item, Reader};
use crate::trim::{self, Trim};
use crate::wheel_packages;
use pywasm_diagnostic::{Diagnostic, Explain as _};
use pywasm_report::{Threads, UnknownChoice, parse_size};
use toml::de::{DeTable, DeValue};

/// The file's name.
pub(crate) const FILE: &str = "pyproject.toml";

/// The keys of `[tool.pywasm]`.
const KEYS: &[&str] = &[
    "name",
    "entry",
    "source",
    "include",
    "exclude",
    "external",
    "codecs",
    "trim",
    "keep",
    "data",
    "package-data",
    "paths",
    "python",
    "base",
    "optimize",
    "docstrings",
    "preinit",
    "smoke",
    "threads",
    "tmp-size",
    "allow",
    "env",
    "aot",
    "cpu",
    "extension",
    "component",
    "hooks",
    "cache",
    "release",
    "budget",
];

/// What the file says. Paths and entries are as written, checked later against the disk.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) project_name: Option<Item<String>>,
    pub(crate) version: Option<String>,
    pub(crate) metadata: Option<ProjectMetadata>,
    pub(crate) license: Option<String>,
    pub(crate) requires_python: Option<String>,
    pub(crate) dependencies: Dependencies,
    pub(crate) scripts: Vec<(String, Item<String>)>,
    /// Whether there is a `[tool.pywasm]`.
    pub(crate) has_tool: bool,
    pub(crate) name: Option<Item<String>>,
    pub(crate) entry: Option<Item<String>>,
    pub(crate) source: Vec<Item<String>>,
    pub(crate) include: Vec<ModulePattern>,
    pub(crate) exclude: Vec<ModulePattern>,
    pub(crate) external: Vec<ModulePattern>,
    pub(crate) codecs: Vec<Item<String>>,
    pub(crate) trim: Trim,
    pub(crate) keep: Vec<(Spanned<String>, Vec<String>)>,
    /// What `[tool.setuptools]` puts into the wheel.
    pub(crate) wheel: Vec<String>,
    pub(crate) data: Vec<Item<String>>,
    pub(crate) package_data: Option<bool>,
    pub(crate) paths: Vec<Item<String>>,
    pub(crate) python: Option<String>,
    pub(crate) base: Option<String>,
    pub(crate) settings: ConfiguredSettings,
    pub(crate) threads: Threads,
    pub(crate) tmp_size: Option<u64>,
    pub(crate) allow: Vec<Allow>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) aot: Vec<Item<String>>,
    pub(crate) cpu: Option<Item<String>>,
    pub(crate) extensions: Vec<ExtensionTable>,
    pub(crate) component: Option<ComponentTable>,
    pub(crate) hooks: Vec<Item<String>>,
    pub(crate) cache: SharedCache,
    pub(crate) release: ReleaseSettings,
    pub(crate) budget: Budget,
}

/// `[project] license`: an SPDX expression, or as a table of before PEP 639 a `text`. What is
/// written otherwise is for others to complain about.
fn license(project: &DeTable<'_>) -> Option<String> {
    let value = project.get("license")?.get_ref();
    let text = match value {
        DeValue::Table(table) => table.get("text")?.get_ref(),
        value => value,
    };
    // A whole text is not the name of a licence.
    text.as_str()
        .filter(|text| !text.contains('\n'))
        .map(str::to_owned)
}

/// Reads the file's text.
pub(crate) fn parse(folder: &Path, file: &str, source: &str) -> (Config, Vec<Diagnostic>) {
    let (mut reader, table) = Reader::parse(file.to_owned(), source);
    let mut config = Config::default();
    let Some(table) = table else {
        return (config, reader.diagnostics);
    };
    let root = table.get_ref();
    if let Some(project) = reader.table(root, "project") {
        config.project_name = reader.string(project, "name");
        config.version = reader.string(project, "version").map(|item| item.value);
        config.license = license(project);
        config.requires_python = reader.string(project, "requires-python").map(|item| item.value);
        config.scripts = reader.string_table(project, "scripts");
    }
    config.metadata = metadata::read(folder, root, |span| reader.place(span.start, span.end));
    config.wheel = wheel_packages::read(root);
    let tool = reader
        .table(root, "tool")
        .and_then(|tool| reader.table(tool, "pywasm"));
    config.dependencies = Dependencies::read(&mut reader, root, tool);
    let dynamic = config.metadata.iter().flat_map(|metadata| &metadata.dynamic);
    config.dependencies.is_dynamic = dynamic.into_iter().any(|field| field == metadata::DEPENDENCIES);
    if let Some(tool) = tool {
        config.has_tool = true;
        let known: Vec<&str> = KEYS.iter().chain(dependencies::KEYS).copied().collect();
        reader.refuse_unknown(tool, "[tool.pywasm]", &known);
        config.name = reader.string(tool, "name");
        config.entry = reader.string(tool, "entry");
        config.source = reader.strings(tool, "source");
        let include = reader.strings(tool, "include");
        config.include = parse_patterns(&mut reader, include);
        let exclude = reader.strings(tool, "exclude");
        config.exclude = parse_patterns(&mut reader, exclude);
        let external = reader.strings(tool, "external");
        config.external = parse_patterns(&mut reader, external);
        config.codecs = reader.strings(tool, "codecs");
        config.trim = trim::read(&mut reader, tool);
        config.keep = read_keep(&mut reader, tool);
        config.data = reader.strings(tool, "data");
        config.package_data = reader.boolean(tool, "package-data");
        config.paths = reader.strings(tool, "paths");
        config.python = version(&mut reader, tool);
        config.base = reader.string(tool, "base").map(|item| item.value);
        config.settings = ConfiguredSettings::read(&mut reader, tool);
        config.threads = choice(&mut reader, tool, "threads", Threads::CHOICES).unwrap_or_default();
        config.tmp_size = size(&mut reader, tool, "tmp-size");
        let allow = reader.strings(tool, "allow");
        config.allow = parse_allow(&mut reader, allow);
        config.environment = environment::read(&mut reader, tool);
        config.aot = reader.strings(tool, "aot");
        config.cpu = reader.string(tool, "cpu");
        config.extensions = extension::read(&mut reader, tool);
        config.component = component::read(&mut reader, tool);
        config.hooks = reader.strings(tool, "hooks");
        config.cache = shared_cache::read(&mut reader, tool);
        config.release = release::read(&mut reader, tool);
        config.budget = budget::read(&mut reader, tool);
        check_entry(&mut reader, config.entry.as_ref());
    }
    // Keys are read by name, so the order of what was found is not yet that of the file.
    reader.diagnostics.sort();
    // Two readers look at `[project]`.
    reader.diagnostics.dedup();
    (config, reader.diagnostics)
}

/// Reads a size, such as `"64 MB"`.
fn size(reader: &mut Reader<'_>, tool: &DeTable<'_>, key: &str) -> Option<u64> {
    let item = reader.string(tool, key)?;
    match parse_size(&item.value) {
        Ok(size) => Some(size),
        Err(error) => {
            let diagnostic = Diagnostic::new(format!("`{key}`: {error}")).with_location(item.place);
            reader.diagnostics.push(diagnostic);
            None
        }
    }
}

/// Reads `keep`: for each package, the names of its parts.
fn read_keep<'s>(reader: &mut Reader<'s>, tool: &DeTable<'s>) -> Vec<(Spanned<String>, Vec<String>)> {
    let Some(table) = reader.table(tool, "keep") else {
        return Vec::new();
    };
    let keys = reader.keys(table);
    let parts = |key: Item<String>| {
        let names = reader.strings(table, &key.value);
        let names = names.into_iter().map(|item| item.value).collect();
        let key = Spanned {
            value: key.value,
            place: Some(key.place),
        };
        (key, names)
    };
    keys.into_iter().map(parts).collect()
}

fn parse_patterns(reader: &mut Reader<'_>, items: Vec<Item<String>>) -> Vec<ModulePattern> {
    let mut patterns = Vec::new();
    for item in items {
        match item.value.parse::<ModulePattern>() {
            Ok(pattern) => patterns.push(pattern.with_location(item.place)),
            Err(error) => {
                reader
                    .diagnostics
                    .push(Diagnostic::new(error.to_string()).with_location(item.place));
            }
        }
    }
    patterns
}

fn parse_allow(reader: &mut Reader<'_>, items: Vec<Item<String>>) -> Vec<Allow> {
    let mut allowed = Vec::new();
    for item in items {
        match item.value.parse::<Allow>() {
            Ok(allow) => allowed.push(Allow {
                place: Some(item.place),
                ..allow
            }),
            Err(error) => {
                let mut diagnostic = Diagnostic::new(format!("`allow`: {error}")).with_location(item.place);
                diagnostic.hint = error.hint().map(Into::into);
                reader.diagnostics.push(diagnostic);
            }
        }
    }
    allowed
}

pub(crate) fn choice<T: std::str::FromStr<Err = UnknownChoice>>(
    reader: &mut Reader<'_>,
    tool: &DeTable<'_>,
    key: &str,
    choices: &[&str],
) -> Option<T> {
    choice_of(reader, tool, key, key, choices)
}

/// As [`choice`]; `option` is what messages call the key.
pub(crate) fn choice_of<T: std::str::FromStr<Err = UnknownChoice>>(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    key: &str,
    option: &str,
    choices: &[&str],
) -> Option<T> {
    let item = reader.string(table, key)?;
    match item.value.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            let mut diagnostic = Diagnostic::new(format!("`{option}`: {error}")).with_location(item.place);
            if let Some(near) = closest(&item.value, choices.iter().copied()) {
                diagnostic = diagnostic.with_hint(format!("did you mean `{near}`?"));
            }
            reader.diagnostics.push(diagnostic);
            None
        }
    }
}

fn version(reader: &mut Reader<'_>, tool: &toml::de::DeTable<'_>) -> Option<String> {
    let item = reader.string(tool, "python")?;
    let parts: Vec<&str> = item.value.split('.').collect();
    let digits =
        |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if (2..=3).contains(&parts.len()) && parts.iter().all(digits) {
        return Some(item.value);
    }
    let message = format!("`python`: `{}` is not a version", item.value);
    let hint = "write two or three numbers, such as `3.13` or `3.13.15`";
    reader
        .diagnostics
        .push(Diagnostic::new(message).with_location(item.place).with_hint(hint));
    None
}

fn check_entry(reader: &mut Reader<'_>, item: Option<&Item<String>>) {
    if let Some(item) = item
        && let Err(error) = item.value.parse::<Entry>()
    {
        let diagnostic = Diagnostic::new(error.to_string())
            .with_location(item.place.clone())
            .with_hint(crate::entry::FORMS);
        reader.diagnostics.push(diagnostic);
    }
}
