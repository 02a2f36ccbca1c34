//! Prepares a project: loads it, finds its base and installs its dependencies.

use std::path::Path;

use pywasm_base::Base;
use pywasm_deps::InstallRequest;
use pywasm_diagnostic::Diagnostic;
use pywasm_project::Project;

use crate::{BuildOptions, Builder, CacheFolder, Error};

/// A project that can be built, or asked about.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The project, with its installed dependencies among its import paths.
    pub project: Project,
    /// Its base.
    pub base: Base,
    /// What the user should know before the build's own warnings.
    pub warnings: Vec<Diagnostic>,
}

impl Builder<'_> {
    /// Loads the project at `path` and checks everything that only a build needs of its
    /// configuration, so that a fault is reported before a base is built or anything is installed.
    ///
    /// # Errors
    /// When the project is wrong.
    pub fn load(&self, path: impl AsRef<Path>, options: &BuildOptions) -> Result<Project, Error> {
        let project = Project::load(path.as_ref(), options)?;
        pywasm_pipeline::aot(&project)?;
        self.open_cache(&project)?;
        Ok(project)
    }

    /// Loads the project at `path`, a folder or a script, finds its base and installs its
    /// dependencies.
    ///
    /// # Errors
    /// When the project is wrong, there is no base, or a dependency cannot be installed.
    pub fn prepare(&self, path: impl AsRef<Path>, options: &BuildOptions) -> Result<Prepared, Error> {
        self.prepare_project(Project::load(path.as_ref(), options)?)
    }

    /// The same, of a project that is loaded already.
    ///
    /// # Errors
    /// When there is no base, or a dependency cannot be installed.
    pub fn prepare_project(&self, project: Project) -> Result<Prepared, Error> {
        let base = self.base(&project)?;
        self.prepare_on(project, base)
    }

    /// The same, on a base that was found.
    ///
    /// # Errors
    /// When a dependency cannot be installed.
    pub fn prepare_on(&self, mut project: Project, base: Base) -> Result<Prepared, Error> {
        self.show_work(&project);
        let warnings = self.install_dependencies(&mut project, &base)?;
        Ok(Prepared {
            project,
            base,
            warnings,
        })
    }

    /// Installs what the project depends on and adds it to its import paths; gives what the user
    /// should know.
    fn install_dependencies(&self, project: &mut Project, base: &Base) -> Result<Vec<Diagnostic>, Error> {
        if self.install.none {
            return Ok(Vec::new());
        }
        let cache = self.cache_folder(project);
        let own_installer_cache = self.cache.folder != CacheFolder::Home;
        let request = InstallRequest {
            target: base.target(),
            installer_cache: own_installer_cache.then(|| cache.join("installer")),
            cache,
            locked: self.install.locked,
            upgrade: self.install.upgrade,
            offline: self.offline,
            installer: self.install.installer,
        };
        let installed = {
            // A child is ended and its folder removed before the process leaves.
            let _guard = self.progress.guard();
            self.progress.step("dependencies");
            pywasm_deps::complete_metadata(project, &request, self.progress)?;
            pywasm_deps::install(project, &request, self.progress)?
        };
        if installed.made > 0 {
            let s = if installed.made == 1 { "" } else { "s" };
            self.progress
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
