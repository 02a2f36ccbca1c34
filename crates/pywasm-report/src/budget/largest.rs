//! Finds the largest parts of a figure; with a baseline, the parts that were added or grew most.
//! Builtin modules are code of the interpreter, so they are listed with it.

use std::collections::{BTreeMap, BTreeSet};

use super::count::{distance, folder_of, matches, plural};
use super::{BudgetTarget, Part};
use crate::{ModuleEntry, Report, Stage, StageOutput, StageRow, format_size};

/// The number of parts that a row lists.
const SHOWN: usize = 5;

/// A part while it is counted.
#[derive(Default)]
struct Share {
    bytes: u64,
    modules: usize,
    files: usize,
    origin: String,
}

/// Lists the largest parts of what `target` counts, the largest first.
pub(super) fn largest_parts(target: &BudgetTarget, report: &Report, baseline: Option<&Report>) -> Vec<Part> {
    let stage = match target {
        BudgetTarget::Stage(stage) => Stage::from_name(stage),
        _ => None,
    };
    let output = stage.map(Stage::output);
    let is_interpreter = output == Some(StageOutput::Interpreter);
    let is_whole = !matches!(target, BudgetTarget::Modules | BudgetTarget::Package(_))
        && output != Some(StageOutput::Graph);
    let has_snapshot = is_whole && !is_interpreter && stage != Some(Stage::Bundle);
    let mut parts = match target {
        BudgetTarget::Modules => module_counts(report, baseline),
        _ if is_interpreter => Vec::new(),
        _ => image_parts(target, report, baseline, has_snapshot),
    };
    if is_whole {
        let bytes = |report: &Report| match stage {
            Some(stage) if is_interpreter => bytes_out(report, stage),
            _ => bytes_out(report, Stage::Optimize).or_else(|| bytes_out(report, Stage::Shake)),
        };
        parts.extend(interpreter(report, baseline, bytes));
    }
    if has_snapshot {
        let old = baseline.and_then(snapshot);
        let counts = match (baseline, old) {
            (None, _) => "memory of the started interpreter".to_owned(),
            (_, None) => "memory of the started interpreter; new".to_owned(),
            (_, Some(old)) => format!("memory of the started interpreter; it was {}", format_size(old)),
        };
        parts.extend(snapshot(report).map(|bytes| Part {
            name: "snapshot".to_owned(),
            counts,
            amount: change(bytes, old.unwrap_or(0)),
        }));
    }
    parts.retain(|part| part.amount > 0);
    parts.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.name.cmp(&b.name)));
    parts.truncate(SHOWN);
    parts
}

fn change(new: u64, old: u64) -> i64 {
    let change = i128::from(new) - i128::from(old);
    i64::try_from(change).unwrap_or(if change < 0 { i64::MIN } else { i64::MAX })
}

fn bytes_out(report: &Report, stage: Stage) -> Option<u64> {
    Some(row(report, stage)?.bytes_out)
}

fn row(report: &Report, stage: Stage) -> Option<&StageRow> {
    report.stages.iter().find(|row| row.stage == stage.name())
}

/// What the snapshot adds, but for the objects of modules, which stand there in the place of their
/// code in the image.
fn snapshot(report: &Report) -> Option<u64> {
    let row = row(report, Stage::Preinit)?;
    let modules = report.modules.iter().filter(|module| module.origin != "builtin");
    let (mut image, mut heap) = (0_u64, 0_u64);
    for module in modules {
        if let Some(bytes) = module.heap_bytes {
            image = image.saturating_add(module.image_bytes);
            heap = heap.saturating_add(bytes);
        }
    }
    let before = row.bytes_in.saturating_add(heap);
    Some(row.bytes_out.saturating_add(image).saturating_sub(before))
}

fn interpreter(
    report: &Report,
    baseline: Option<&Report>,
    bytes: impl Fn(&Report) -> Option<u64>,
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
                [] => "code and data; no new builtin modules".to_owned(),
                new => format!("code and data; new builtin modules: {}", new.join(", ")),
            }
        }
    };
    Some(Part {
        name: "interpreter".to_owned(),
        counts,
        amount: change(bytes(report)?, baseline.and_then(bytes).unwrap_or(0)),
    })
}

/// Lists modules and data files by top package, or one by one if `target` is a pattern. With
/// `has_snapshot`, modules that are in the snapshot count by their objects there.
fn image_parts(
    target: &BudgetTarget,
    report: &Report,
    baseline: Option<&Report>,
    has_snapshot: bool,
) -> Vec<Part> {
    let pattern = match target {
        BudgetTarget::Package(pattern) => Some(pattern.as_str()),
        _ => None,
    };
    let is_source = matches!(target, BudgetTarget::Stage(stage) if stage == Stage::Resolve.name());
    let bytes = |module: &ModuleEntry| match is_source {
        true => module.source_bytes,
        false => module
            .heap_bytes
            .filter(|_| has_snapshot)
            .unwrap_or(module.image_bytes),
    };
    let new = shares(report, pattern, !is_source, bytes);
    let old = baseline.map(|baseline| shares(baseline, pattern, !is_source, bytes));
    let kind = match (is_source, has_snapshot) {
        (true, _) => "source bytes",
        (false, true) => "bytes",
        (false, false) => "image bytes",
    };
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
            Some(Some(before)) => format!("; it was {}", format_size(before)),
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
        None => top_package(name).to_owned(),
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
        let folder = folder_of(&file.path);
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

/// Counts the modules of each top package.
fn module_counts(report: &Report, baseline: Option<&Report>) -> Vec<Part> {
    let count = |report: &Report| {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for module in &report.modules {
            *counts.entry(top_package(&module.name).to_owned()).or_default() += 1;
        }
        counts
    };
    let old = baseline.map(count);
    let part = |(name, count): (String, u64)| {
        let before = old.as_ref().map(|old| old.get(&name).copied().unwrap_or(0));
        let counts = match before {
            None => "modules".to_owned(),
            Some(0) => format!("modules; new{}", importer(report, &name)),
            Some(before) => format!("modules; there were {before}"),
        };
        Part {
            amount: change(count, before.unwrap_or(0)),
            name,
            counts,
        }
    };
    count(report).into_iter().map(part).collect()
}

/// Names the module outside of the package that imports `name`.
fn importer(report: &Report, name: &str) -> String {
    let module = report.modules.iter().find(|module| module.name == name);
    let importers = module.into_iter().flat_map(|module| &module.imported_by);
    let outside = importers.filter(|by| top_package(by) != top_package(name));
    let outside = outside.min_by_key(|by| distance(report, by));
    outside.map_or_else(String::new, |by| format!(", imported by {by}"))
}

fn top_package(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
