//! The project and the base's standard library in, the module graph out.

use std::collections::BTreeSet;

use pywasm_base::Base;
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_project::{Preinit, Project};
use pywasm_report::{Stage, StageRow};
use pywasm_resolve::{ModuleGraph, ModuleKind, Origin, Request};

use super::{StageLog, link, sources::Sources};
use crate::{Error, Profile};

/// What the program reaches.
pub(crate) struct Reached {
    pub(crate) graph: ModuleGraph,
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) left_out: Vec<String>,
    pub(crate) sources: Sources,
}

pub(crate) fn run(
    project: &Project,
    base: &Base,
    profile: Profile,
    preinit: Preinit,
    log: &mut StageLog<'_>,
) -> Result<Reached, Error> {
    let mut resolved = log.time(Stage::Resolve, || -> Result<_, Error> {
        let request = request(project, base, profile, preinit)?;
        Ok(pywasm_resolve::resolve(&request)?)
    })?;
    resolved.warnings.extend(link::warnings(project, &resolved.graph));
    let reached = Reached {
        left_out: resolved.left_out,
        sources: Sources::new(resolved.sources),
        graph: resolved.graph,
        warnings: resolved.warnings,
    };
    log.add_row(row(&reached.graph));
    Ok(reached)
}

/// What the core imports to make a snapshot.
const SNAPSHOT: &str = "_pywasm_snapshot";

/// The resolver's question for a project on a base.
pub(crate) fn request(
    project: &Project,
    base: &Base,
    profile: Profile,
    preinit: Preinit,
) -> Result<Request, Error> {
    let manifest = base.manifest();
    let mut c_imports = manifest.c_imports.clone();
    if preinit == Preinit::None
        && let Some(core) = c_imports.get_mut("")
    {
        core.retain(|name| name != SNAPSHOT);
    }
    let mut builtins: BTreeSet<String> = manifest.builtins.iter().cloned().collect();
    for (name, imports) in link::known(project, base)? {
        builtins.insert(name.clone());
        c_imports.insert(name, imports);
    }
    Ok(Request {
        builtins,
        c_imports,
        stdlib_names: manifest.stdlib_names.iter().cloned().collect(),
        keeps_sources: profile == Profile::Dev,
        ..Request::of_project(project, &base.stdlib(), base.target())
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
