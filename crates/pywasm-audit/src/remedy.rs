//! Suggests what to do about a distribution that cannot run: compile it, replace it, or move its
//! work out of the module. The table `replacements.toml` has what is known of single packages.

use std::fs;
use std::sync::OnceLock;

use pywasm_deps::Distribution;
use serde::Deserialize;

use crate::model::{DistributionAudit, FileState, Level, Remedy, RemedyKind, Verdict};
use pep440_rs::Version;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "package")]
    packages: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    since: Option<String>,
    before: Option<String>,
    #[serde(rename = "checked")]
    _checked: Option<String>,
    native: String,
    #[serde(default)]
    replace: Vec<String>,
    fallback: Option<String>,
    compile: Option<String>,
    #[serde(rename = "move")]
    moved: Option<String>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    // The file is part of the program, and a test reads it.
    TABLE.get_or_init(|| toml::from_str(include_str!("replacements.toml")).expect("the table is valid"))
}

/// The advice for packages that the table does not know.
const MOVE: &str = "let something outside the module do the work (a sidecar process or another component), and exchange data through standard input and output, files or an imported interface";

/// The remedies for a distribution; none if nothing is wrong.
pub(crate) fn suggest(audited: &DistributionAudit, distributions: &[Distribution]) -> Vec<Remedy> {
    let mut remedies = Vec::new();
    let mut add = |kind, text: String| remedies.push(Remedy { kind, text });
    let row = row(&audited.name, audited.version.as_deref());
    let fallback = row.and_then(|row| row.fallback.as_ref());
    if audited.level < Level::Warning {
        // Nothing imports it yet, or it is left out: a word on what comes when something does.
        if let Some(fallback) = fallback.filter(|_| !audited.files.is_empty()) {
            add(RemedyKind::Replace, format!("not needed: {fallback}"));
        }
        return remedies;
    }
    if let Some(fallback) = fallback {
        add(RemedyKind::Replace, fallback.clone());
    }
    for text in row.map_or(&[][..], |row| &row.replace) {
        add(RemedyKind::Replace, text.clone());
    }
    let is_blocked = !audited.files.iter().any(|file| file.state >= FileState::Late);
    if is_blocked {
        if row.is_none() {
            let others = audited.blocked_by.join(" and ");
            add(RemedyKind::Replace, format!("do what helps with {others}"));
        }
        return remedies;
    }
    let compile = match row {
        Some(row) => row.compile.clone(),
        None => guess(audited, distributions),
    };
    if let Some(how) = compile {
        let needed = audited.files.iter().find(|file| file.state >= FileState::Late);
        let module = needed
            .and_then(|file| file.module.as_deref())
            .unwrap_or(&audited.name);
        add(
            RemedyKind::Compile,
            format!("from its source, {how}: `[tool.pywasm.extension.\"{module}\"]` with its `sources`"),
        );
    }
    add(
        RemedyKind::Move,
        row.and_then(|row| row.moved.clone())
            .unwrap_or_else(|| MOVE.to_owned()),
    );
    remedies
}

/// If the compiled code is imported under a condition, and the table knows what happens otherwise,
/// the distribution works without it.
pub(crate) fn take_fallback(audited: &mut DistributionAudit) {
    let row = row(&audited.name, audited.version.as_deref());
    let Some(fallback) = row.and_then(|row| row.fallback.as_ref()) else {
        return;
    };
    let late = audited.files.iter().filter(|file| file.state == FileState::Late);
    let mut importers = late.flat_map(|file| &file.importers);
    if audited.verdict == Verdict::Native
        && audited.level == Level::Warning
        && importers.all(|importer| importer.level < Level::Warning || importer.kind == "static")
    {
        audited.verdict = Verdict::Fallback;
        audited.level = Level::None;
        audited.reason = fallback.clone();
    }
}

/// What the compiled code of a distribution is written in, where the table knows.
pub(crate) fn written_in(audited: &DistributionAudit) -> Option<&'static str> {
    row(&audited.name, audited.version.as_deref()).map(|row| row.native.as_str())
}

fn row(name: &str, version: Option<&str>) -> Option<&'static Row> {
    table().packages.iter().find(|row| {
        let fits = |version: &str| {
            let is_from = |bound: &Option<String>, first: bool| match (version.parse::<Version>(), bound) {
                (Ok(version), Some(bound)) => bound.parse().is_ok_and(|bound| (version >= bound) == first),
                _ => true,
            };
            is_from(&row.since, true) && is_from(&row.before, false)
        };
        row.name == name && version.is_none_or(fits)
    })
}

/// Whether an unknown package could be compiled, by what built its wheel.
fn guess(audited: &DistributionAudit, distributions: &[Distribution]) -> Option<String> {
    let own = distributions.iter().find(|one| one.name == audited.name);
    let wheel = own
        .and_then(|own| fs::read_to_string(own.folder.join("WHEEL")).ok())
        .unwrap_or_default();
    let generator = wheel
        .lines()
        .find_map(|line| line.strip_prefix("Generator:"))
        .unwrap_or_default();
    // maturin builds Rust, and there is no way yet to link that.
    let is_rust = generator.contains("maturin") || wheel.contains("setuptools-rust");
    (!is_rust).then(|| "if it is plain C and needs no library that WASI lacks".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{row, table};

    #[test]
    fn rows_are_for_normal_names_and_say_what_to_do() {
        for row in &table().packages {
            assert_eq!(row.name, pywasm_deps::normalize(&row.name));
            let says = !row.replace.is_empty() || row.fallback.is_some() || row.moved.is_some();
            assert!(says, "{} says nothing", row.name);
        }
    }

    #[test]
    fn a_row_may_be_for_some_versions_only() {
        let two = row("pydantic", Some("2.14.3")).expect("a row");
        let one = row("pydantic", Some("1.10.27")).expect("a row");
        assert!(two.fallback.is_none() && one.fallback.is_some());
        assert!(row("jsonschema", Some("4.17.3")).is_none());
        assert!(row("jsonschema", Some("4.26.0")).is_some());
    }
}
