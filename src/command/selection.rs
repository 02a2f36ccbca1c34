//! The options that say which project is meant, and what of its configuration is overridden;
//! shared by `build`, `why` and `graph`.

use std::path::PathBuf;

use clap::Args;
use pywasm_base::Base;
use pywasm_diagnostic::Diagnostic;
use pywasm_project::{Overrides, Project};

use crate::{command::dependencies::Dependencies, session::Session};

/// Which project, and its overrides.
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
    /// Bring a module that nothing seems to import; `package.*` brings all of a package
    #[arg(long, value_name = "MODULE")]
    include: Vec<String>,
    /// Leave a module out though something imports it
    #[arg(long, value_name = "MODULE")]
    exclude: Vec<String>,
    /// Bring data files; a glob that counts from the project's folder
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
    pub(crate) fn overrides(&self) -> Overrides {
        self.settings.overrides()
    }

    /// The project with these overrides, its base, and its dependencies installed; and what the
    /// user should know of them.
    pub(crate) fn prepare(
        &self,
        session: &Session,
        overrides: &Overrides,
    ) -> anyhow::Result<(Project, Base, Vec<Diagnostic>)> {
        let project = Project::load(&self.path, overrides)?;
        self.settings.prepare(session, project)
    }
}

impl Settings {
    /// Whether nothing may be written outside of the project.
    pub(crate) fn is_frozen(&self) -> bool {
        self.dependencies.frozen
    }

    /// The base of a project, and the project with its dependencies installed.
    pub(crate) fn prepare(
        &self,
        session: &Session,
        project: Project,
    ) -> anyhow::Result<(Project, Base, Vec<Diagnostic>)> {
        if self.is_frozen() {
            session.freeze(&project.root);
        }
        let base = session.base(project.base.as_deref(), project.python.as_deref())?;
        self.prepare_on(session, project, base)
    }

    /// The project with its dependencies installed for `base`.
    pub(crate) fn prepare_on(
        &self,
        session: &Session,
        mut project: Project,
        base: Base,
    ) -> anyhow::Result<(Project, Base, Vec<Diagnostic>)> {
        let warnings = self.dependencies.install(session, &mut project, &base)?;
        Ok((project, base, warnings))
    }

    pub(crate) fn overrides(&self) -> Overrides {
        Overrides {
            name: self.name.clone(),
            entry: self.entry.clone(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            data: self.data.clone(),
            paths: self.paths.clone(),
            python: self.python.clone(),
            base: self.base.clone(),
            dependencies: self.dependencies.overrides(),
            ..Overrides::default()
        }
    }
}
