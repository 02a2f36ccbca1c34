//! Builds a project into `dist/` and prints the table of stages: `pywasm build`.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use pywasm::{Artifact, BuildOptions, Builder, Profile, Project};
use pywasm_project::{Optimize, Preinit};
use pywasm_report::{Report, budget::render_budget_table};

use crate::{
    cli::Global,
    command::{budget, selection::Selection, watch, workspace},
    exit::Exit,
    github::{self, Annotation},
    interrupt::Guard,
    output::{self, CiFormat},
    session::{Session, explained},
};

const EXAMPLES: &str = "\
Examples:
  pywasm build                            the project in this folder
  pywasm build app.py                     a single script, without any configuration
  pywasm build --profile dev              quick: no optimizer, no Brotli, sources kept
  pywasm build --watch --run              build and run again after each change
  pywasm build --include 'plugins.*'      include modules that no import names
  pywasm build --aot                      machine code for this machine, too
  pywasm build --aot=x86_64-unknown-linux-gnu --cpu x86-64-v3
  pywasm build --format json | jq .artifacts
  pywasm build --workspace services       all projects below a folder
  pywasm build --frozen --format github   in CI: writes nothing outside of the project

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
    /// How to build [default: release, with --watch dev]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<ProfileName>,
    /// Build again whenever a file of the project changes
    #[arg(long, conflicts_with = "workspace")]
    watch: bool,
    /// Run the artifact after each build, and end it when a file changes
    #[arg(long, requires = "watch")]
    run: bool,
    /// What to optimize for, `size` or `speed`; or Binaryen's level: off, 2, 3, 4, s or z [default: size]
    #[arg(short = 'O', long, value_name = "AIM")]
    optimize: Option<Optimize>,
    /// What the artifact's snapshot holds: none, interpreter, stdlib or app [default: stdlib]
    #[arg(long, value_name = "MODE")]
    preinit: Option<Preinit>,
    /// The same as `--preinit none`
    #[arg(long, conflicts_with = "preinit")]
    no_preinit: bool,
    /// Let modules do this while the program is rehearsed: `clock`, `entropy:package.*`
    #[arg(long, value_name = "KIND[:MODULE]")]
    allow: Vec<String>,
    /// Start the artifact once and import the app's modules before writing any file
    #[arg(long, overrides_with = "no_smoke")]
    smoke: bool,
    /// Skip the smoke test even if pyproject.toml turns it on
    #[arg(long, overrides_with = "smoke")]
    no_smoke: bool,
    /// Where the files are written [default: dist/]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// Keep each stage's module as NAME.STAGE.wasm
    #[arg(long)]
    keep_stages: bool,
    /// Show the Brotli size of each stage's module too; takes some seconds for each stage
    #[arg(long)]
    stage_brotli: bool,
    /// Also compile ahead of time: host, a target triple, wasmedge or wasmer
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
    /// As small as possible
    Release,
    /// As fast as possible
    Dev,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Release => Self::Release,
            ProfileName::Dev => Self::Dev,
        }
    }
}

impl Options {
    fn profile(&self) -> ProfileName {
        self.profile.unwrap_or(match self.watch {
            true => ProfileName::Dev,
            false => ProfileName::Release,
        })
    }

    /// Whether the artifact runs after each build.
    pub(crate) fn runs(&self) -> bool {
        self.run
    }

    pub(crate) fn build_options(&self) -> BuildOptions {
        BuildOptions {
            profile: self.profile().into(),
            keep_stages: self.keep_stages,
            stage_brotli: self.stage_brotli,
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
            ..self.selection.build_options()
        }
    }
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    github::annotate_result(
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
            false => session.freeze(&Project::load(path, &options.build_options())?.root),
        }
    }
    if options.workspace {
        return workspace::run(options, global, &session);
    }
    let builder = options.selection.settings.builder(&session);
    let once = |builder: &Builder<'_>| -> anyhow::Result<(Exit, PathBuf)> {
        let (project, built) = build(&session, options, path, builder)?;
        print_result(&session, options, global, &built)?;
        Ok((verdict(&session, options, &project, &built), built.module))
    };
    match options.watch {
        true => watch::run(&session, &builder, &|builder| Ok(once(builder)?.1), options),
        false => Ok(once(&builder)?.0),
    }
}

/// Builds the project at `path` and writes its files; gives it with what its build made.
pub(crate) fn build(
    session: &Session,
    options: &Options,
    path: &Path,
    builder: &Builder<'_>,
) -> anyhow::Result<(Project, BuildResult)> {
    let project = builder.load(path, &options.build_options())?;
    let out_dir = options
        .out_dir
        .clone()
        .unwrap_or_else(|| pywasm::default_out_dir(path, &project));
    let _progress = session.terminal.spinner("preparing");
    let prepared = builder.prepare_project(project).map_err(explained)?;
    let artifact = builder.build(&prepared)?;
    let _guard = Guard::new();
    let module = artifact.write_to(&out_dir)?;
    Ok((prepared.project, BuildResult { module, artifact }))
}

/// What a build wrote.
pub(crate) struct BuildResult {
    /// The module's file.
    pub(crate) module: PathBuf,
    pub(crate) artifact: Artifact,
}

/// Says which budgets are exceeded, and how the build ends for that.
pub(crate) fn verdict(session: &Session, options: &Options, project: &Project, built: &BuildResult) -> Exit {
    if options.profile() == ProfileName::Dev && !project.budget.is_empty() {
        session.terminal.note("budgets are not judged with --profile dev");
    }
    budget::report_exceeded(&session.terminal, &project.budget, &built.artifact.report.budgets)
}

fn print_result(
    session: &Session,
    options: &Options,
    global: &Global,
    built: &BuildResult,
) -> anyhow::Result<()> {
    if options.output.is_github() {
        return report_github(options, built);
    }
    for warning in &built.artifact.warnings {
        session.terminal.warning(&warning.to_string(), None);
    }
    if options.output.is_json() {
        output::print_json(&built.artifact.report)?;
    } else if !global.quiet {
        output::print(&pywasm_report::render_table(&built.artifact.report))?;
        output::print(&render_budget_table(&built.artifact.report.budgets))?;
        session
            .terminal
            .note(&format!("wrote {}", built.module.display()));
    }
    Ok(())
}

fn report_github(options: &Options, built: &BuildResult) -> anyhow::Result<()> {
    let report = &built.artifact.report;
    output::print(&pywasm_report::render_table(report))?;
    output::print(&render_budget_table(&report.budgets))?;
    annotate(&options.selection.path, report)
}

/// Annotates what a report tells of the project at `path`, and adds it to the step's page.
pub(crate) fn annotate(path: &Path, report: &Report) -> anyhow::Result<()> {
    let warnings = report.warnings.iter().map(Annotation::from_warning);
    let budgets = report.budgets.iter().filter_map(Annotation::from_budget);
    github::annotate(path, &warnings.chain(budgets).collect::<Vec<_>>())?;
    github::summary(&pywasm_report::render_markdown(report))
}
