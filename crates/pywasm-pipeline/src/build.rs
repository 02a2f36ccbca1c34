//! Runs the stages in their order, and collects what they give.

use std::{io, path::Path};

use pywasm_base::Base;
use pywasm_diagnostic::Diagnostic;
use pywasm_dist::{ArtifactKind, FileNames, ModuleRecord, OutputFile, OutputFiles};
use pywasm_object::SymbolFile;
use pywasm_project::Project;
use pywasm_report::{Report, SharedCache};

use crate::{
    Aot, Error, Tools, budget,
    context::{Context, StageSettings},
    report,
    stage::{
        StageLog, aot, bundle, component, compress, contents, contents::Contents, extensions, link, optimize,
        preinit, resolve, seal, seal::Payload, settle, settle::Settled, shake, smoke, strip, symbols,
    },
    world,
};

/// What to do with a project, besides what its configuration says.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to compile the finished module to ahead of time; [`aot()`](crate::aot) reads it from a
    /// project.
    pub aot: Vec<Aot>,
    /// Warnings to report before those of the stages.
    pub warnings: Vec<Diagnostic>,
}

/// What a build makes, before anything of it is written.
#[derive(Debug)]
pub struct BuildOutput {
    /// Name to content: what the report lists, and nothing else.
    pub files: OutputFiles,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
    /// The content of the report.
    pub report: Report,
}

/// Builds `project` on `base`, and writes nothing but caches.
///
/// # Errors
/// When a stage fails.
pub fn run_stages(
    project: &Project,
    base: &Base,
    plan: &Plan,
    tools: Tools<'_>,
) -> Result<BuildOutput, Error> {
    let settings = StageSettings::of_project(project);
    let behind = world::prepare(project, base, settings, tools.cache)?;
    let context = Context {
        project: behind.as_ref().map_or(project, |world| &world.project),
        base,
        world: behind.as_ref(),
        settings,
        tools,
    };
    let project = context.project;
    let baseline = budget::baseline(&context)?;
    let mut log = StageLog::new(
        tools.progress,
        project.settings.stage_brotli,
        project.settings.keep_stages,
    );

    let resolution = resolve::run(&context, &mut log)?;
    let sides = extensions::run(&context, &resolution, &mut log)?;
    let linked = link::run(&context, sides, &mut log)?;
    let settled = settle::run(&context, &linked, resolution, &mut log)?;
    let shaken = shake::run(&context, &linked, &settled, &mut log)?;
    let optimized = optimize::run(&context, &shaken, &mut log)?;
    let bundled = bundle::run(&optimized, &settled.image, &mut log)?;
    let bundled = preinit::run(&context, bundled, &settled, &shaken, &mut log)?;
    smoke::run(&context, &optimized, &shaken, &settled.image, &mut log)?;
    let contents = contents::run(&context, &linked, &settled, &mut log)?;
    let stripped = strip::run(&context, bundled, &mut log)?;
    let record = ModuleRecord::new(env!("CARGO_PKG_VERSION"), base.id(), &contents.inputs);
    let finished = component::run(&context, stripped, &mut log)?;
    let (payload, symbols) = seal::run(finished, &record, &mut log);
    let compressed = compress::run(&context, &payload, &mut log);
    let machine_code = aot::run(&context, &payload, &plan.aot, &mut log)?;
    log.finish();

    let symbols = symbols::run(&context, symbols, &shaken, &settled)?;
    let files = Files {
        payload,
        compressed,
        symbols,
        machine_code,
    };
    collect(&context, plan, &settled, contents, files, &baseline, log)
}

/// What the stages give besides the facts in the report.
struct Files {
    payload: Payload,
    compressed: Option<OutputFile>,
    symbols: SymbolFile,
    machine_code: Vec<OutputFile>,
}

/// Puts the files in order, and writes the report about them.
fn collect(
    context: &Context<'_>,
    plan: &Plan,
    settled: &Settled,
    contents: Contents,
    files: Files,
    baseline: &pywasm_report::budget::Baseline,
    mut log: StageLog<'_>,
) -> Result<BuildOutput, Error> {
    log.timings.shared_cache = context.tools.cache.account().map(|account| SharedCache {
        hits: account.hits,
        misses: account.misses,
    });
    let name = &context.project.name;
    let names = FileNames::new(name);
    let symbols = symbols_file(names, &files.symbols)?;
    let heap = files.symbols.heap;
    let kept = std::mem::take(&mut log.kept);
    let kept = kept
        .into_iter()
        .map(|(stage, bytes)| OutputFile::new(stage.kept_file(name), ArtifactKind::Stage, bytes));

    let mut warnings = warnings(plan, settled, &contents);
    let module = files.payload.into_file(names);
    let others = files.compressed.into_iter().chain([symbols]);
    let others: Vec<OutputFile> = others.chain(files.machine_code).chain(kept).collect();
    let artifacts = std::iter::once(&module).chain(&others);
    let artifacts = artifacts.map(OutputFile::entry).collect();
    let heap = heap.as_ref();
    let mut report = report::report(context, settled, contents, log, artifacts, heap, &warnings);
    report.component = component::entry(context, &module.bytes)?;
    warnings.extend(budget::judge(context, baseline, &module.bytes, &mut report));
    let files = std::iter::once(module).chain(others);
    Ok(BuildOutput {
        files: files.map(|file| (file.name, file.bytes)).collect(),
        warnings,
        report,
    })
}

fn symbols_file(names: FileNames<'_>, symbols: &SymbolFile) -> Result<OutputFile, Error> {
    let name = names.symbols();
    let bytes = serde_json::to_vec(symbols).map_err(io::Error::other);
    let bytes = bytes.map_err(|error| Error::io("write", Path::new(&name), error))?;
    Ok(OutputFile::new(name, ArtifactKind::Symbols, bytes))
}

/// What the stages warned about, in the order in which it is printed.
fn warnings(plan: &Plan, settled: &Settled, contents: &Contents) -> Vec<Diagnostic> {
    plan.warnings
        .iter()
        .chain(&settled.resolution.warnings)
        .chain(&settled.image.warnings)
        .chain(&contents.owners.warnings)
        .cloned()
        .collect()
}
