//! Compares the files, stages, packages, modules and data files of two builds.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Side;
use super::change::{Change, compare};
use crate::{ModuleEntry, Report};

/// The kinds of files that are shipped. Others describe them, or are for the developer.
const SHIPPED: [&str; 7] = ["wasm", "brotli", "gzip", "zstd", "cwasm", "wasmedge", "wasmer"];

/// The folder of dependencies in the guest.
const SITE_PACKAGES: &str = "/site-packages/";

/// Python modules that changed; [`BuiltinChange`](super::BuiltinChange) describes builtin ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ModuleChanges {
    /// The number of modules before.
    pub old: usize,
    /// The number of modules now.
    pub new: usize,
    /// Modules that were added, the largest first.
    #[serde(rename = "in")]
    pub added: Vec<MovedModule>,
    /// Modules that were removed, the largest first.
    #[serde(rename = "out")]
    pub removed: Vec<MovedModule>,
    /// Modules whose size in the image changed.
    pub changed: Vec<Change>,
}

/// A module that was added or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MovedModule {
    /// Its dotted name.
    pub name: String,
    /// `app`, `dependency` or `stdlib`.
    pub origin: String,
    /// Its size in the image.
    pub bytes: u64,
    /// The modules that import it.
    pub imported_by: Vec<String>,
}

pub(super) fn compare_files(old: Option<&Side>, new: &Side) -> Vec<Change> {
    let (before, now) = (old.map(shipped_files).unwrap_or_default(), shipped_files(new));
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

/// Lists the shipped files of a build by the part of the name after the project's name.
fn shipped_files(side: &Side) -> BTreeMap<String, u64> {
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

/// Compares the stages in their order; nothing if a build has no report.
pub(super) fn compare_stages(old: Option<&Report>, new: Option<&Report>) -> Vec<Change> {
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

/// A distribution that was added or removed, or whose version changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DistributionChange {
    /// Its name.
    pub name: String,
    /// Its version before; `None` if it was not there.
    pub old: Option<String>,
    /// Its version now; `None` if it is no longer there.
    pub new: Option<String>,
}

pub(super) fn compare_distributions(old: Option<&Report>, new: Option<&Report>) -> Vec<DistributionChange> {
    let (Some(old), Some(new)) = (old, new) else {
        return Vec::new();
    };
    // Reports of earlier versions list the modules of dependencies but not the distributions.
    let has_distributions = |report: &Report| {
        let mut modules = report.modules.iter();
        !report.distributions.is_empty() || modules.all(|module| module.origin != "dependency")
    };
    if !has_distributions(old) || !has_distributions(new) {
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

pub(super) fn compare_packages(old: Option<&Report>, new: Option<&Report>) -> Vec<Change> {
    match (old, new) {
        (Some(old), Some(new)) => compare(&size_by_package(old), &size_by_package(new)),
        _ => Vec::new(),
    }
}

pub(super) fn compare_objects(old: Option<&Report>, new: Option<&Report>) -> Vec<Change> {
    let by_module = |report: &Report| -> BTreeMap<String, u64> {
        let modules = report.modules.iter();
        modules
            .filter_map(|module| Some((module.name.clone(), module.heap_bytes?)))
            .collect()
    };
    let (Some(old), Some(new)) = (old.map(by_module), new.map(by_module)) else {
        return Vec::new();
    };
    match old.is_empty() || new.is_empty() {
        true => Vec::new(),
        false => compare(&old, &new),
    }
}

fn size_by_package(report: &Report) -> BTreeMap<String, u64> {
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
        add(&mut sizes, owner_of(&file.path), file.bytes);
    }
    sizes
}

fn add(sizes: &mut BTreeMap<String, u64>, name: String, bytes: u64) {
    let size = sizes.entry(name).or_default();
    *size = size.saturating_add(bytes);
}

/// Names the package that a data file belongs to, by its path in the guest.
fn owner_of(path: &str) -> String {
    let Some((_, below)) = path.split_once(SITE_PACKAGES) else {
        let app = path.starts_with("/pywasm/app/");
        return if app { "(app)" } else { "(standard library)" }.to_owned();
    };
    let first = below.split('/').next().unwrap_or(below);
    // A folder like `markdown_it_py-3.0.0.dist-info` changes its name with each version.
    match first
        .strip_suffix(".dist-info")
        .and_then(|name| name.split('-').next())
    {
        Some(name) => format!("{name} (metadata)"),
        None => first.to_owned(),
    }
}

pub(super) fn compare_data(old: Option<&Report>, new: Option<&Report>) -> Vec<Change> {
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

pub(super) fn compare_modules(old: Option<&Report>, new: Option<&Report>) -> ModuleChanges {
    let (Some(old), Some(new)) = (old, new) else {
        return ModuleChanges::default();
    };
    let (before, now) = (python_modules(old), python_modules(new));
    let moved = |these: &BTreeMap<&str, &ModuleEntry>, those: &BTreeMap<&str, &ModuleEntry>| {
        let mut moved: Vec<MovedModule> = these
            .values()
            .filter(|module| !those.contains_key(module.name.as_str()))
            .map(|module| MovedModule {
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
    ModuleChanges {
        old: old.modules.len(),
        new: new.modules.len(),
        added: moved(&now, &before),
        removed: moved(&before, &now),
        changed: compare(&sizes(&before, &now), &sizes(&now, &before)),
    }
}

fn python_modules(report: &Report) -> BTreeMap<&str, &ModuleEntry> {
    let modules = report.modules.iter().filter(|module| module.origin != "builtin");
    modules.map(|module| (module.name.as_str(), module)).collect()
}
