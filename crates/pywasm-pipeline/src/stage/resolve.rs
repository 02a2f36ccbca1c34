//! Resolves the project and the base's standard library to the module graph.

use std::collections::BTreeSet;

use pywasm_base::Base;
use pywasm_cache::Cache;
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_project::Project;
use pywasm_report::{Stage, StageRow};
use pywasm_resolve::{ModuleGraph, ModuleKind, Origin, Request};

use super::{StageLog, data, extensions, metadata, scans, sources::Sources};
use crate::{
    Error, Profile,
    context::{Context, StageSettings},
};

/// What the program reaches.
pub(crate) struct Resolution {
    pub(crate) graph: ModuleGraph,
    /// The files of the build, each as it was when it was read first.
    pub(crate) sources: Sources,
    /// Modules that are there and not in the graph.
    pub(crate) omitted: BTreeSet<String>,
    pub(crate) warnings: Vec<Diagnostic>,
}

pub(crate) fn run(context: &Context<'_>, log: &mut StageLog<'_>) -> Result<Resolution, Error> {
    let Context {
        project,
        base,
        settings,
        tools,
        ..
    } = *context;
    let mut resolution = log.time(Stage::Resolve, || resolve(project, base, settings, tools.cache))?;
    let unused = extensions::warnings(project, &resolution.graph);
    resolution.warnings.extend(unused);
    let dynamic = metadata::warn_of_dynamic(project, &resolution.graph);
    resolution.warnings.extend(dynamic);
    let choices = data::warn_of_choices(context, &resolution)?;
    resolution.warnings.extend(choices);
    log.add_row(row(&resolution.graph));
    Ok(resolution)
}

/// Resolves without a row.
pub(crate) fn resolve(
    project: &Project,
    base: &Base,
    settings: StageSettings,
    cache: &Cache,
) -> Result<Resolution, Error> {
    let sources = Sources::default();
    let request = request(project, base, settings, &sources)?;
    let resolved = scans::resolve(&request, cache)?;
    sources.add(resolved.sources);
    Ok(Resolution {
        graph: resolved.graph,
        sources,
        omitted: resolved.omitted,
        warnings: resolved.warnings,
    })
}

/// The resolver's question for a project on a base.
pub(crate) fn request(
    project: &Project,
    base: &Base,
    settings: StageSettings,
    sources: &Sources,
) -> Result<Request, Error> {
    let manifest = base.manifest();
    let mut c_imports = manifest.c_imports.clone();
    // The manifest calls the interpreter's core by the empty name.
    let core_imports = c_imports.remove("").unwrap_or_default();
    let mut builtins: BTreeSet<String> = manifest.builtins.iter().cloned().collect();
    for (name, imports) in extensions::find_imports(project, base, sources)? {
        builtins.insert(name.clone());
        c_imports.insert(name, imports);
    }
    if project.component.is_some() {
        builtins.insert(extensions::GLUE.to_owned());
    }
    Ok(Request {
        builtins,
        core_imports,
        c_imports,
        stdlib_names: manifest.stdlib_names.iter().cloned().collect(),
        keeps_sources: settings.profile == Profile::Dev,
        ..Request::for_project(project, &base.stdlib(), base.target())
    })
}

/// Bytes of source: of the app and its dependencies in, of all that is reached out.
fn row(graph: &ModuleGraph) -> StageRow {
    let (mut own, mut all) = (0, 0);
    let mut names = String::new();
    for module in graph.modules.values() {
        if let ModuleKind::Source { size, .. } = &module.kind {
            all += size;
            if module.origin != Origin::Stdlib {
                own += size;
            }
        }
        names += &module.name;
        names.push('\n');
    }
    // The two count different things: a change in percent would say nothing.
    StageRow {
        change_permille: None,
        ..StageRow::new(Stage::Resolve.name(), own, all, Digest::compute(names.as_bytes()))
    }
}
