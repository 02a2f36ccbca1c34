//! `pywasm clean`: takes away what builds have written.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;

use crate::{
    cli::Global,
    exit::{Exit, Usage},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm clean           remove this project's dist/ and .pywasm/
  pywasm clean --cache   remove the caches of all projects: stages, bytecode, machine code, dependencies, pulled modules

Bases stay; `pywasm base remove` takes one out. A shared cache stays, too.";

/// Remove a project's `dist/` and `.pywasm/`, or the caches
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The project's folder
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Remove the caches in the home folder instead
    #[arg(long)]
    cache: bool,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let folder = if options.cache {
        session.home.cache()
    } else {
        options.path.join("dist")
    };
    if !options.cache && folder.is_dir() && !is_ours(&folder)? {
        return Err(Usage::mark(anyhow::anyhow!(
            "{} holds no report of pywasm, so it may be another tool's\nhint: remove it by hand if it is not",
            folder.display()
        )));
    }
    if !options.cache {
        let own = options.path.join(".pywasm");
        match fs::remove_dir_all(&own) {
            Ok(()) => session.terminal.note(&format!("removed {}", own.display())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot remove {}", own.display())),
        }
    }
    match fs::remove_dir_all(&folder) {
        Ok(()) => session.terminal.note(&format!("removed {}", folder.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            session
                .terminal
                .note(&format!("there is no {}", folder.display()));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot remove {}", folder.display())),
    }
    Ok(Exit::Fine)
}

/// A `dist` folder of ours has a report in it, or a release that has one, or nothing.
fn is_ours(folder: &Path) -> anyhow::Result<bool> {
    let names = names(folder)?;
    if names.is_empty() || has_report(&names) {
        return Ok(true);
    }
    let releases = folder.join("release");
    if !releases.is_dir() {
        return Ok(false);
    }
    for release in self::names(&releases)? {
        let release = releases.join(release);
        if release.is_dir() && has_report(&self::names(&release)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_report(names: &[OsString]) -> bool {
    names
        .iter()
        .any(|name| name.to_string_lossy().ends_with(".report.json"))
}

fn names(folder: &Path) -> anyhow::Result<Vec<OsString>> {
    fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect())
        .with_context(|| format!("cannot list {}", folder.display()))
}
