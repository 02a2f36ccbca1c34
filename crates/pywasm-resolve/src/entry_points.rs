//! Makes a table entry for each module that a program can load through `importlib.metadata`.
//!
//! A distribution lists its plugins in `entry_points.txt`, by group; a program that loads them
//! names the group (`entry_points(group="pytest11")`). So each module of a group is an import that
//! waits until the program holds the group's name as a string.

use std::fs;
use std::path::Path;

use crate::request::{Origin, Request};
use crate::tables::{MentionScope, TableEntry};

/// The module that reads entry points.
const READER: &str = "importlib.metadata";

/// Groups of commands for installers. Many programs name them, but none loads them.
const COMMANDS: [&str; 2] = ["console_scripts", "gui_scripts"];

/// A module that an installed distribution names as an entry point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EntryPointModule {
    /// The entry point's group.
    pub(crate) group: String,
    /// The module.
    pub(crate) module: String,
}

/// Lists the modules of the entry points of the project and all installed distributions, sorted.
pub(crate) fn list_entry_points(request: &Request) -> Vec<EntryPointModule> {
    let mut points: Vec<EntryPointModule> = request
        .roots
        .iter()
        .filter(|root| root.origin == Origin::Dependency)
        .flat_map(|root| read_files(&root.path))
        .flat_map(|text| parse(&text))
        .chain(request.own_entry_points.iter().cloned())
        .filter(|(group, _)| !COMMANDS.contains(&group.as_str()))
        .map(|(group, module)| EntryPointModule { group, module })
        .collect();
    points.sort();
    points.dedup();
    points
}

/// Makes the rows for the imports that entry points can make.
pub(crate) fn entry_point_rows(points: &[EntryPointModule]) -> impl Iterator<Item = TableEntry> {
    points
        .iter()
        .map(|EntryPointModule { group, module }| TableEntry {
            imports: vec![module.clone()],
            when: vec![format!("text {group}")],
            reason: format!("An entry point of the group {group}, which the program names."),
            mentions: MentionScope::Program,
            ..TableEntry::for_hook(READER)
        })
}

/// Reads the `entry_points.txt` files of a folder. The finder reports a folder that cannot be listed.
fn read_files(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root).into_iter().flatten().filter_map(Result::ok);
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "dist-info"))
        .filter_map(|path| fs::read_to_string(path.join("entry_points.txt")).ok())
        .collect()
}

/// Parses the groups and modules of one file: sections with lines `name = module:attribute [extras]`.
fn parse(text: &str) -> Vec<(String, String)> {
    let mut group = "";
    let mut points = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            group = name.trim();
        } else if let Some((_, value)) = line.split_once('=') {
            let module = value.split([':', '[']).next().unwrap_or_default().trim();
            if !module.is_empty() && !group.is_empty() {
                points.push((group.to_owned(), module.to_owned()));
            }
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn sections_become_groups_and_values_modules() {
        let text =
            "[console_scripts]\nrun = a.b:main\n\n[x.plugins]\n# none\none = a.c : Class [fast]\ntwo=a\n";
        let points = parse(text);
        let points: Vec<(&str, &str)> = points.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            points,
            [
                ("console_scripts", "a.b"),
                ("x.plugins", "a.c"),
                ("x.plugins", "a")
            ]
        );
    }
}
