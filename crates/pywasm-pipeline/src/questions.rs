//! Answers questions about a project without a build.

use std::path::{Path, PathBuf};

use pywasm_base::Base;
use pywasm_cache::Cache;
use pywasm_diagnostic::Diagnostic;
use pywasm_project::Project;
use pywasm_report::ComponentEntry;
use pywasm_resolve::ModuleGraph;

use crate::{
    Error,
    context::StageSettings,
    stage::{resolve, scans, sources::Sources},
    world,
};

/// The module graph of a project, without a build; for questions about it.
///
/// # Errors
/// When an import leads nowhere or a source cannot be parsed.
pub fn graph(project: &Project, base: &Base, cache: &Cache) -> Result<(ModuleGraph, Vec<Diagnostic>), Error> {
    let settings = StageSettings::for_questions();
    let behind = world::prepare(project, base, settings, cache)?;
    let project = behind.as_ref().map_or(project, |world| &world.project);
    let resolution = resolve::resolve(project, base, settings, cache)?;
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
    /// What the program has of its world, where it is a component.
    pub component: Option<ComponentEntry>,
    /// What the resolver was asked.
    pub request: pywasm_resolve::Request,
}

/// Resolves a project for questions about what stops its build.
///
/// # Errors
/// When the search cannot begin: the entry is not there, say.
pub fn inspect(project: &Project, base: &Base, cache: &Cache) -> Result<Inspection, Error> {
    let behind = world::prepare_with(project, |behind| Ok(look(behind, base, cache)?.graph))?;
    let behind_or_not = behind.as_ref().map_or(project, |world| &world.project);
    let inspection = look(behind_or_not, base, cache)?;
    Ok(Inspection {
        component: behind.map(|behind| ComponentEntry {
            world: behind.world.full_name(),
            imports: behind.world.imports(),
            exports: behind.world.exports(),
            unused: behind.unused,
        }),
        ..inspection
    })
}

fn look(project: &Project, base: &Base, cache: &Cache) -> Result<Inspection, Error> {
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
        component: None,
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
