//! Answers questions about a project without a build.

use std::path::{Path, PathBuf};

use pywasm_base::Base;
use pywasm_cache::Cache;
use pywasm_diagnostic::Diagnostic;
use pywasm_project::Project;
use pywasm_resolve::ModuleGraph;

use crate::{
    Error,
    context::StageSettings,
    stage::{resolve, scans, sources::Sources},
};

/// The module graph of a project, without a build; for questions about it.
///
/// # Errors
/// When an import leads nowhere or a source cannot be parsed.
pub fn graph(project: &Project, base: &Base, cache: &Cache) -> Result<(ModuleGraph, Vec<Diagnostic>), Error> {
    let resolution = resolve::resolve(project, base, StageSettings::for_questions(), cache)?;
    Ok((resolution.graph, resolution.warnings))
}

/// All that the resolver can say of a project, whether it can be built or not.
#[derive(Debug)]
pub struct Inspection {
    /// The modules, as far as imports could be followed.
    pub graph: ModuleGraph,
    /// What stops a build.
    pub errors: Vec<Diagnostic>,
    /// What may go wrong.
    pub warnings: Vec<Diagnostic>,
    /// What the resolver was asked.
    pub request: pywasm_resolve::Request,
}

/// Resolves a project for questions about what stops its build.
///
/// # Errors
/// When the search cannot begin: the entry is not there, say.
pub fn inspect(project: &Project, base: &Base, cache: &Cache) -> Result<Inspection, Error> {
    let request = resolve::request(project, base, StageSettings::for_questions(), &Sources::default())?;
    let (graph, errors, warnings) = match scans::resolve(&request, cache) {
        Ok(resolved) => (resolved.graph, Vec::new(), resolved.warnings),
        Err(mut error) => match error.graph.take() {
            Some(graph) => (*graph, error.errors, error.warnings),
            None => return Err(error.into()),
        },
    };
    Ok(Inspection {
        graph,
        errors,
        warnings,
        request,
    })
}

/// The folder that a build of the project at `path` writes to unless told otherwise: `dist`
/// in the project's folder, and for a script in the folder where the user stands.
#[must_use]
pub fn default_out_dir(path: &Path, project: &Project) -> PathBuf {
    let is_script = path.extension().is_some_and(|end| end == "py") && path.is_file();
    if is_script {
        PathBuf::from("dist")
    } else {
        project.root.join("dist")
    }
}
