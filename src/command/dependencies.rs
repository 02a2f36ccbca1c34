//! Defines the options about what a project depends on, for all commands that look at a project's
//! modules.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pywasm::{InstallPolicy, Installer};
use pywasm_project::DependencyOptions;

/// The part of the help.
const HEADING: &str = "Dependencies";

/// Which dependencies, from where, and how.
#[derive(Args, Debug)]
pub(crate) struct Dependencies {
    /// Install this extra of [project.optional-dependencies] too
    #[arg(help_heading = HEADING, long = "extra", value_name = "NAME")]
    extras: Vec<String>,
    /// Install this group of [dependency-groups] too
    #[arg(help_heading = HEADING, long = "group", value_name = "NAME")]
    groups: Vec<String>,
    /// Install the packages in this file instead of those of pyproject.toml and its lock
    #[arg(help_heading = HEADING, long, value_name = "FILE")]
    requirements: Vec<PathBuf>,
    /// Use the packages of this virtual environment, and install nothing
    #[arg(help_heading = HEADING, long, value_name = "DIR")]
    venv: Option<PathBuf>,
    /// Allow building this pure-Python distribution from its source
    #[arg(help_heading = HEADING, long = "sdist", value_name = "NAME")]
    sdists: Vec<String>,
    /// Install nothing
    #[arg(help_heading = HEADING, long)]
    no_install: bool,
    /// Refuse dependencies that no lock file pins with a version and a digest
    #[arg(help_heading = HEADING, long)]
    locked: bool,
    /// For CI: implies --locked, keeps caches in the project's .pywasm/ only, builds no base, no colour
    #[arg(help_heading = HEADING, long, conflicts_with = "upgrade")]
    pub(crate) frozen: bool,
    /// Resolve again what no lock file pins
    #[arg(help_heading = HEADING, long)]
    upgrade: bool,
    /// The program to install with [default: uv if it is on the PATH, else pip]
    #[arg(help_heading = HEADING, long, value_name = "PROGRAM", env = "PYWASM_INSTALLER")]
    installer: Option<InstallerName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum InstallerName {
    Uv,
    Pip,
}

impl Dependencies {
    pub(crate) fn options(&self) -> DependencyOptions {
        DependencyOptions {
            extras: self.extras.clone(),
            groups: self.groups.clone(),
            requirements: self.requirements.clone(),
            venv: self.venv.clone(),
            sdists: self.sdists.clone(),
            no_install: self.no_install,
        }
    }

    /// How dependencies are installed.
    pub(crate) fn policy(&self) -> InstallPolicy {
        InstallPolicy {
            installer: self.installer.map(|name| match name {
                InstallerName::Uv => Installer::Uv,
                InstallerName::Pip => Installer::Pip,
            }),
            locked: self.locked,
            upgrade: self.upgrade,
            none: false,
        }
    }
}
