//! Reads `[tool.pywasm.extension.NAME]`, a module of the project that is written in C: its name, its
//! sources as sorted files inside the project, and how to compile them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use toml::de::DeTable;
use walkdir::WalkDir;

use crate::pattern::is_dotted_name;
use crate::source_roots::inside;
use crate::table::{Item, Reader};
use pywasm_diagnostic::{Diagnostic, Location};

/// The keys of `[tool.pywasm.extension.NAME]`.
const KEYS: &[&str] = &["sources", "include-dirs", "defines"];

/// What a source file's name ends in.
const SUFFIX: &str = "c";

/// An extension module to be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The full dotted name that it is imported by.
    pub name: String,
    /// Where the configuration names it.
    pub place: Location,
    /// Its C files, relative to the project's root with `/`, sorted.
    pub sources: Vec<String>,
    /// Folders that headers are looked for in, relative to the project's root with `/`.
    pub include_dirs: Vec<String>,
    /// Macros: `NAME` or `NAME=VALUE`.
    pub defines: Vec<String>,
}

/// One table, as written.
#[derive(Debug)]
pub(crate) struct ExtensionTable {
    name: Item<String>,
    sources: Vec<Item<String>>,
    include_dirs: Vec<Item<String>>,
    defines: Vec<Item<String>>,
}

/// Reads `[tool.pywasm.extension]`.
pub(crate) fn read<'s>(reader: &mut Reader<'s>, tool: &DeTable<'s>) -> Vec<ExtensionTable> {
    let Some(extensions) = reader.table(tool, "extension") else {
        return Vec::new();
    };
    let mut tables = Vec::new();
    for name in reader.keys(extensions) {
        let Some(table) = reader.table(extensions, &name.value) else {
            continue;
        };
        // A dotted name without quotes is a table in a table to TOML.
        let nested = table
            .iter()
            .find(|(key, value)| !KEYS.contains(&key.get_ref().as_ref()) && value.get_ref().is_table());
        if let Some((key, _)) = nested {
            let full = format!("{}.{}", name.value, key.get_ref());
            let message = format!("`{full}` needs quotes, since a dot starts a nested table in TOML");
            let hint = format!("write [tool.pywasm.extension.\"{full}\"]");
            reader.diagnostics.push(
                Diagnostic::new(message)
                    .with_location(name.place.clone())
                    .with_hint(hint),
            );
            continue;
        }
        reader.refuse_unknown(table, &format!("[tool.pywasm.extension.{}]", name.value), KEYS);
        tables.push(ExtensionTable {
            sources: reader.strings(table, "sources"),
            include_dirs: reader.strings(table, "include-dirs"),
            defines: reader.strings(table, "defines"),
            name,
        });
    }
    tables
}

/// Checks the tables against the disk; sorted by name.
pub(crate) fn check(root: &Path, tables: &[ExtensionTable], wrong: &mut Vec<Diagnostic>) -> Vec<Extension> {
    let mut extensions: Vec<Extension> = tables.iter().map(|table| check_one(root, table, wrong)).collect();
    extensions.sort_by(|a, b| a.name.cmp(&b.name));
    extensions
}

fn check_one(root: &Path, table: &ExtensionTable, wrong: &mut Vec<Diagnostic>) -> Extension {
    let name = &table.name;
    // C has no other names for the function that makes the module.
    if !is_dotted_name(&name.value) || !name.value.is_ascii() {
        let message = format!("`extension`: `{}` cannot be the name of a C module", name.value);
        let hint =
            "write the name that Python imports the module by, such as `fastlog` or `\"package._speedups\"`";
        wrong.push(
            Diagnostic::new(message)
                .with_location(name.place.clone())
                .with_hint(hint),
        );
    }
    let mut sources = BTreeSet::new();
    for item in &table.sources {
        match matches(root, &item.value) {
            Ok(files) => sources.extend(files),
            Err(message) => {
                wrong
                    .push(Diagnostic::new(format!("`sources`: {message}")).with_location(item.place.clone()));
            }
        }
    }
    if table.sources.is_empty() {
        wrong.push(
            Diagnostic::new(format!("the extension `{}` has no `sources`", name.value))
                .with_location(name.place.clone())
                .with_hint("list its C files: `sources = [\"fastlog.c\"]`"),
        );
    }
    for item in &table.include_dirs {
        if !inside(root, &item.value).is_some_and(|folder| folder.is_dir()) {
            let message = format!(
                "`include-dirs`: there is no folder `{}` in the project",
                item.value
            );
            wrong.push(Diagnostic::new(message).with_location(item.place.clone()));
        }
    }
    for item in &table.defines {
        if !is_define(&item.value) {
            let message = format!("`defines`: `{}` is not a macro", item.value);
            let hint = "write `NAME` or `NAME=VALUE`";
            wrong.push(
                Diagnostic::new(message)
                    .with_location(item.place.clone())
                    .with_hint(hint),
            );
        }
    }
    let values = |items: &[Item<String>]| items.iter().map(|item| item.value.clone()).collect();
    Extension {
        name: name.value.clone(),
        place: name.place.clone(),
        sources: sources.into_iter().collect(),
        include_dirs: values(&table.include_dirs),
        defines: values(&table.defines),
    }
}

fn is_define(text: &str) -> bool {
    let name = text.split_once('=').map_or(text, |(name, _)| name);
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !text.contains(char::is_control)
}

/// The C files that a glob stands for, relative to `root`.
fn matches(root: &Path, glob: &str) -> Result<Vec<String>, String> {
    let Some(path) = inside(root, glob).filter(|path| path != root) else {
        return Err(format!("`{glob}` is not a path inside the project"));
    };
    let literal: PathBuf = glob
        .split('/')
        .take_while(|part| !part.contains(['*', '?', '[', '{']))
        .collect();
    let files: Vec<PathBuf> = if Path::new(glob) == literal.as_path() {
        if !path.is_file() {
            return Err(format!("there is no file `{glob}`"));
        }
        vec![path]
    } else {
        let matcher = GlobBuilder::new(glob.trim_start_matches("./"))
            .literal_separator(true)
            .build()
            .map_err(|error| format!("`{glob}` is not a glob: {}", error.kind()))?
            .compile_matcher();
        WalkDir::new(root.join(literal))
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .map(walkdir::DirEntry::into_path)
            .filter(|file| file.strip_prefix(root).is_ok_and(|file| matcher.is_match(file)))
            .collect()
    };
    if files.is_empty() {
        return Err(format!("`{glob}` matches no file"));
    }
    let mut names = Vec::new();
    for file in files {
        let name = crate::data::show(root, &file);
        if file.extension().is_none_or(|end| end != SUFFIX) {
            return Err(format!("`{name}` is not a C file (`.{SUFFIX}`)"));
        }
        names.push(name);
    }
    Ok(names)
}
