//! Finds where an import is, and the chain of imports that leads to it from where the program
//! starts.

use pywasm_diagnostic::Diagnostic;
use pywasm_resolve::{Edge, Line, ModuleGraph, Origin, Severity, Step, UnresolvedImport};

use crate::model::{Importer, Level, Spot};

/// A line as a spot has it: 0 where there is none.
pub(crate) fn number(line: Option<Line>) -> u32 {
    line.map_or(0, Line::number)
}

/// What a failing import means.
pub(crate) fn level(severity: Severity) -> Level {
    match severity {
        Severity::Note => Level::Note,
        Severity::Warning => Level::Warning,
        Severity::Error => Level::Error,
    }
}

/// The importer of a missing module.
pub(crate) fn importer(graph: &ModuleGraph, miss: &UnresolvedImport) -> Importer {
    let name = miss.importer.module();
    let module = name.and_then(|name| graph.modules.get(name));
    Importer {
        module: name.unwrap_or_default().to_owned(),
        asks: miss.module.clone(),
        kind: miss.kind.as_str(),
        place: Spot {
            file: module.map_or_else(String::new, |module| module.shown.clone()),
            line: number(miss.line),
            column: 0,
            in_project: module.is_some_and(|module| module.origin == Origin::App),
        },
        level: level(miss.severity),
    }
}

/// The imports that lead to a miss, and the last place in the project among them.
pub(crate) fn chain(graph: &ModuleGraph, miss: &UnresolvedImport) -> (Vec<String>, Option<Spot>) {
    let name = miss.importer.module();
    let chain = name.and_then(|name| graph.why(name));
    let mut steps = chain.map_or_else(Vec::new, |chain| chain.steps);
    let importer = name.and_then(|name| graph.modules.get(name));
    steps.push(Step {
        importer: name.map(str::to_owned),
        file: importer.map_or_else(String::new, |module| module.shown.clone()),
        edge: Edge {
            target: miss.module.clone(),
            line: miss.line,
            kind: miss.kind,
        },
    });
    let place = last_in_project(graph, &steps);
    (steps.iter().map(Step::to_string).collect(), place)
}

/// The last step of a chain that stands in a file of the project.
pub(crate) fn last_in_project(graph: &ModuleGraph, steps: &[Step]) -> Option<Spot> {
    steps.iter().rev().find_map(|step| {
        let importer = graph.modules.get(step.importer.as_ref()?)?;
        (importer.origin == Origin::App).then(|| Spot {
            file: step.file.clone(),
            line: number(step.edge.line),
            column: 0,
            in_project: true,
        })
    })
}

/// The place of a diagnostic. Files of dependencies and of the standard library begin with the
/// label of their folder.
pub(crate) fn spot(diagnostic: &Diagnostic, graph: &ModuleGraph) -> Option<Spot> {
    let place = diagnostic.location.as_ref()?;
    let foreign = graph
        .modules
        .values()
        .any(|module| module.shown == place.file && module.origin != Origin::App);
    Some(Spot {
        file: place.file.clone(),
        line: place.line,
        column: place.column,
        in_project: !foreign,
    })
}
