//! Compares the dependencies between the crates with the table "Allowed arrows" of
//! `docs/internals/architecture.md`.

use std::{collections::BTreeMap, fs};

use crate::pages;

/// A row of the table.
struct Row {
    layer: u32,
    may_depend_on: Vec<String>,
}

#[test]
fn crates_depend_only_on_what_the_table_allows() {
    let rows = table(&pages::text(
        &pages::root().join("docs/internals/architecture.md"),
    ));
    let mut wrong = Vec::new();
    for (name, dependencies) in crates() {
        let Some(row) = rows.get(&name) else {
            wrong.push(format!("{name} is not in the table"));
            continue;
        };
        for dependency in dependencies {
            let Some(other) = rows.get(&dependency) else {
                wrong.push(format!("{name} -> {dependency}, which is not in the table"));
                continue;
            };
            let is_leaf = other.layer == 0;
            if other.layer >= row.layer {
                wrong.push(format!(
                    "{name} (layer {}) -> {dependency} (layer {})",
                    row.layer, other.layer
                ));
            } else if !is_leaf && !row.may_depend_on.contains(&dependency) {
                wrong.push(format!("{name} -> {dependency}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "docs/internals/architecture.md, \"Allowed arrows\", does not allow:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn allowed_arrows_lead_to_lower_layers() {
    let rows = table(&pages::text(
        &pages::root().join("docs/internals/architecture.md"),
    ));
    for (name, row) in &rows {
        for dependency in &row.may_depend_on {
            let layer = rows.get(dependency).map(|other| other.layer);
            assert!(
                layer.is_some_and(|layer| layer < row.layer),
                "the table allows {name} -> {dependency}, which is not in a lower layer"
            );
        }
    }
}

/// The rows `| layer | crate | may depend on |` below the heading "Allowed arrows", by crate.
fn table(page: &str) -> BTreeMap<String, Row> {
    let lines = page
        .lines()
        .skip_while(|line| *line != "## Allowed arrows")
        .skip(1)
        .take_while(|line| !line.starts_with("## "));
    let mut rows = BTreeMap::new();
    for line in lines.filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [layer, name, arrows] = cells[..] else {
            panic!("this row has not three columns: {line}");
        };
        let Ok(layer) = layer.parse() else { continue };
        let may_depend_on = arrows
            .split(',')
            .map(|arrow| full_name(arrow.trim().trim_matches('`')))
            .filter(|arrow| !arrow.is_empty())
            .collect();
        rows.insert(full_name(name.trim_matches('`')), Row { layer, may_depend_on });
    }
    assert!(!rows.is_empty(), "there is no table of the allowed arrows");
    rows
}

/// `pywasm-base` for `base`; the door is `pywasm` itself.
fn full_name(short: &str) -> String {
    if short.is_empty() || short == "pywasm" || short.starts_with("pywasm-") {
        short.to_owned()
    } else {
        format!("pywasm-{short}")
    }
}

/// Each crate below `crates/` with the crates of this workspace that it depends on; those for
/// tests only do not count.
fn crates() -> BTreeMap<String, Vec<String>> {
    let folder = pages::root().join("crates");
    let mut crates = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder of the crates") {
        let folder = entry.expect("a readable folder").path();
        let manifest = folder.join("Cargo.toml");
        if !manifest.is_file() {
            continue;
        }
        let name = folder.file_name().expect("a folder has a name");
        let mut counts = false;
        let mut dependencies = Vec::new();
        for line in pages::text(&manifest).lines() {
            if let Some(section) = line.strip_prefix('[') {
                let section = section.trim_end_matches(']');
                counts = section.ends_with("dependencies") && !section.ends_with("dev-dependencies");
            } else if counts && line.starts_with("pywasm") {
                let end = line.find(['.', ' ', '=']).unwrap_or(line.len());
                dependencies.push(line[..end].to_owned());
            }
        }
        crates.insert(name.to_string_lossy().into_owned(), dependencies);
    }
    crates
}
