//! Completes the project's own metadata where `[project] dynamic` leaves fields to the build backend. The
//! backend runs once for each state of the project's files; what it wrote stays in the user's cache.
//!
//! In: a project, and how to install what the backend needs. Out: its metadata as the backend writes them, and the
//! dependencies that they name, or the reason why there are none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use pywasm_digest::{Digest, Hasher};
use pywasm_host::{Progress, program};
use pywasm_project::{DEPENDENCIES, Project, ProjectMetadata};
use serde_json::json;
use walkdir::WalkDir;

use crate::error::{Error, IoContext as _};
use crate::install::InstallRequest;
use crate::installer::{Tool, on_path, prepare};
use crate::metadata::headers;
use crate::sources::LOCKS;
use crate::staging::{publish, stage};

const DRIVER: &str = include_str!("own_metadata/driver.py");

/// Raised when the same files give another result.
const VERSION: &str = "1";

/// What every backend writes.
const WRITTEN: &str = "METADATA";

/// What in the project's folder has no part in its metadata, and may be large.
const SKIPPED: [&str; 8] = [
    ".mypy_cache",
    ".pywasm",
    ".tox",
    ".venv",
    "dist",
    "node_modules",
    "target",
    "venv",
];

/// Words in the sources of a program that reads metadata, or has plug-ins that are found by entry points.
const SIGNS: [&str; 5] = ["metadata", "pkg_resources", "entry_points", "stevedore", "pluggy"];

/// Asks the build backend for what is dynamic, if the program may read it, or if it says what to install.
///
/// # Errors
/// When the caller cancels, or the cache cannot be written. A backend that fails only leaves its reason in
/// the project's metadata.
pub fn complete_metadata(
    project: &mut Project,
    request: &InstallRequest,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let Some(metadata) = &project.metadata else {
        return Ok(());
    };
    let is_other = |field: &String| *field != DEPENDENCIES;
    let is_wanted = metadata.dynamic.iter().any(is_other) && may_read(&project.root);
    if !is_wanted && !lacks_dependencies(project) {
        return Ok(());
    }
    let key_before = key(&project.root, metadata).with_path("read", &project.root)?;
    let folder = request.cache.join("own-metadata").join(key_before.short(32));
    let made = match folder.join(WRITTEN).is_file() {
        true => Ok(()),
        false if project.dependencies.no_install => {
            Err("`install = false` keeps pywasm from running the build backend".to_owned())
        }
        false => {
            progress.step("ask the build backend for the project's metadata");
            let is_same = || key(&project.root, metadata).is_ok_and(|now| now == key_before);
            ask(project, metadata, &folder, is_same, request, progress)?
        }
    };
    let read = |file: &str| fs::read_to_string(folder.join(file));
    let written = made.and_then(|()| read(WRITTEN).map_err(|error| error.to_string()));
    let Some(metadata) = &mut project.metadata else {
        return Ok(());
    };
    match written {
        Ok(written) => {
            if project.dependencies.is_dynamic {
                let declared = headers(&written, "Requires-Dist").collect();
                let extras = headers(&written, "Provides-Extra");
                project.dependencies.take(declared, extras);
            }
            metadata.take(written, &read("entry_points.txt").unwrap_or_default());
        }
        Err(reason) => metadata.failure = Some(reason),
    }
    Ok(())
}

/// Whether only the build backend knows what to install: there is no lock and no list.
fn lacks_dependencies(project: &Project) -> bool {
    let dependencies = &project.dependencies;
    dependencies.is_dynamic
        && !dependencies.no_install
        && dependencies.requirements.is_empty()
        && dependencies.venv.is_none()
        && !LOCKS.iter().any(|lock| project.root.join(lock).is_file())
}

/// The files that can have a part in the project's metadata, sorted.
fn files(root: &Path) -> impl Iterator<Item = io::Result<PathBuf>> {
    let walk = WalkDir::new(root).sort_by_file_name().into_iter();
    walk.filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        let is_top = entry.depth() == 1;
        // Of a repository, the commit and the tags count, not the objects.
        let is_store = entry.depth() == 2 && matches!(&*name, "objects" | "logs" | "hooks");
        let is_in_git = entry
            .path()
            .parent()
            .is_some_and(|parent| parent.ends_with(".git"));
        name != "__pycache__" && !(is_top && SKIPPED.contains(&&*name)) && !(is_store && is_in_git)
    })
    .filter_map(|entry| match entry {
        Ok(entry) if entry.file_type().is_file() => Some(Ok(entry.into_path())),
        Ok(_) => None,
        Err(error) => Some(Err(error.into())),
    })
}

/// Whether a source of the project has one of the [`SIGNS`].
fn may_read(root: &Path) -> bool {
    let sources = files(root)
        .flatten()
        .filter(|path| path.extension().is_some_and(|end| end == "py"));
    let mut texts = sources.filter_map(|path| fs::read(path).ok());
    texts.any(|text| {
        let text = String::from_utf8_lossy(&text);
        SIGNS.iter().any(|sign| text.contains(sign))
    })
}

fn key(root: &Path, metadata: &ProjectMetadata) -> io::Result<Digest> {
    let mut hasher = Hasher::new();
    let mut add = |text: &[u8]| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text);
    };
    add(VERSION.as_bytes());
    add(metadata.name.as_bytes());
    for path in files(root) {
        let path = path?;
        let relative = path.strip_prefix(root).unwrap_or(&path);
        add(relative.to_string_lossy().as_bytes());
        add(&fs::read(&path)?);
    }
    Ok(hasher.finish())
}

/// Fills the folder by the backend, unless the project's files are not the same any more afterwards; the
/// inner error is the backend's.
fn ask(
    project: &Project,
    metadata: &ProjectMetadata,
    folder: &Path,
    is_same: impl Fn() -> bool,
    request: &InstallRequest,
    progress: &dyn Progress,
) -> Result<Result<(), String>, Error> {
    let (staging, [out, site]) = stage(folder, ["out", "site"])?;
    let system = &metadata.build_system;
    let order = |again: bool| {
        json!({
            "root": project.root, "work": staging.path(), "site": site, "out": out, "skipped": SKIPPED,
            "backend": system.backend, "path": system.path, "again": again,
        })
    };
    let mut environment = Environment {
        request,
        site: &site,
        root: &project.root,
        work: staging.path(),
        progress,
    };
    let driver = staging.path().join("driver.py");
    fs::write(&driver, DRIVER).with_path("write", &driver)?;
    let orders = staging.path().join("order.json");
    let result = (|| {
        environment.install(&system.requires)?;
        fs::write(&orders, order(false).to_string()).map_err(|error| Failure::Told(error.to_string()))?;
        environment.run(&driver, &orders)?;
        if let Ok(more) = fs::read_to_string(out.join("requires.json")) {
            environment.install(&serde_json::from_str::<Vec<String>>(&more).unwrap_or_default())?;
            fs::write(&orders, order(true).to_string()).map_err(|error| Failure::Told(error.to_string()))?;
            environment.run(&driver, &orders)?;
        }
        Ok(())
    })();
    match result {
        Ok(()) => {}
        Err(Failure::Cancelled) => return Err(Error::Cancelled),
        Err(Failure::Told(text)) => return Ok(Err(text)),
    }
    if !is_same() {
        return Ok(Err(
            "the project's files changed while the build backend ran; build again".to_owned(),
        ));
    }
    publish(&out, folder, WRITTEN)?;
    Ok(Ok(()))
}

enum Failure {
    Cancelled,
    Told(String),
}

impl From<program::Error> for Failure {
    fn from(error: program::Error) -> Self {
        match error {
            program::Error::Cancelled(_) => Self::Cancelled,
            program::Error::Failed { tail, status, .. } => {
                let last = tail.iter().rev().find(|line| !line.trim().is_empty());
                Self::Told(last.map_or(status, |line| line.trim().to_owned()))
            }
            error => Self::Told(error.to_string()),
        }
    }
}

/// The Python that runs the backend, and the folder with what the backend needs.
struct Environment<'e> {
    request: &'e InstallRequest,
    site: &'e Path,
    root: &'e Path,
    work: &'e Path,
    progress: &'e dyn Progress,
}

impl Environment<'_> {
    fn python(&self) -> Result<PathBuf, Failure> {
        let mut found = ["python3", "python"].iter().filter_map(|name| on_path(name));
        let none = || Failure::Told("there is no Python on the PATH to run the build backend".to_owned());
        found.next().ok_or_else(none)
    }

    fn install(&mut self, requires: &[String]) -> Result<(), Failure> {
        if requires.is_empty() {
            return Ok(());
        }
        let tool = Tool::find(self.request.installer).map_err(|error| Failure::Told(error.to_string()))?;
        let python = self.python()?;
        let mut command = match &tool {
            Tool::Uv(uv) => {
                let mut command = Command::new(uv);
                command.args(["pip", "install", "--color", "never", "--no-progress", "--python"]);
                command.arg(&python);
                command.args(self.request.offline.then_some("--offline"));
                command
            }
            Tool::Pip(pip) => {
                let mut command = Command::new(pip);
                command.args([
                    "-m",
                    "pip",
                    "install",
                    "--no-input",
                    "--disable-pip-version-check",
                ]);
                command.args(self.request.offline.then_some("--no-index"));
                command
            }
        };
        command.arg("--target").arg(self.site).args(requires);
        prepare(
            &mut command,
            self.root,
            self.work,
            self.request.installer_cache.as_deref(),
        );
        Ok(program::run_checked(&mut command, self.progress)?)
    }

    fn run(&mut self, driver: &Path, order: &Path) -> Result<(), Failure> {
        let mut command = Command::new(self.python()?);
        // Neither the user's variables nor installed packages have a part in it.
        command.args(["-I", "-S", "-B"]).arg(driver).arg(order);
        command.env("TMPDIR", self.work);
        Ok(program::run_checked(&mut command, self.progress)?)
    }
}
