//! `pywasm build`: a project's path in, the files of `dist/` and a stage table out.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use clap::{Args, ValueEnum};
use pywasm_base::Base;
use pywasm_engine::Engine;
use pywasm_pipeline::{Built, Plan, Profile};
use pywasm_project::{Optimize, Overrides, Preinit, Project};
use pywasm_report::{Report, budget::budget_table};

use crate::{
    cli::Global,
    command::{budget, selection::Selection, workspace},
    exit::Exit,
    github::{self, Annotation},
    interrupt::Guarded,
    output::{self, CiFormat},
    session::Session,
    shared_cache,
};

const EXAMPLES: &str = "\
Examples:
  pywasm build                            the project in this folder
  pywasm build app.py                     a single script, without any configuration
  pywasm build --profile dev              quick: no optimizer, no Brotli, sources kept
  pywasm build --include 'plugins.*'      bring modules that no import names
  pywasm build --aot                      machine code for this machine, too
  pywasm build --aot=x86_64-unknown-linux-gnu --cpu x86-64-v3
  pywasm build --format json | jq .artifacts
  pywasm build --workspace services       all projects below a folder
  pywasm build --frozen --format github   in CI: nothing is written outside of the project

The files are written to dist/ in the project's folder; for a script, in this folder.";

/// Build a project into one WebAssembly module
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Build all projects in the folder and below it, side by side
    #[arg(long, conflicts_with_all = ["entry", "name", "out_dir"])]
    workspace: bool,
    /// How many projects of a workspace are built at a time [default: by processors and memory]
    #[arg(long, value_name = "N", requires = "workspace")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// How to build
    #[arg(long, value_name = "PROFILE", default_value = "release")]
    profile: ProfileName,
    /// What to optimize for, `size` or `speed`; or Binaryen's level: off, 2, 3, 4, s or z [default: size]
    #[arg(short = 'O', long, value_name = "AIM")]
    optimize: Option<Optimize>,
    /// How far the snapshot goes that the artifact starts from: none, interpreter, stdlib or app [default: stdlib]
    #[arg(long, value_name = "MODE")]
    preinit: Option<Preinit>,
    /// The same as `--preinit none`
    #[arg(long, conflicts_with = "preinit")]
    no_preinit: bool,
    /// Say nothing of what a module does while it is imported for the snapshot: `clock`, `entropy:package.*`
    #[arg(long, value_name = "KIND[:MODULE]")]
    allow: Vec<String>,
    /// Start the artifact once and import the app's modules before anything is written
    #[arg(long, overrides_with = "no_smoke")]
    smoke: bool,
    /// Do not, whatever pyproject.toml says
    #[arg(long, overrides_with = "smoke")]
    no_smoke: bool,
    /// Where the files are written [default: dist/]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// Keep each stage's module as NAME.STAGE.wasm
    #[arg(long)]
    keep_stages: bool,
    /// Tell the Brotli size of each stage's module too; costs some seconds a stage
    #[arg(long)]
    stage_brotli: bool,
    /// Compile ahead of time, too: host, a target triple, wasmedge or wasmer
    #[arg(
        long,
        value_name = "TARGET",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "host"
    )]
    aot: Vec<String>,
    /// The CPU to compile ahead of time for, such as x86-64-v3 [default: native for host, else the least]
    #[arg(long, value_name = "NAME")]
    cpu: Option<String>,
    #[command(flatten)]
    pub(crate) output: CiFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ProfileName {
    /// As small as it gets
    Release,
    /// As soon as it gets
    Dev,
}

impl Options {
    fn overrides(&self) -> Overrides {
        Overrides {
            optimize: self.optimize,
            preinit: if self.no_preinit {
                Some(Preinit::None)
            } else {
                self.preinit
            },
            smoke: match (self.smoke, self.no_smoke) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            allow: self.allow.clone(),
            aot: self.aot.clone(),
            cpu: self.cpu.clone(),
            ..self.selection.overrides()
        }
    }
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    github::tell_failure(
        options.output.is_github(),
        &options.selection.path,
        begin(options, global),
    )
}

fn begin(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let path = &options.selection.path;
    if options.selection.settings.is_frozen() {
        // The projects of a workspace share its cache.
        match options.workspace {
            true => session.freeze(path),
            false => session.freeze(&Project::load(path, &options.overrides())?.root),
        }
    }
    if options.workspace {
        return workspace::run(options, global, &session);
    }
    let (project, built) = build(&session, options, path, &Shared::new(&session)?)?;
    tell(&session, options, global, &built)?;
    Ok(verdict(&session, options, &project, &built))
}

/// What was asked for as a base: an id, and a version of Python.
type Asked = (Option<String>, Option<String>);

/// What all builds of one process use.
pub(crate) struct Shared {
    engine: Engine,
    bases: Mutex<BTreeMap<Asked, Base>>,
}

impl Shared {
    pub(crate) fn new(session: &Session) -> anyhow::Result<Self> {
        Ok(Self {
            engine: session.engine()?,
            bases: Mutex::default(),
        })
    }

    /// The base of a project. One that has to be built is built once, while others wait for it.
    fn base(&self, session: &Session, project: &Project) -> anyhow::Result<Base> {
        let mut bases = self.bases.lock().unwrap_or_else(PoisonError::into_inner);
        let asked: Asked = (project.base.clone(), project.python.clone());
        if let Some(base) = bases.get(&asked) {
            return Ok(base.clone());
        }
        let base = session.base(asked.0.as_deref(), asked.1.as_deref())?;
        bases.insert(asked, base.clone());
        Ok(base)
    }
}

/// Builds the project at `path`; gives it with what its build made.
pub(crate) fn build(
    session: &Session,
    options: &Options,
    path: &Path,
    shared: &Shared,
) -> anyhow::Result<(Project, Built)> {
    let project = Project::load(path, &options.overrides())?;
    let aot = pywasm_pipeline::aot(&project)?;
    let cache = shared_cache::open(session, &project)?;
    let base = shared.base(session, &project)?;
    let (project, base, warnings) = options.selection.settings.prepare_on(session, project, base)?;
    let out_dir = options
        .out_dir
        .clone()
        .unwrap_or_else(|| pywasm_pipeline::default_out_dir(path, &project));
    let plan = Plan {
        profile: match options.profile {
            ProfileName::Release => Profile::Release,
            ProfileName::Dev => Profile::Dev,
        },
        keep_stages: options.keep_stages,
        stage_brotli: options.stage_brotli,
        aot,
        warnings,
        out_dir,
    };
    let _progress = session.terminal.spinner(pywasm_report::Stage::Resolve.name());
    let built = pywasm_pipeline::build(
        &project,
        &base,
        &plan,
        &shared.engine,
        &cache,
        &session.terminal,
        Guarded::new,
    );
    shared_cache::finish(session, &cache);
    Ok((project, built?))
}

/// Says which budgets are exceeded, and how the build ends for that.
pub(crate) fn verdict(session: &Session, options: &Options, project: &Project, built: &Built) -> Exit {
    if options.profile == ProfileName::Dev && !project.budget.is_empty() {
        session.terminal.note("budgets are not judged with --profile dev");
    }
    budget::tell_exceeded(&session.terminal, &project.budget, &built.report.budgets)
}

fn tell(session: &Session, options: &Options, global: &Global, built: &Built) -> anyhow::Result<()> {
    if options.output.is_github() {
        return tell_github(options, built);
    }
    for warning in &built.warnings {
        session.terminal.warning(&warning.to_string(), None);
    }
    if options.output.is_json() {
        output::print_json(&built.report)?;
    } else if !global.quiet {
        output::print(&pywasm_report::table(&built.report))?;
        output::print(&budget_table(&built.report.budgets))?;
        session
            .terminal
            .note(&format!("wrote {}", built.module.display()));
    }
    Ok(())
}

fn tell_github(options: &Options, built: &Built) -> anyhow::Result<()> {
    let report = &built.report;
    output::print(&pywasm_report::table(report))?;
    output::print(&budget_table(&report.budgets))?;
    annotate(&options.selection.path, report)
}

/// Annotates what a report tells of the project at `path`, and adds it to the step's page.
pub(crate) fn annotate(path: &Path, report: &Report) -> anyhow::Result<()> {
    let warnings = report.warnings.iter().map(Annotation::of_warning);
    let budgets = report.budgets.iter().filter_map(Annotation::of_budget);
    github::annotate(path, &warnings.chain(budgets).collect::<Vec<_>>())?;
    github::summary(&pywasm_report::markdown(report))
}
