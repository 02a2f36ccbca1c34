//! The options about what a project depends on, and the step that installs it; shared by all
//! commands that look at a project's modules.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pywasm_base::Base;
use pywasm_deps::{InstallRequest, Installer};
use pywasm_diagnostic::Diagnostic;
use pywasm_project::{DependencyOverrides, Project};

use crate::{interrupt::Guarded, session::Session};

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
    /// Install what this file lists, instead of what pyproject.toml and its lock say
    #[arg(help_heading = HEADING, long, value_name = "FILE")]
    requirements: Vec<PathBuf>,
    /// Take the packages of this virtual environment, and install nothing
    #[arg(help_heading = HEADING, long, value_name = "DIR")]
    venv: Option<PathBuf>,
    /// Let this pure-Python distribution be built from its source
    #[arg(help_heading = HEADING, long = "sdist", value_name = "NAME")]
    sdists: Vec<String>,
    /// Install nothing
    #[arg(help_heading = HEADING, long)]
    no_install: bool,
    /// Refuse what no lock file pins with a version and a digest
    #[arg(help_heading = HEADING, long)]
    locked: bool,
    /// For CI: implies --locked, keeps caches in the project's .pywasm/ only, builds no base, no colour
    #[arg(help_heading = HEADING, long, conflicts_with = "upgrade")]
    pub(crate) frozen: bool,
    /// Resolve anew what no lock file pins
    #[arg(help_heading = HEADING, long)]
    upgrade: bool,
    /// The program to install with [default: uv where it is there, else pip]
    #[arg(help_heading = HEADING, long, value_name = "PROGRAM", env = "PYWASM_INSTALLER")]
    installer: Option<InstallerName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum InstallerName {
    Uv,
    Pip,
}

impl Dependencies {
    pub(crate) fn overrides(&self) -> DependencyOverrides {
        DependencyOverrides {
            extras: self.extras.clone(),
            groups: self.groups.clone(),
            requirements: self.requirements.clone(),
            venv: self.venv.clone(),
            sdists: self.sdists.clone(),
            no_install: self.no_install,
        }
    }

    /// Installs what the project depends on and adds it to its import roots; gives what the user
    /// should know.
    pub(crate) fn install(
        &self,
        session: &Session,
        project: &mut Project,
        base: &Base,
    ) -> anyhow::Result<Vec<Diagnostic>> {
        let request = InstallRequest {
            target: base.target(),
            cache: session.cache(),
            installer_cache: session.is_frozen().then(|| session.cache().join("installer")),
            locked: self.locked || session.is_frozen(),
            upgrade: self.upgrade,
            offline: session.offline,
            installer: self.installer.map(|name| match name {
                InstallerName::Uv => Installer::Uv,
                InstallerName::Pip => Installer::Pip,
            }),
        };
        let installed = {
            // A child is ended and its folder removed before the process leaves.
            let _guarded = Guarded::new();
            let _progress = session.terminal.spinner("dependencies");
            pywasm_deps::install(project, &request, &session.terminal)?
        };
        if installed.made > 0 {
            let s = if installed.made == 1 { "" } else { "s" };
            session
                .terminal
                .note(&format!("installed {} distribution{s}", installed.made));
        }
        for root in installed.roots {
            if !project.paths.contains(&root) {
                project.paths.push(root);
            }
        }
        Ok(installed.warnings)
    }
}
