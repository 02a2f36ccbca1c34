//! Writes the report of what the stages know.

use std::collections::BTreeMap;

use pywasm_diagnostic::Diagnostic;
use pywasm_object::Heap;
use pywasm_report::{
    ArtifactEntry, BaseInfo, ModuleEntry, ProjectInfo, Report, SCHEMA, Tool, WarningEntry, WholeEntry,
};
use pywasm_resolve::{Module, ModuleGraph, ModuleKind, Origin};

use crate::{
    context::Context,
    stage::{StageLog, contents::Contents, settle::Settled},
};

pub(crate) fn report(
    context: &Context<'_>,
    settled: &Settled,
    contents: Contents,
    log: StageLog<'_>,
    artifacts: Vec<ArtifactEntry>,
    heap: Option<&Heap>,
    warnings: &[Diagnostic],
) -> Report {
    let Context { project, base, .. } = *context;
    let graph = &settled.resolution.graph;
    Report {
        schema: SCHEMA,
        tool: Tool {
            name: "pywasm".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        base: BaseInfo {
            id: base.id().to_owned(),
            python: base.python().to_owned(),
        },
        project: ProjectInfo {
            name: project.name.clone(),
            version: project.version.clone(),
            license: project.license.clone(),
            entry: match (&graph.entry.function, context.world) {
                (_, Some(world)) => world.program.clone(),
                (Some(function), None) => format!("{}:{function}", graph.entry.module),
                (None, None) => graph.entry.module.clone(),
            },
        },
        settings: project.settings.recorded(),
        stages: log.rows,
        artifacts,
        modules: modules(settled, &contents, heap),
        data: settled.image.data.clone(),
        inputs: contents.inputs,
        distributions: contents.owners.entries,
        replaced: contents.replaced,
        whole: whole(settled),
        start: settled.snapshot.as_ref().map(|started| started.report.clone()),
        component: None,
        warnings: warnings.iter().map(warning).collect(),
        budgets: Vec::new(),
        timings: log.timings,
    }
}

fn modules(settled: &Settled, contents: &Contents, heap: Option<&Heap>) -> Vec<ModuleEntry> {
    let graph = &settled.resolution.graph;
    let objects = heap.map(Heap::bytes_by_module).unwrap_or_default();
    let heap_bytes = |name: &str| {
        let main = objects.get("__main__").filter(|_| name == graph.entry.module);
        let own = objects.get(name).into_iter().chain(main);
        own.copied().reduce(|one, other| one + other)
    };
    let importers = importers(graph);
    let entry = |module: &Module| ModuleEntry {
        name: module.name.clone(),
        origin: origin(module).to_owned(),
        kind: module.kind.as_str().to_owned(),
        source_bytes: if let ModuleKind::Source { size, .. } = module.kind {
            size
        } else {
            0
        },
        image_bytes: settled.image.module_bytes.get(&module.name).copied().unwrap_or(0),
        heap_bytes: heap_bytes(&module.name),
        imported_by: importers.get(module.name.as_str()).cloned().unwrap_or_default(),
        distribution: contents.owners.modules.get(&module.name).cloned(),
    };
    graph.modules.values().map(entry).collect()
}

/// What the rule that packages come whole has added: by package, the largest first.
fn whole(settled: &Settled) -> Vec<WholeEntry> {
    let graph = &settled.resolution.graph;
    let mut packages: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for module in graph.modules.values().filter(|module| module.is_whole) {
        let Some(bytes) = settled.image.module_bytes.get(&module.name) else {
            continue;
        };
        let package = match module.origin {
            Origin::Stdlib => "standard library",
            _ => module.name.split('.').next().unwrap_or(&module.name),
        };
        let (modules, sum) = packages.entry(package).or_default();
        *modules += 1;
        *sum += bytes;
    }
    let mut entries: Vec<WholeEntry> = packages
        .into_iter()
        .map(|(package, (modules, bytes))| WholeEntry {
            package: package.to_owned(),
            modules,
            bytes,
        })
        .collect();
    entries.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.package.cmp(&b.package)));
    entries
}

/// For each module, who imports it; sorted, since modules are.
fn importers(graph: &ModuleGraph) -> BTreeMap<&str, Vec<String>> {
    let mut importers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for module in graph.modules.values() {
        for edge in &module.imports {
            importers
                .entry(&edge.target)
                .or_default()
                .push(module.name.clone());
        }
    }
    for names in importers.values_mut() {
        names.dedup();
    }
    importers
}

fn origin(module: &Module) -> &'static str {
    match module.kind {
        ModuleKind::Builtin => "builtin",
        _ => module.origin.as_str(),
    }
}

pub(crate) fn warning(diagnostic: &Diagnostic) -> WarningEntry {
    let place = diagnostic.location.as_ref();
    WarningEntry {
        message: diagnostic.message.clone(),
        file: place.map(|place| place.file.clone()),
        line: place.map(|place| place.line).filter(|&line| line > 0),
        hint: diagnostic.hint.clone(),
    }
}
