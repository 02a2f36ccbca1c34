//! A project in, the files of `dist/` out: the ordered stages, and the cache that keeps what
//! they made. The terminal is the caller's; what happens goes to an [`Observer`].

mod budget;
mod dist;
mod error;
mod stage;
mod tell;
mod trace;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use pywasm_base::Base;
use pywasm_cache as cache;
use pywasm_diagnostic::Diagnostic;
use pywasm_engine::Engine;
use pywasm_project::{Preinit, Project, Settings};
use pywasm_release::record::Record;
use pywasm_report::{Report, SharedCache, Stage};
use pywasm_resolve::ModuleGraph;

pub use cache::Cache;
pub use dist::write;
pub use error::Error;
pub use pywasm_report::Profile;
pub use stage::aot::{Aot, aot, is_local_target};
pub use trace::{Ended, Trace, World, trace};

use dist::File;
use stage::{StageLog, Tools, preinit::Outcome, shake::Start};

/// What to do with a project, besides what its configuration says.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to compile the finished module to ahead of time; [`aot`] reads it from a project.
    pub aot: Vec<Aot>,
    /// What is to be told before the stages' own warnings.
    pub warnings: Vec<Diagnostic>,
    /// Where the files are written.
    pub out_dir: PathBuf,
}

/// Is told what happens.
pub trait Observer: Sync {
    /// A stage begins.
    fn stage(&self, name: &str);

    /// Whether the user wants the build to stop.
    fn stopped(&self) -> bool {
        false
    }
}

/// What a build made.
#[derive(Debug)]
pub struct Built {
    /// The module's file.
    pub module: PathBuf,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
    /// The content of the report.
    pub report: Report,
}

/// What a build makes, before anything of it is written.
#[derive(Debug)]
pub struct Made {
    /// Name to content: what the report lists, and nothing else.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
    /// The content of the report.
    pub report: Report,
}

/// Builds `project` on `base`. `guard` is called before the first file of `dist/` is replaced,
/// and before another program runs; what it returns lives until that is over.
///
/// # Errors
/// When a stage fails; nothing has been written then.
pub fn build<G>(
    project: &Project,
    base: &Base,
    plan: &Plan,
    engine: &Engine,
    cache: &Cache,
    observer: &dyn Observer,
    guard: impl Fn() -> G,
) -> Result<Built, Error> {
    let made = make(project, base, plan, engine, cache, observer, &guard)?;
    let _guard = guard();
    let name = &project.name;
    dist::write(&plan.out_dir, name, &made.files, &made.report)?;
    Ok(Built {
        module: plan.out_dir.join(format!("{name}.wasm")),
        warnings: made.warnings,
        report: made.report,
    })
}

/// As [`build`], and writes nothing.
///
/// # Errors
/// When a stage fails.
pub fn make<G>(
    project: &Project,
    base: &Base,
    plan: &Plan,
    engine: &Engine,
    cache: &Cache,
    observer: &dyn Observer,
    guard: impl Fn() -> G,
) -> Result<Made, Error> {
    let Settings {
        profile,
        optimize,
        preinit,
        ..
    } = project.settings;
    let baseline = budget::baseline(project, profile)?;
    let mut log = StageLog::new(
        observer,
        project.settings.stage_brotli,
        project.settings.keep_stages,
    );
    let mut reached = stage::resolve::run(project, base, profile, preinit, &mut log)?;
    let tools = Tools { base, engine, cache };
    let image_of = |reached: &_| stage::bundle::image(reached, project, tools, profile, preinit);
    let mut image = log.time(Stage::Bundle, || image_of(&reached))?;
    let linked = stage::link::run(
        project,
        &reached.graph,
        optimize,
        tools,
        observer,
        &mut log,
        &guard,
    )?;
    // What an interpreter has imported tells what it can still need, so it starts first.
    let mut started = None;
    if preinit != Preinit::None
        && let Some(twin) = stage::shake::twin(&linked, &reached.graph, cache, &mut log)?
    {
        started = Some(loop {
            let outcome = log.time(Stage::Preinit, || {
                stage::preinit::start(&twin, &image, &reached, project, preinit, engine)
            })?;
            match outcome {
                Outcome::Done(started) => break started,
                // Each round leaves more modules to the start than the one before.
                Outcome::Unfit(modules) => reached.graph.hooks.late.extend(modules),
            }
            image = log.time(Stage::Bundle, || image_of(&reached))?;
        });
    }
    let start = match &started {
        None => Start::Whole,
        Some(started) => Start::Snapshot {
            compiles: reached.graph.needs_compiler_after(&started.modules()),
        },
    };
    let shaken = stage::shake::run(&linked, &reached.graph, start, cache, &mut log)?;
    let optimized = stage::optimize::run(&shaken, optimize, cache, &mut log)?;
    let mut bundled = stage::bundle::run(&optimized, &image, &mut log)?;
    if let (Some(started), Some(twin)) = (&started, &shaken.twin) {
        bundled = stage::preinit::run(&bundled, started, twin, &reached, &mut log)?;
    }
    if let Some(image) = &image.smoke {
        log.time(Stage::Smoke, || {
            stage::smoke::run(&optimized, shaken.twin.as_ref(), image, engine)
        })?;
    }
    let started = started.into_iter().flat_map(|started| started.warnings);
    let owners = log.time(Stage::Bundle, || {
        stage::distributions::run(&project.paths, &reached.graph, &image.data)
    });
    let mut warnings: Vec<Diagnostic> = plan
        .warnings
        .iter()
        .chain(&reached.warnings)
        .chain(&image.warnings)
        .chain(&owners.warnings)
        .cloned()
        .chain(started)
        .collect();
    let inputs = log.time(Stage::Bundle, || stage::inputs::run(project, &reached, &linked))?;
    let made_from = Record::new(env!("CARGO_PKG_VERSION"), base.id(), &inputs);
    let stripped = stage::strip::run(bundled, profile, &made_from, &mut log)?;
    let compressed = stage::compress::run(&stripped, profile, cache, &mut log)?;
    let name = &project.name;
    let ahead_of_time = stage::aot::run(
        &stripped.module,
        name,
        &plan.aot,
        cache,
        observer,
        &mut log,
        &guard,
    )?;
    log.finish();
    log.timings.shared_cache = cache.account().map(|account| SharedCache {
        hits: account.hits,
        misses: account.misses,
    });

    let symbols = stage::symbols::run(stripped.symbols, &shaken, &reached.graph, base)?;
    let symbols = serde_json::to_vec(&symbols).map_err(std::io::Error::other);
    let symbols = symbols.map_err(|error| Error::io("write", &plan.out_dir, error))?;
    let mut files = vec![File::new(format!("{name}.wasm"), "wasm", stripped.module)];
    files.extend(compressed.map(|bytes| File::new(format!("{name}.wasm.br"), "brotli", bytes)));
    files.push(File::new(format!("{name}.symbols.json"), "symbols", symbols));
    files.extend(ahead_of_time);
    let kept = std::mem::take(&mut log.kept);
    files.extend(
        kept.into_iter()
            .map(|(stage, bytes)| File::new(stage.kept_file(name), "stage", bytes)),
    );

    let about = tell::About {
        project,
        base,
        graph: &reached.graph,
        image_bytes: &image.module_bytes,
        owners: &owners,
    };
    let artifacts = files.iter().map(File::artifact).collect();
    let mut report = tell::report(&about, log, artifacts, image.data, inputs, &warnings);
    warnings.extend(budget::judge(
        project,
        profile,
        &baseline,
        &files[0].bytes,
        &mut report,
    ));
    Ok(Made {
        files: files.into_iter().map(|file| (file.name, file.bytes)).collect(),
        warnings,
        report,
    })
}

/// The module graph of a project, without a build; for questions about it.
///
/// # Errors
/// When an import leads nowhere or a source cannot be parsed.
pub fn graph(project: &Project, base: &Base) -> Result<(ModuleGraph, Vec<Diagnostic>), Error> {
    let resolved = pywasm_resolve::resolve(&stage::resolve::request(
        project,
        base,
        Profile::Release,
        Preinit::None,
    )?)?;
    Ok((resolved.graph, resolved.warnings))
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
pub fn inspect(project: &Project, base: &Base) -> Result<Inspection, Error> {
    let request = stage::resolve::request(project, base, Profile::Release, Preinit::None)?;
    let (graph, errors, warnings) = match pywasm_resolve::resolve(&request) {
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
