//! Reads a `pylock.toml` (PEP 751) into pins for the target.

use std::collections::BTreeMap;

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::normalize;
use pywasm_target::Target;
use serde::Deserialize;

use crate::choose::{Choice, LockedFile, Package};
use crate::declared::Selection;
use crate::error::Error;
use crate::marker::{Marker, Scope};
use crate::requirement_set::RequirementSet;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Lock {
    lock_version: String,
    requires_python: Option<String>,
    #[serde(default)]
    default_groups: Vec<String>,
    #[serde(default)]
    packages: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    name: String,
    version: Option<String>,
    marker: Option<String>,
    requires_python: Option<String>,
    #[serde(default)]
    wheels: Vec<File>,
    sdist: Option<File>,
    archive: Option<File>,
    directory: Option<Directory>,
    vcs: Option<toml::Table>,
}

#[derive(Deserialize)]
struct File {
    name: Option<String>,
    url: Option<String>,
    path: Option<String>,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Directory {
    path: String,
}

impl From<File> for LockedFile {
    fn from(file: File) -> Self {
        Self {
            hash: file
                .hashes
                .get("sha256")
                .map(|digits| format!("sha256:{}", digits.to_lowercase())),
            name: file.name,
            // A path is for those that have it, an address for all.
            path: if file.url.is_some() { None } else { file.path },
            url: file.url,
        }
    }
}

/// Reads the lock.
pub(crate) fn read(
    text: &str,
    selection: &Selection,
    target: &Target,
    choice: Choice<'_>,
) -> Result<RequirementSet, Error> {
    let fault = |text: String| Diagnostic::new(text).with_location(Location::file(choice.file));
    let lock = parse(text, target, choice.file).map_err(Error::project)?;
    let mut groups = selection.groups.clone();
    groups.extend(lock.default_groups.iter().map(|group| normalize(group)));
    let scope = Scope {
        target,
        extras: &selection.extras,
        groups: &groups,
    };
    let mut requirements = RequirementSet {
        file: choice.file.to_owned(),
        ..RequirementSet::default()
    };
    let mut wrong = Vec::new();
    for entry in lock.packages {
        let holds = match entry.marker.as_deref().map(Marker::parse).transpose() {
            Ok(marker) => marker.is_none_or(|marker| marker.holds(scope)),
            Err(error) => {
                wrong.push(fault(error));
                continue;
            }
        };
        if !holds || !takes(entry.requires_python.as_deref(), target) {
            continue;
        }
        let name = normalize(&entry.name);
        if let Some(directory) = entry.directory {
            requirements
                .warnings
                .extend(folder(choice.file, &name, &directory.path));
            continue;
        }
        if entry.vcs.is_some() {
            wrong.push(repository(choice.file, &name));
            continue;
        }
        match choice.pin(&package(entry, name)) {
            Ok(pin) => requirements.pins.push(pin),
            Err(diagnostic) => wrong.push(diagnostic.with_location(Location::file(choice.file))),
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Project(wrong));
    }
    requirements.pins.sort();
    requirements.pins.dedup();
    Ok(requirements)
}

/// Parses the lock, and checks that it is for this pywasm and this Python.
fn parse(text: &str, target: &Target, file: &str) -> Result<Lock, Diagnostic> {
    let fault = |text: String| Diagnostic::new(text).with_location(Location::file(file));
    let lock: Lock = toml::from_str(text).map_err(|error| {
        fault(format!("the file is not a valid lock file: {}", error.message())).with_hint(
            "write the lock again, for example with `uv export --format pylock.toml -o pylock.toml`",
        )
    })?;
    if lock.lock_version != "1" && !lock.lock_version.starts_with("1.") {
        let text = format!(
            "the lock has version {}, but pywasm can only read version 1",
            lock.lock_version
        );
        return Err(fault(text).with_hint("use a newer pywasm, or write the lock with an older tool"));
    }
    if !takes(lock.requires_python.as_deref(), target) {
        let text = format!(
            "the lock is for Python {}, but the base has Python {}",
            lock.requires_python.unwrap_or_default(),
            target.python
        );
        return Err(fault(text).with_hint("lock again for the base's Python"));
    }
    Ok(lock)
}

/// The files of an entry. An archive can be a wheel or a source distribution.
fn package(entry: Entry, name: String) -> Package {
    let is_wheel = |file: &LockedFile| {
        let name = file
            .name
            .as_deref()
            .or(file.url.as_deref())
            .or(file.path.as_deref());
        let path = name.and_then(|text| text.split(['?', '#']).next());
        path.is_some_and(|path| path.ends_with(".whl"))
    };
    let mut package = Package {
        name,
        version: entry.version,
        wheels: entry.wheels.into_iter().map(LockedFile::from).collect(),
        sdist: entry.sdist.map(LockedFile::from),
        is_direct: entry.archive.is_some(),
    };
    match entry.archive.map(LockedFile::from) {
        Some(archive) if is_wheel(&archive) => package.wheels.push(archive),
        Some(archive) => package.sdist = Some(archive),
        None => {}
    }
    package
}

fn takes(requires: Option<&str>, target: &Target) -> bool {
    let python = target.python;
    let release = [python.series.major, python.series.minor, python.micro].map(u64::from);
    let version = pep440_rs::Version::new(release);
    requires.is_none_or(|text| {
        text.parse::<pep440_rs::VersionSpecifiers>()
            .is_ok_and(|versions| versions.contains(&version))
    })
}

/// The warning for a folder in a lock: a member of a workspace. The project itself (`.`) has none.
pub(crate) fn folder(file: &str, name: &str, path: &str) -> Option<Diagnostic> {
    (!matches!(path, "." | "./" | "")).then(|| {
        Diagnostic::new(format!(
            "`{file}` takes `{name}` from the folder `{path}`, which pywasm does not install"
        ))
        .with_hint(format!(
            "if the program needs `{name}`, name the folder of its modules: `paths = [\"{path}/src\"]`"
        ))
    })
}

/// The error for a repository in a lock, which has neither a wheel nor a digest.
pub(crate) fn repository(file: &str, name: &str) -> Diagnostic {
    Diagnostic::new(format!("`{file}` takes `{name}` from a repository, but pywasm installs only wheels"))
        .with_location(Location::file(file))
        .with_hint(format!("build a wheel (`pip wheel --no-deps ...`) and depend on it: `{name} @ file:///...whl`; or check out the repository and name its folder in `paths`"))
}
