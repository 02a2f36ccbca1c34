//! Finds and runs the program that fetches distributions. Each program gets the same [`Order`] and
//! fills the same folder.

pub(crate) mod kept;
mod pip;
mod uv;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_host::{Progress, program};

use crate::error::{Error, IoContext as _};
use crate::requirement_set::{Pin, RequirementSet};
use pywasm_target::Target;

/// A program that installs distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installer {
    /// `uv pip`.
    Uv,
    /// `python3 -m pip`.
    Pip,
}

/// What is to be installed, and how.
pub(crate) struct Order<'a> {
    pub(crate) requirements: &'a RequirementSet,
    pub(crate) target: &'a Target,
    /// Distributions that are built from source; normalised.
    pub(crate) sdists: &'a [String],
    /// The project's folder, where the program's own configuration is looked for.
    pub(crate) root: &'a Path,
    /// A folder for temporary files, which the caller removes.
    pub(crate) work: &'a Path,
    /// The folder to fill.
    pub(crate) site: &'a Path,
    /// Where wheels are kept.
    pub(crate) wheels: &'a Path,
    /// Where the program keeps what it fetches; by default, where it is configured to.
    pub(crate) cache: Option<&'a Path>,
    pub(crate) offline: bool,
    pub(crate) upgrade: bool,
    pub(crate) progress: &'a dyn Progress,
}

/// What is known about a folder that an installer filled.
pub(crate) struct InstallOutcome {
    /// Warnings for the user.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The digests of the wheels that are known, by normalised name. A wheel that was built here
    /// is not among them, since another build of it may have other bytes.
    pub(crate) wheels: BTreeMap<String, Digest>,
}

/// A program that was found.
pub(crate) enum Tool {
    Uv(PathBuf),
    /// The Python that has pip.
    Pip(PathBuf),
}

impl Tool {
    /// Finds the chosen program; without a choice, `uv` if it exists, else `pip`.
    pub(crate) fn find(choice: Option<Installer>) -> Result<Self, Error> {
        let with_uv = choice != Some(Installer::Pip);
        let with_pip = choice != Some(Installer::Uv);
        if with_uv && let Some(path) = on_path("uv") {
            return Ok(Self::Uv(path));
        }
        if with_pip {
            for name in ["python3", "python"] {
                let has_pip = |python: &PathBuf| {
                    let output = Command::new(python).args(["-c", "import pip"]).output();
                    output.is_ok_and(|output| output.status.success())
                };
                if let Some(python) = on_path(name).filter(has_pip) {
                    return Ok(Self::Pip(python));
                }
            }
        }
        let what = match choice {
            None => "neither `uv` nor a Python with `pip` is",
            Some(Installer::Uv) => "`uv` is not",
            Some(Installer::Pip) => "no Python with `pip` is",
        };
        Err(Error::refused(Diagnostic::new(format!("cannot install the project's dependencies: {what} on the PATH")).with_hint(
            "install uv, or pip with `python3 -m ensurepip`; or install the dependencies into a folder yourself, and configure it with `paths = [\"vendor\"]` and `install = false`",
        )))
    }

    /// Fills the order's folder.
    pub(crate) fn install(&self, order: &Order<'_>) -> Result<InstallOutcome, Error> {
        match self {
            Self::Uv(program) => uv::install(program, order),
            Self::Pip(python) => pip::install(python, order),
        }
    }
}

/// Finds a program on the PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
}

/// Sets where the program runs, where its temporary files and what it fetches are kept, and takes away what would
/// send its files elsewhere. `work` goes with this process: a program that is killed leaves its files there.
pub(crate) fn prepare(command: &mut Command, root: &Path, work: &Path, cache: Option<&Path>) {
    command
        .current_dir(root)
        .env("TMPDIR", work)
        .env_remove("PIP_REQUIRE_VIRTUALENV")
        .env_remove("PIP_TARGET")
        .env_remove("PIP_USER");
    if let Some(cache) = cache {
        command
            .env("PIP_CACHE_DIR", cache.join("pip"))
            .env("UV_CACHE_DIR", cache.join("uv"));
    }
}

/// Runs the program; each of its lines is looked at for what it fetches.
fn run(command: &mut Command, what: &str, order: &Order<'_>) -> Result<(), Error> {
    prepare(command, order.root, order.work, order.cache);
    let mut out = Vec::new();
    let ended = program::run_both(
        command,
        order.progress,
        &mut |line| {
            show_step(line, order.progress);
            out.push(line.to_owned());
            if out.len() > program::TAIL {
                out.remove(0);
            }
        },
        &mut |line| show_step(line, order.progress),
    );
    let ended = match ended {
        Ok(ended) => ended,
        Err(program::Error::Cancelled(_)) => return Err(Error::Cancelled),
        Err(program::Error::Io {
            action,
            program,
            source,
        }) => {
            return Err(Error::Io {
                action,
                path: program.into(),
                source,
            });
        }
        Err(other) => return Err(Error::refused(Diagnostic::new(other.to_string()))),
    };
    if ended.status.success() {
        return Ok(());
    }
    let is_empty = ended.tail.iter().all(|line| line.trim().is_empty());
    let tail = if is_empty { out } else { ended.tail };
    let text = format!("{what} could not install the dependencies ({})", ended.status);
    let mut diagnostic = Diagnostic::new(text);
    let is_shown = |line: &&String| !line.trim().is_empty() && !line.starts_with("Using CPython");
    for line in tail.iter().filter(is_shown) {
        diagnostic = diagnostic.with_note(line.clone());
    }
    Err(Error::refused(
        diagnostic.with_hint(hint(&tail.join("\n"), order)),
    ))
}

/// Reports what the program fetches or builds, if a line of its output says so.
fn show_step(line: &str, progress: &dyn Progress) {
    let words: Vec<&str> = line.split_whitespace().collect();
    if let ["Collecting" | "Downloading" | "Building", what, ..] = words.as_slice() {
        let what = what.rsplit('/').next().unwrap_or(what);
        progress.step(&format!("fetch {what}"));
    }
}

/// What to do, as far as the program's output tells.
fn hint(text: &str, order: &Order<'_>) -> String {
    let lower = text.to_lowercase();
    if order.offline {
        "build once without `--offline`; later builds use the files that were downloaded then".to_owned()
    } else if lower.contains("hash") && (lower.contains("match") || lower.contains("expected sha256")) {
        format!(
            "a downloaded file does not match its hash in `{}`. If the change is expected, lock again; otherwise find out why the file changed",
            order.requirements.file
        )
    } else if lower.contains("no matching distribution")
        || lower.contains("building source distributions is disabled")
        || lower.contains("no wheels")
        || lower.contains("no usable wheels")
    {
        "pywasm installs only wheels: for any platform, for WASI or for x86-64 Linux. If a pure-Python distribution has none, allow pywasm to build it: `sdists = [\"NAME\"]`, or `--sdist NAME`".to_owned()
    } else if lower.contains("is not compatible with the target") {
        "remove the distribution from `sdists`; only pure Python can be built from source".to_owned()
    } else {
        "read the installer's messages above, or choose the other installer with `--installer uv` or `--installer pip`".to_owned()
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).with_path("write", path)
}

/// The lines of a requirements file for these pins.
fn pinned_lines(pins: &[&Pin]) -> String {
    pins.iter().map(|pin| pin.line() + "\n").collect()
}

/// The error for a distribution that was built from source and is not pure Python.
fn refuse_impure(name: &str) -> Error {
    Error::refused(Diagnostic::new(format!("`{name}` was built from source but is not pure Python: it contains code compiled for this machine")).with_hint(
        format!("remove `{name}` from `sdists`; to compile its C code for WASI, see `[tool.pywasm.extension]`"),
    ))
}
