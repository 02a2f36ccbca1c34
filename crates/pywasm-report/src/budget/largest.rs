//! What a figure is made of: a report, and maybe an earlier one, in; the largest parts, or those
//! that came in or grew most, out. Builtin modules are code of the interpreter, so their names
//! stand with it.

use std::collections::{BTreeMap, BTreeSet};

use super::count::{distance, folder, matches, plural};
use super::{Part, Subject};
use crate::{ModuleEntry, Report, Stage, StageOutput, StageRow, human};

/// How many parts are told.
const TOLD: usize = 5;

/// A part while it is counted.
#[derive(Default)]
struct Share {
    bytes: u64,
    modules: usize,
    files: usize,
    origin: String,
}

/// The largest parts of what `subject` counts, the largest first.
pub(super) fn largest(subject: &Subject, report: &Report, baseline: Option<&Report>) -> Vec<Part> {
    let stage = match subject {
        Subject::Stage(stage) => Stage::named(stage),
        _ => None,
    };
    let output = stage.map(Stage::output);
    let is_interpreter = output == Some(StageOutput::Interpreter);
    let mut parts = match subject {
        Subject::Modules => counted(report, baseline),
        _ if is_interpreter => Vec::new(),
        _ => imaged(subject, report, baseline),
    };
    let is_whole =
        !matches!(subject, Subject::Modules | Subject::Package(_)) && output != Some(StageOutput::Graph);
    if is_whole {
        let of = |report: &Report| match stage {
            Some(stage) if is_interpreter => out(report, stage),
            _ => out(report, Stage::Optimize).or_else(|| out(report, Stage::Shake)),
        };
        parts.extend(interpreter(report, baseline, of));
    }
    if is_whole && !is_interpreter && stage != Some(Stage::Bundle) {
        let old = baseline.and_then(snapshot);
        let counts = match (baseline, old) {
            (None, _) => "the started interpreter's memory".to_owned(),
            (_, None) => "the started interpreter's memory; new".to_owned(),
            (_, Some(old)) => format!("the started interpreter's memory; it had {}", human(old)),
        };
        parts.extend(snapshot(report).map(|bytes| Part {
            name: "snapshot".to_owned(),
            counts,
            amount: change(bytes, old.unwrap_or(0)),
        }));
    }
    parts.retain(|part| part.amount > 0);
    parts.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.name.cmp(&b.name)));
    parts.truncate(TOLD);
    parts
}

fn change(new: u64, old: u64) -> i64 {
    let change = i128::from(new) - i128::from(old);
    i64::try_from(change).unwrap_or(if change < 0 { i64::MIN } else { i64::MAX })
}

fn out(report: &Report, stage: Stage) -> Option<u64> {
    Some(row(report, stage)?.bytes_out)
}

fn row(report: &Report, stage: Stage) -> Option<&StageRow> {
    report.stages.iter().find(|row| row.stage == stage.name())
}

fn snapshot(report: &Report) -> Option<u64> {
    let row = row(report, Stage::Preinit)?;
    Some(row.bytes_out.saturating_sub(row.bytes_in))
}

fn interpreter(
    report: &Report,
    baseline: Option<&Report>,
    of: impl Fn(&Report) -> Option<u64>,
) -> Option<Part> {
    let builtins = |report: &Report| -> BTreeSet<String> {
        let modules = report.modules.iter().filter(|module| module.origin == "builtin");
        modules.map(|module| module.name.clone()).collect()
    };
    let all = builtins(report);
    let counts = match baseline {
        None => format!("code and data, with {}", plural(all.len(), "builtin module")),
        Some(old) => {
            let new: Vec<String> = all.difference(&builtins(old)).cloned().collect();
            match new.as_slice() {
                [] => "code and data; no new builtin module".to_owned(),
                new => format!("code and data; new in it: {}", new.join(", ")),
            }
        }
    };
    Some(Part {
        name: "interpreter".to_owned(),
        counts,
        amount: change(of(report)?, baseline.and_then(of).unwrap_or(0)),
    })
}

/// Modules and data files: by top package, those of a pattern each for itself.
fn imaged(subject: &Subject, report: &Report, baseline: Option<&Report>) -> Vec<Part> {
    let pattern = match subject {
        Subject::Package(pattern) => Some(pattern.as_str()),
        _ => None,
    };
    let is_source = matches!(subject, Subject::Stage(stage) if stage == Stage::Resolve.name());
    let bytes = |module: &ModuleEntry| match is_source {
        true => module.source_bytes,
        false => module.image_bytes,
    };
    let new = shares(report, pattern, !is_source, bytes);
    let old = baseline.map(|baseline| shares(baseline, pattern, !is_source, bytes));
    let kind = if is_source { "source bytes" } else { "image bytes" };
    let part = |(name, share): (&String, &Share)| {
        let mut counts = match (share.modules, share.files) {
            (0, _) => "a data file".to_owned(),
            (modules, 0) => format!("{kind} of {}", plural(modules, "module")),
            (modules, files) => format!(
                "{kind} of {}, {}",
                plural(modules, "module"),
                plural(files, "data file")
            ),
        };
        if !share.origin.is_empty() {
            counts += &format!(", {}", share.origin);
        }
        let before = old.as_ref().map(|old| old.get(name).map(|share| share.bytes));
        counts += &match before {
            None => String::new(),
            Some(None) => format!("; new{}", importer(report, name)),
            Some(Some(before)) => format!("; it had {}", human(before)),
        };
        Part {
            name: name.clone(),
            counts,
            amount: change(share.bytes, before.flatten().unwrap_or(0)),
        }
    };
    new.iter().map(part).collect()
}

fn shares(
    report: &Report,
    pattern: Option<&str>,
    with_files: bool,
    bytes: impl Fn(&ModuleEntry) -> u64,
) -> BTreeMap<String, Share> {
    let mut shares: BTreeMap<String, Share> = BTreeMap::new();
    let name_of = |name: &str| match pattern {
        Some(_) => name.to_owned(),
        None => top(name).to_owned(),
    };
    let is_meant = |name: &str| pattern.is_none_or(|pattern| matches(pattern, name));
    for module in report
        .modules
        .iter()
        .filter(|module| is_meant(&module.name) && module.origin != "builtin")
    {
        let share = shares.entry(name_of(&module.name)).or_default();
        share.bytes = share.bytes.saturating_add(bytes(module));
        share.modules += 1;
        share.origin.clone_from(&module.origin);
    }
    for file in report.data.iter().filter(|_| with_files) {
        let folder = folder(&file.path);
        if !is_meant(&folder) {
            continue;
        }
        let name = match shares.contains_key(&name_of(&folder)) {
            true if pattern.is_none() => name_of(&folder),
            _ => file.path.clone(),
        };
        let share = shares.entry(name).or_default();
        share.bytes = share.bytes.saturating_add(file.bytes);
        share.files += 1;
    }
    shares
}

/// How many modules each top package has.
fn counted(report: &Report, baseline: Option<&Report>) -> Vec<Part> {
    let count = |report: &Report| {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for module in &report.modules {
            *counts.entry(top(&module.name).to_owned()).or_default() += 1;
        }
        counts
    };
    let old = baseline.map(count);
    let part = |(name, count): (String, u64)| {
        let before = old.as_ref().map(|old| old.get(&name).copied().unwrap_or(0));
        let counts = match before {
            None => "modules".to_owned(),
            Some(0) => format!("modules; new{}", importer(report, &name)),
            Some(before) => format!("modules; it had {before}"),
        };
        Part {
            amount: change(count, before.unwrap_or(0)),
            name,
            counts,
        }
    };
    count(report).into_iter().map(part).collect()
}

/// Who imports a module, from outside of its package.
fn importer(report: &Report, name: &str) -> String {
    let module = report.modules.iter().find(|module| module.name == name);
    let importers = module.into_iter().flat_map(|module| &module.imported_by);
    let outside = importers.filter(|by| top(by) != top(name));
    let outside = outside.min_by_key(|by| distance(report, by));
    outside.map_or_else(String::new, |by| format!(", imported by {by}"))
}

fn top(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
