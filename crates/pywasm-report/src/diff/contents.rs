//! Two reports in, how the files, stages, packages, modules and data files changed out.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Side;
use super::change::{Change, compare};
use crate::{ModuleEntry, Report};

/// Kinds of files that are shipped; others tell of them, or are for the developer.
const SHIPPED: [&str; 7] = ["wasm", "brotli", "gzip", "zstd", "cwasm", "wasmedge", "wasmer"];

/// Where dependencies stand in the guest.
const SITE_PACKAGES: &str = "/site-packages/";

/// Python modules that changed; builtin ones stand elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Modules {
    /// How many there were.
    pub old: usize,
    /// How many there are.
    pub new: usize,
    /// Those that came in, the largest first.
    #[serde(rename = "in")]
    pub came: Vec<Moved>,
    /// Those that left, the largest first.
    #[serde(rename = "out")]
    pub left: Vec<Moved>,
    /// Those whose bytes in the image changed.
    pub changed: Vec<Change>,
}

/// A module that came or left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Its dotted name.
    pub name: String,
    /// `app`, `dependency` or `stdlib`.
    pub origin: String,
    /// What it takes in the image.
    pub bytes: u64,
    /// The modules that import it.
    pub imported_by: Vec<String>,
}

pub(super) fn files(old: Option<&Side>, new: &Side) -> Vec<Change> {
    let (before, now) = (old.map(shipped).unwrap_or_default(), shipped(new));
    let project = |side: &Side| side.report.as_ref().map(|report| report.project.name.clone());
    let name = project(new).or_else(|| old.and_then(project));
    let mut changes = Vec::new();
    for ending in before
        .keys()
        .chain(now.keys().filter(|ending| !before.contains_key(*ending)))
    {
        let shown = match &name {
            Some(name) => format!("{name}.{ending}"),
            None => format!(".{ending}"),
        };
        changes.push(Change::new(
            shown,
            before.get(ending).copied(),
            now.get(ending).copied(),
        ));
    }
    changes.sort_by(|a, b| a.name.len().cmp(&b.name.len()).then_with(|| a.name.cmp(&b.name)));
    changes
}

/// The files of a side, by what follows the project's name.
fn shipped(side: &Side) -> BTreeMap<String, u64> {
    let Some(report) = &side.report else {
        return side.files.clone();
    };
    let ending = |file: &str| {
        let rest = file.strip_prefix(&report.project.name)?;
        Some(rest.strip_prefix('.')?.to_owned())
    };
    let shipped = report.artifacts.iter();
    shipped
        .filter(|artifact| SHIPPED.contains(&artifact.kind.as_str()))
        .map(|artifact| {
            (
                ending(&artifact.file).unwrap_or_else(|| artifact.file.clone()),
                artifact.bytes,
            )
        })
        .collect()
}

/// The stages in their order; where a side has no report, there is nothing to compare.
pub(super) fn stages(old: Option<&Report>, new: Option<&Report>) -> Vec<Change> {
    let (Some(old), Some(new)) = (old, new) else {
        return Vec::new();
    };
    let find = |report: &Report, name: &str| {
        let mut stages = report.stages.iter();
        Some(stages.find(|stage| stage.stage == name)?.bytes_out)
    };
    let left = old
        .stages
        .iter()
        .filter(|stage| find(new, &stage.stage).is_none());
    new.stages
        .iter()
        .chain(left)
        .map(|stage| Change::new(&stage.stage, find(old, &stage.stage), find(new, &stage.stage)))
        .collect()
}

/// A distribution that came, left or is of another version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DistributionChange {
    /// Its name.
    pub name: String,
    /// Its version before; `None` where it was not there.
    pub old: Option<String>,
    /// Its version now; `None` where it is not there any more.
    pub new: Option<String>,
}

pub(super) fn distributions(old: Option<&Report>, new: Option<&Report>) -> Vec<DistributionChange> {
    let (Some(old), Some(new)) = (old, new) else {
        return Vec::new();
    };
    // The reports of earlier versions have dependencies and do not name them.
    let is_told = |report: &Report| {
        let mut modules = report.modules.iter();
        !report.distributions.is_empty() || modules.all(|module| module.origin != "dependency")
    };
    if !is_told(old) || !is_told(new) {
        return Vec::new();
    }
    let mut versions: BTreeMap<&str, [Option<&str>; 2]> = BTreeMap::new();
    for (side, report) in [old, new].into_iter().enumerate() {
        for distribution in &report.distributions {
            versions.entry(&distribution.name).or_default()[side] = Some(&distribution.version);
        }
    }
    let versions = versions.into_iter().filter(|(_, [old, new])| old != new);
    versions
        .map(|(name, [old, new])| DistributionChange {
            name: name.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        })
        .collect()
}

pub(super) fn packages(old: Option<&Report>, new: Option<&Report>) -> Vec<Change> {
    match (old, new) {
        (Some(old), Some(new)) => compare(&by_package(old), &by_package(new)),
        _ => Vec::new(),
    }
}

fn by_package(report: &Report) -> BTreeMap<String, u64> {
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    let modules = report.modules.iter().filter(|module| module.origin != "builtin");
    for module in modules {
        let name = match module.origin.as_str() {
            "dependency" => module.name.split('.').next().unwrap_or(&module.name).to_owned(),
            "stdlib" => "(standard library)".to_owned(),
            _ => "(app)".to_owned(),
        };
        add(&mut sizes, name, module.image_bytes);
    }
    for file in &report.data {
        add(&mut sizes, owner(&file.path), file.bytes);
    }
    sizes
}

fn add(sizes: &mut BTreeMap<String, u64>, name: String, bytes: u64) {
    let size = sizes.entry(name).or_default();
    *size = size.saturating_add(bytes);
}

/// Whose a data file is, by its path in the guest.
fn owner(path: &str) -> String {
    let Some((_, below)) = path.split_once(SITE_PACKAGES) else {
        let app = path.starts_with("/pywasm/app/");
        return if app { "(app)" } else { "(standard library)" }.to_owned();
    };
    let first = below.split('/').next().unwrap_or(below);
    // `markdown_it_py-3.0.0.dist-info` is of no package by its own word; its version changes.
    match first
        .strip_suffix(".dist-info")
        .and_then(|name| name.split('-').next())
    {
        Some(name) => format!("{name} (metadata)"),
        None => first.to_owned(),
    }
}

pub(super) fn data(old: Option<&Report>, new: Option<&Report>) -> Vec<Change> {
    let by_path = |report: &Report| -> BTreeMap<String, u64> {
        report
            .data
            .iter()
            .map(|file| (file.path.clone(), file.bytes))
            .collect()
    };
    match (old, new) {
        (Some(old), Some(new)) => compare(&by_path(old), &by_path(new)),
        _ => Vec::new(),
    }
}

pub(super) fn modules(old: Option<&Report>, new: Option<&Report>) -> Modules {
    let (Some(old), Some(new)) = (old, new) else {
        return Modules::default();
    };
    let (before, now) = (python(old), python(new));
    let moved = |these: &BTreeMap<&str, &ModuleEntry>, those: &BTreeMap<&str, &ModuleEntry>| {
        let mut moved: Vec<Moved> = these
            .values()
            .filter(|module| !those.contains_key(module.name.as_str()))
            .map(|module| Moved {
                name: module.name.clone(),
                origin: module.origin.clone(),
                bytes: module.image_bytes,
                imported_by: module.imported_by.clone(),
            })
            .collect();
        moved.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
        moved
    };
    let sizes = |these: &BTreeMap<&str, &ModuleEntry>, those: &BTreeMap<&str, &ModuleEntry>| {
        let both = these
            .values()
            .filter(|module| those.contains_key(module.name.as_str()));
        both.map(|module| (module.name.clone(), module.image_bytes))
            .collect::<BTreeMap<_, _>>()
    };
    Modules {
        old: old.modules.len(),
        new: new.modules.len(),
        came: moved(&now, &before),
        left: moved(&before, &now),
        changed: compare(&sizes(&before, &now), &sizes(&now, &before)),
    }
}

fn python(report: &Report) -> BTreeMap<&str, &ModuleEntry> {
    let modules = report.modules.iter().filter(|module| module.origin != "builtin");
    modules.map(|module| (module.name.as_str(), module)).collect()
}
