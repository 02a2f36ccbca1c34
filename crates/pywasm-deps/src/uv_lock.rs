//! Reads a `uv.lock` into pins for the target. The lock has every distribution for every platform; a
//! walk from the project's own entry finds those that are needed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::normalize;
use pywasm_target::Target;
use serde::Deserialize;

use crate::choose::{Choice, LockedFile, Package};
use crate::declared::Selection;
use crate::error::Error;
use crate::marker::{Marker, Scope};
use crate::pylock::{folder, repository};
use crate::requirement_set::RequirementSet;

#[derive(Deserialize)]
struct Lock {
    version: u32,
    #[serde(default)]
    package: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    name: String,
    version: Option<String>,
    source: BTreeMap<String, toml::Value>,
    #[serde(default)]
    resolution_markers: Vec<String>,
    #[serde(default)]
    dependencies: Vec<Edge>,
    #[serde(default)]
    optional_dependencies: BTreeMap<String, Vec<Edge>>,
    #[serde(default)]
    dev_dependencies: BTreeMap<String, Vec<Edge>>,
    sdist: Option<File>,
    #[serde(default)]
    wheels: Vec<File>,
}

#[derive(Deserialize)]
struct Edge {
    name: String,
    version: Option<String>,
    source: Option<BTreeMap<String, toml::Value>>,
    marker: Option<String>,
    #[serde(default)]
    extra: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    url: Option<String>,
    path: Option<String>,
    filename: Option<String>,
    hash: Option<String>,
}

impl From<&File> for LockedFile {
    fn from(file: &File) -> Self {
        Self {
            name: file.filename.clone(),
            url: file.url.clone(),
            path: file.path.clone(),
            hash: file.hash.clone(),
        }
    }
}

impl Entry {
    fn source(&self, kind: &str) -> Option<&str> {
        self.source.get(kind)?.as_str()
    }

    /// Its folder, if it is one and not a distribution.
    fn folder(&self) -> Option<&str> {
        ["editable", "virtual", "directory"]
            .into_iter()
            .find_map(|kind| self.source(kind))
    }
}

/// Reads the lock; `own` is the project's name.
pub(crate) fn read(
    text: &str,
    own: Option<&str>,
    selection: &Selection,
    target: &Target,
    choice: Choice<'_>,
) -> Result<RequirementSet, Error> {
    let (lock, root) = parse(text, own, choice.file).map_err(Error::project)?;
    let extras = extras_in_markers(&normalize(&lock.package[root].name), selection);
    let mut walk = Walk {
        lock: &lock,
        scope: Scope {
            target,
            extras: &extras,
            groups: &selection.groups,
        },
        reached: BTreeSet::new(),
        queue: Vec::new(),
        wrong: Vec::new(),
    };
    walk.run(root, selection);
    let Walk {
        reached, mut wrong, ..
    } = walk;
    let mut requirements = RequirementSet {
        file: choice.file.to_owned(),
        ..RequirementSet::default()
    };
    let reached: BTreeSet<usize> = reached
        .into_iter()
        .map(|(at, _)| at)
        .filter(|at| *at != root)
        .collect();
    for at in reached {
        let entry = &lock.package[at];
        let name = normalize(&entry.name);
        if let Some(path) = entry.folder() {
            requirements.warnings.extend(folder(choice.file, &name, path));
        } else if entry.source("git").is_some() {
            wrong.push(repository(choice.file, &name));
        } else {
            match choice.pin(&package(entry, name)) {
                Ok(pin) => requirements.pins.push(pin),
                Err(diagnostic) => wrong.push(diagnostic.with_location(Location::file(choice.file))),
            }
        }
    }
    if !wrong.is_empty() {
        wrong.sort();
        wrong.dedup();
        return Err(Error::Project(wrong));
    }
    requirements.pins.sort();
    requirements.warnings.sort();
    Ok(requirements)
}

/// Parses the lock, and finds the number of the project's own entry.
fn parse(text: &str, own: Option<&str>, file: &str) -> Result<(Lock, usize), Diagnostic> {
    let fault = |text: String| Diagnostic::new(text).with_location(Location::file(file));
    let lock: Lock = toml::from_str(text).map_err(|error| {
        fault(format!("the file is not a valid lock file: {}", error.message()))
            .with_hint("write the lock again: `uv lock`")
    })?;
    if lock.version != 1 {
        let text = format!(
            "the lock has version {}, but pywasm can only read version 1",
            lock.version
        );
        return Err(fault(text).with_hint(
            "write a lock that pywasm can read: `uv export --format pylock.toml -o pylock.toml`",
        ));
    }
    let own = own.map(normalize);
    let by_folder = |entry: &Entry| matches!(entry.folder(), Some("." | ""));
    let by_name = |entry: &Entry| Some(normalize(&entry.name)) == own;
    let root = lock.package.iter().position(by_folder);
    match root.or_else(|| lock.package.iter().position(by_name)) {
        Some(root) => Ok((lock, root)),
        None => Err(fault("the lock has no entry for the project itself".to_owned())
            .with_hint("write the lock again: `uv lock`")),
    }
}

/// The extras as markers of the lock name them: also in the form that uv writes for extras and
/// groups that exclude each other.
fn extras_in_markers(name: &str, selection: &Selection) -> Vec<String> {
    let length = name.len();
    let own = selection.extras.iter().cloned();
    let extras = selection
        .extras
        .iter()
        .map(|extra| format!("extra-{length}-{name}-{extra}"));
    let groups = selection
        .groups
        .iter()
        .map(|group| format!("group-{length}-{name}-{group}"));
    own.chain(extras).chain(groups).collect()
}

fn package(entry: &Entry, name: String) -> Package {
    let mut wheels: Vec<LockedFile> = entry.wheels.iter().map(LockedFile::from).collect();
    // The file of a source that is a path or an address; the lists hold only its name then.
    let (path, url) = (entry.source("path"), entry.source("url"));
    if path.is_some() || url.is_some() {
        for wheel in &mut wheels {
            wheel.path = path.map(str::to_owned);
            wheel.url = url.map(str::to_owned);
        }
    } else if let Some(registry) = entry
        .source("registry")
        .filter(|registry| !registry.contains("://"))
    {
        // An index that is a folder: its files' paths count from there.
        for wheel in &mut wheels {
            let path = wheel.path.take().map(|path| Path::new(registry).join(path));
            wheel.path = path.map(|path| path.to_string_lossy().into_owned());
        }
    }
    Package {
        name,
        version: entry.version.clone(),
        wheels,
        sdist: entry.sdist.as_ref().map(LockedFile::from),
        is_direct: path.is_some() || url.is_some(),
    }
}

struct Walk<'l> {
    lock: &'l Lock,
    scope: Scope<'l>,
    /// Entries, each without an extra and with every extra that is requested.
    reached: BTreeSet<(usize, Option<String>)>,
    queue: Vec<(usize, Option<String>)>,
    wrong: Vec<Diagnostic>,
}

impl Walk<'_> {
    /// Follows everything that the project's own entry needs with the chosen extras and groups.
    fn run(&mut self, root: usize, selection: &Selection) {
        let lock = self.lock;
        self.reach(root, None);
        for extra in &selection.extras {
            self.reach(root, Some(extra.clone()));
        }
        for group in &selection.groups {
            let mut all = lock.package[root].dev_dependencies.iter();
            if let Some((_, edges)) = all.find(|(name, _)| normalize(name) == *group) {
                self.follow(edges);
            }
        }
        while let Some((at, extra)) = self.queue.pop() {
            let entry = &lock.package[at];
            match extra {
                None => self.follow(&entry.dependencies),
                Some(extra) => {
                    let mut all = entry.optional_dependencies.iter();
                    if let Some((_, edges)) = all.find(|(name, _)| normalize(name) == extra) {
                        self.follow(edges);
                    }
                }
            }
        }
    }

    fn reach(&mut self, at: usize, extra: Option<String>) {
        if self.reached.insert((at, extra.clone())) {
            self.queue.push((at, extra));
        }
    }

    fn follow(&mut self, edges: &[Edge]) {
        for edge in edges {
            if !self.holds(edge.marker.as_deref()) {
                continue;
            }
            match self.find(edge) {
                Some(at) => {
                    self.reach(at, None);
                    for extra in &edge.extra {
                        self.reach(at, Some(normalize(extra)));
                    }
                }
                None => {
                    let text = format!(
                        "the lock has no entry for `{}`, which another entry needs",
                        edge.name
                    );
                    self.wrong
                        .push(Diagnostic::new(text).with_hint("write the lock again: `uv lock`"));
                }
            }
        }
    }

    fn holds(&mut self, marker: Option<&str>) -> bool {
        match marker.map(Marker::parse).transpose() {
            Ok(marker) => marker.is_none_or(|marker| marker.holds(self.scope)),
            Err(error) => {
                self.wrong.push(Diagnostic::new(error));
                false
            }
        }
    }

    /// Finds the entry of an edge, which names version and source only if its name is ambiguous. Entries
    /// of one name for different platforms say for which.
    fn find(&mut self, edge: &Edge) -> Option<usize> {
        let fits = |entry: &Entry| {
            entry.name == edge.name
                && edge
                    .version
                    .as_ref()
                    .is_none_or(|version| entry.version.as_ref() == Some(version))
                && edge.source.as_ref().is_none_or(|source| entry.source == *source)
        };
        let lock = self.lock;
        let found: Vec<usize> = (0..lock.package.len())
            .filter(|at| fits(&lock.package[*at]))
            .collect();
        let here = found.iter().copied().find(|at| {
            let markers = &lock.package[*at].resolution_markers;
            markers.is_empty() || markers.iter().any(|marker| self.holds(Some(marker)))
        });
        here.or(found.first().copied())
    }
}
