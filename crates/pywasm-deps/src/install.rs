//! Installs a project's dependencies and returns the folders to import them from. An installation is
//! kept in the user's cache under a digest of all its inputs, so it is made only once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pywasm_diagnostic::Diagnostic;
use pywasm_digest::{Digest, Hasher};
use pywasm_host::Progress;
use pywasm_project::{Project, Spanned, normalize};
use serde::{Deserialize, Serialize};

use crate::distribution::{Distribution, distributions};
use crate::error::{Error, IoContext as _};
use crate::installer::{InstallOutcome, Installer, Order, Tool};
use crate::marker::Scope;
use crate::requirement::{Requirement, VersionOrUrl};
use crate::requirement_set::{FileLocation, RequirementSet};
use crate::staging::{publish, stage};
use crate::{sources, tree, venv, wheel};
use pywasm_target::Target;

/// Raised when the same inputs give another folder.
const VERSION: &str = "3";

/// The file beside an installed folder that describes it.
const ABOUT: &str = "install.json";

/// How to install.
#[derive(Debug, Clone)]
pub struct InstallRequest {
    /// The platform, and the artifact's Python.
    pub target: Target,
    /// The user's cache folder; installed folders stand below it.
    pub cache: PathBuf,
    /// Where the installer keeps what it fetches; by default, where it is configured to.
    pub installer_cache: Option<PathBuf>,
    /// Whether everything has to be pinned by a lock file, with digests.
    pub locked: bool,
    /// Whether what is not pinned is resolved again.
    pub upgrade: bool,
    /// Whether the network is not used.
    pub offline: bool,
    /// The program to install with; by default `uv` if it exists, else `pip`.
    pub installer: Option<Installer>,
}

/// What a project's dependencies are imported from.
#[derive(Debug, Default)]
pub struct Installation {
    /// Import roots; the first is the `site-packages`. Empty if there is nothing to install.
    pub roots: Vec<PathBuf>,
    /// How many distributions were installed; 0 if they were installed before.
    pub made: usize,
    /// Warnings for the user.
    pub warnings: Vec<Diagnostic>,
}

/// The content of [`ABOUT`]: messages with their hints, more import roots below the folder, and the
/// digests of the wheels by the names of their distributions.
#[derive(Serialize, Deserialize)]
struct About {
    warnings: Vec<(String, Option<String>)>,
    roots: Vec<String>,
    wheels: BTreeMap<String, Digest>,
}

/// The digests of the wheels that a folder was filled from, by normalised name; empty for a folder
/// that pywasm did not fill.
pub(crate) fn wheels(site: &Path) -> BTreeMap<String, Digest> {
    let about = site.parent().and_then(|folder| fs::read(folder.join(ABOUT)).ok());
    let about = about.and_then(|text| serde_json::from_slice::<About>(&text).ok());
    about.map(|about| about.wheels).unwrap_or_default()
}

/// Installs what the project depends on, unless it is installed already or not wanted.
///
/// # Errors
/// When the project's files are wrong, the installer fails, or what it installs is refused.
/// Nothing of it is kept then.
pub fn install(
    project: &Project,
    request: &InstallRequest,
    progress: &dyn Progress,
) -> Result<Installation, Error> {
    let target = request.target;
    let dependencies = &project.dependencies;
    if dependencies.no_install {
        return Ok(Installation::default());
    }
    if let Some(venv) = &dependencies.venv {
        return use_venv(project, venv, &target);
    }
    if dependencies.requirements.is_empty() && are_installed(project, &target)? {
        return Ok(Installation::default());
    }
    let wanted = sources::collect(project, &target)?;
    if request.locked {
        refuse_unlocked(&wanted)?;
    }
    if wanted.is_empty() {
        return Ok(Installation {
            warnings: wanted.warnings,
            ..Installation::default()
        });
    }
    let mut sdists: Vec<String> = dependencies
        .sdists
        .iter()
        .map(|sdist| normalize(&sdist.value))
        .collect();
    sdists.sort();
    sdists.dedup();
    let key = key(&wanted, &target, &sdists)?;
    let folder = request.cache.join("site-packages").join(key.short(32));
    let mut installed = Installation {
        warnings: wanted.warnings.clone(),
        ..Installation::default()
    };
    if request.upgrade || !folder.join(ABOUT).is_file() {
        installed.made = create(&folder, &wanted, &target, &sdists, project, request, progress)?;
    }
    let about = read_about(&folder)?;
    let site = folder.join("site-packages");
    let site = fs::canonicalize(&site).with_path("find", &site)?;
    installed
        .warnings
        .extend(about.warnings.into_iter().map(|(message, hint)| Diagnostic {
            hint,
            ..Diagnostic::new(message)
        }));
    installed.roots = std::iter::once(site.clone())
        .chain(about.roots.iter().map(|root| site.join(root)))
        .collect();
    if !wanted.pins.is_empty() {
        check_complete(&site, &wanted, &target, request.locked, &mut installed.warnings)?;
    }
    Ok(installed)
}

/// Takes the packages of a virtual environment as they are.
fn use_venv(project: &Project, venv: &Spanned<String>, target: &Target) -> Result<Installation, Error> {
    let folder = sources::file(project, venv)?;
    let (site, mut warnings) = venv::site_packages(&folder, &venv.value, venv.place.clone(), target)?;
    let (more, path_warnings) = tree::paths(&site, Some(&project.root))?;
    warnings.extend(path_warnings);
    let roots = std::iter::once(site)
        .chain(more)
        .filter(|root| !project.source_roots.contains(root))
        .collect();
    Ok(Installation {
        roots,
        made: 0,
        warnings,
    })
}

fn read_about(folder: &Path) -> Result<About, Error> {
    let path = folder.join(ABOUT);
    let text = fs::read(&path).with_path("read", &path)?;
    serde_json::from_slice(&text)
        .map_err(std::io::Error::other)
        .with_path("read", &path)
}

/// Installs beside the folder, then moves it there.
fn create(
    folder: &Path,
    wanted: &RequirementSet,
    target: &Target,
    sdists: &[String],
    project: &Project,
    request: &InstallRequest,
    progress: &dyn Progress,
) -> Result<usize, Error> {
    for file in local_wheels(wanted) {
        wheel::inspect(&file)?;
    }
    let tool = Tool::find(request.installer)?;
    let (staging, [whole, work]) = stage(folder, ["whole", "work"])?;
    let site = whole.join("site-packages");
    let InstallOutcome { mut warnings, wheels } = tool.install(&Order {
        requirements: wanted,
        target,
        sdists,
        root: &project.root,
        work: &work,
        site: &site,
        wheels: &request.cache.join("wheels"),
        cache: request.installer_cache.as_deref(),
        offline: request.offline,
        upgrade: request.upgrade,
        progress,
    })?;
    let found = distributions(&site)?;
    check_pins(wanted, &found)?;
    let (more, path_warnings) = tree::paths(&site, None)?;
    warnings.extend(path_warnings);
    write_about(&whole, &site, &more, warnings, wheels)?;
    if folder.exists() {
        fs::rename(folder, staging.path().join("old")).with_path("replace", folder)?;
    }
    publish(&whole, folder, ABOUT)?;
    Ok(found.len())
}

fn write_about(
    folder: &Path,
    site: &Path,
    roots: &[PathBuf],
    warnings: Vec<Diagnostic>,
    wheels: BTreeMap<String, Digest>,
) -> Result<(), Error> {
    let home = fs::canonicalize(site).with_path("find", site)?;
    let about = About {
        warnings: warnings
            .into_iter()
            .map(|warning| (warning.message, warning.hint))
            .collect(),
        roots: roots
            .iter()
            .filter_map(|root| Some(root.strip_prefix(&home).ok()?.to_string_lossy().into_owned()))
            .collect(),
        wheels,
    };
    let path = folder.join(ABOUT);
    let text = serde_json::to_vec_pretty(&about)
        .map_err(std::io::Error::other)
        .with_path("write", &path)?;
    fs::write(&path, text).with_path("write", &path)
}

/// Checks that every pin was installed.
fn check_pins(wanted: &RequirementSet, found: &[Distribution]) -> Result<(), Error> {
    for pin in &wanted.pins {
        let fits = |one: &Distribution| {
            let wanted = pin.version.as_ref();
            one.name == pin.name && wanted.is_none_or(|version| is_same_version(version, &one.version))
        };
        if !found.iter().any(fits) {
            let text = format!(
                "`{}` {} is pinned by `{}` but was not installed",
                pin.name,
                pin.version.as_deref().unwrap_or("(any)"),
                wanted.file
            );
            return Err(Error::refused(Diagnostic::new(text).with_hint(
                "lock again; if that does not help, choose another installer with `--installer`",
            )));
        }
    }
    Ok(())
}

/// Whether the folders that `paths` names contain everything that the project requires.
fn are_installed(project: &Project, target: &Target) -> Result<bool, Error> {
    if project.paths.is_empty() {
        return Ok(false);
    }
    let mut there = BTreeSet::new();
    for path in &project.paths {
        there.extend(
            distributions(path)?
                .into_iter()
                .map(|distribution| distribution.name),
        );
    }
    Ok(sources::names(project, target)?
        .iter()
        .all(|name| there.contains(name)))
}

fn refuse_unlocked(wanted: &RequirementSet) -> Result<(), Error> {
    let open = wanted.open.iter().map(|open| open.name.clone());
    let unhashed = wanted
        .pins
        .iter()
        .filter(|pin| pin.hashes.is_empty())
        .map(|pin| pin.name.clone());
    let names: Vec<String> = open.chain(unhashed).map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        return Ok(());
    }
    let text = format!(
        "`--locked`: no lock file pins {} with a version and a digest",
        names.join(", ")
    );
    Err(Error::project(Diagnostic::new(text).with_hint(
        "write a lock with `uv lock` or `uv export --format pylock.toml -o pylock.toml`, or use a requirements file with hashes",
    )))
}

fn key(wanted: &RequirementSet, target: &Target, sdists: &[String]) -> Result<Digest, Error> {
    let mut hasher = Hasher::new();
    let mut add = |kind: &str, text: &str| {
        for part in [kind, text] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    };
    add("version", VERSION);
    add("python", &target.python.to_string());
    wanted
        .pins
        .iter()
        .for_each(|pin| add(if pin.from_source { "source" } else { "pin" }, &pin.line()));
    wanted.open.iter().for_each(|open| add("open", &open.line()));
    wanted.constraints.iter().for_each(|line| add("constraint", line));
    wanted.options.iter().for_each(|line| add("option", line));
    sdists.iter().for_each(|name| add("sdist", name));
    for file in local_wheels(wanted) {
        add(
            "file",
            &Digest::compute(&fs::read(&file).with_path("read", &file)?).to_string(),
        );
    }
    Ok(hasher.finish())
}

/// The wheels that the project names as files.
fn local_wheels(wanted: &RequirementSet) -> Vec<PathBuf> {
    let pins = wanted
        .pins
        .iter()
        .filter(|pin| !pin.from_source)
        .filter_map(|pin| pin.place.clone());
    let open = wanted.open.iter().filter_map(|open| match &open.what {
        VersionOrUrl::Url(url) => Some(FileLocation::Url(url.clone())),
        VersionOrUrl::Versions(_) => None,
    });
    let path = |place| match place {
        FileLocation::Path(path) => Some(path),
        FileLocation::Url(url) => {
            let path = url
                .split(['#', '?'])
                .next()
                .unwrap_or_default()
                .strip_prefix("file://")?;
            Some(PathBuf::from(unquote(path)))
        }
    };
    pins.chain(open)
        .filter_map(path)
        .filter(|path| path.extension().is_some_and(|end| end == "whl"))
        .collect()
}

/// `%20` and its like become characters again.
fn unquote(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .filter(|_| *first == b'%')
        {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_same_version(one: &str, other: &str) -> bool {
    match (
        one.parse::<pep440_rs::Version>(),
        other.parse::<pep440_rs::Version>(),
    ) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Checks that a lock pins what its distributions need on WASI; one for another platform may not.
fn check_complete(
    site: &Path,
    wanted: &RequirementSet,
    target: &Target,
    locked: bool,
    warnings: &mut Vec<Diagnostic>,
) -> Result<(), Error> {
    let found = distributions(site)?;
    let there: BTreeSet<&str> = found
        .iter()
        .map(|distribution| distribution.name.as_str())
        .collect();
    let scope = Scope {
        target,
        extras: &[],
        groups: &[],
    };
    let told = |name: &str, warnings: &[Diagnostic]| {
        warnings
            .iter()
            .any(|warning| warning.message.contains(&format!("`{name}`")))
    };
    let mut missing = Vec::new();
    for distribution in &found {
        for requirement in distribution
            .requires
            .iter()
            .filter_map(|text| Requirement::parse(text).ok())
        {
            let name = requirement.name.as_str();
            if requirement.applies(scope) && !there.contains(name) && !told(name, warnings) {
                let text = format!(
                    "`{}` does not pin `{name}`, which `{}` needs on WASI",
                    wanted.file, distribution.name
                );
                missing.push(Diagnostic::new(text).with_hint("lock again, for all platforms"));
            }
        }
    }
    if locked && !missing.is_empty() {
        return Err(Error::Project(missing));
    }
    warnings.extend(missing);
    Ok(())
}
