//! Defines the options that say which project is meant and what of its configuration is
//! overridden, and prepares that project; for all commands that build or ask about one.

use std::path::PathBuf;

use clap::Args;
use pywasm::{BuildOptions, Builder, Prepared, Project};

use crate::{
    command::dependencies::Dependencies,
    session::{Session, explained},
};

/// Which project, and what of its configuration is overridden.
#[derive(Args, Debug)]
pub(crate) struct Selection {
    /// A project's folder or a script
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// What takes the place of keys of `[tool.pywasm]`.
#[derive(Args, Debug)]
pub(crate) struct Settings {
    /// Where the program starts: a module, `module:function` or a script
    #[arg(long)]
    entry: Option<String>,
    /// The artifact's name
    #[arg(long)]
    name: Option<String>,
    /// Include a module that nothing seems to import; `package.*` includes all of a package
    #[arg(long, value_name = "MODULE")]
    include: Vec<String>,
    /// Leave a module out although something imports it
    #[arg(long, value_name = "MODULE")]
    exclude: Vec<String>,
    /// Carry an encoding that nothing seems to name, or a group: all, asian, western
    #[arg(long = "codec", value_name = "NAME")]
    codecs: Vec<String>,
    /// Make a component for this world; several become one
    #[arg(long = "world", value_name = "WORLD")]
    worlds: Vec<String>,
    /// Include data files; a glob relative to the project's folder
    #[arg(long, value_name = "GLOB")]
    data: Vec<String>,
    /// Import dependencies from this folder too
    #[arg(long = "path", value_name = "DIR")]
    paths: Vec<PathBuf>,
    /// The Python version, such as 3.13
    #[arg(long, value_name = "VERSION")]
    python: Option<String>,
    /// The base to build from: an id, its beginning, or a folder
    #[arg(long, value_name = "BASE")]
    base: Option<String>,
    #[command(flatten)]
    dependencies: Dependencies,
}

impl Selection {
    pub(crate) fn build_options(&self) -> BuildOptions {
        self.settings.build_options()
    }

    /// The project with these options, its base, and its dependencies installed; and the builder
    /// that did it.
    pub(crate) fn prepare<'s>(
        &self,
        session: &'s Session,
        options: &BuildOptions,
    ) -> anyhow::Result<(Builder<'s>, Prepared)> {
        self.settings
            .prepare(session, Project::load(&self.path, options)?)
    }
}

impl Settings {
    /// Whether nothing may be written outside of the project.
    pub(crate) fn is_frozen(&self) -> bool {
        self.dependencies.frozen
    }

    /// What builds, with these options about dependencies.
    pub(crate) fn builder<'s>(&self, session: &'s Session) -> Builder<'s> {
        session.builder(self.dependencies.policy())
    }

    /// The base of a project, and the project with its dependencies installed.
    pub(crate) fn prepare<'s>(
        &self,
        session: &'s Session,
        project: Project,
    ) -> anyhow::Result<(Builder<'s>, Prepared)> {
        if self.is_frozen() {
            session.freeze(&project.root);
        }
        let builder = self.builder(session);
        let _progress = session.terminal.spinner("preparing");
        let prepared = builder.prepare_project(project).map_err(explained)?;
        Ok((builder, prepared))
    }

    pub(crate) fn build_options(&self) -> BuildOptions {
        BuildOptions {
            name: self.name.clone(),
            entry: self.entry.clone(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            codecs: self.codecs.clone(),
            worlds: self.worlds.clone(),
            data: self.data.clone(),
            paths: self.paths.clone(),
            python: self.python.clone(),
            base: self.base.clone(),
            dependencies: self.dependencies.options(),
            ..BuildOptions::default()
        }
    }
}
