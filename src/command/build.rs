//! `pywasm build`: a project's path in, the files of `dist/` and a stage table out.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pywasm_pipeline::{Built, Cache, Plan, Profile};
use pywasm_project::{Optimize, Overrides, Preinit, Project};

use crate::{
    cli::Global,
    command::selection::Selection,
    exit::Exit,
    interrupt::Guarded,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm build                            the project in this folder
  pywasm build app.py                     a single script, without any configuration
  pywasm build --profile dev              quick: no optimizer, no Brotli, sources kept
  pywasm build --include 'plugins.*'      bring modules that no import names
  pywasm build --aot                      machine code for this machine, too
  pywasm build --aot=aarch64-unknown-linux-gnu --cpu neoverse-n1
  pywasm build --format json | jq .artifacts

The files are written to dist/ in the project's folder; for a script, in this folder.";

/// Build a project into one WebAssembly module
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
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
    output: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ProfileName {
    /// As small as it gets
    Release,
    /// As soon as it gets
    Dev,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let overrides = Overrides {
        optimize: options.optimize,
        preinit: if options.no_preinit {
            Some(Preinit::None)
        } else {
            options.preinit
        },
        smoke: match (options.smoke, options.no_smoke) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        },
        allow: options.allow.clone(),
        aot: options.aot.clone(),
        cpu: options.cpu.clone(),
        ..options.selection.overrides()
    };
    let project = Project::load(&options.selection.path, &overrides)?;
    let aot = pywasm_pipeline::aot(&project)?;
    let (project, base, warnings) = options.selection.settings.prepare(&session, project)?;
    let out_dir = options
        .out_dir
        .clone()
        .unwrap_or_else(|| pywasm_pipeline::default_out_dir(&options.selection.path, &project));
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
    let engine = session.engine()?;
    let built = {
        let _progress = session.terminal.spinner("resolve");
        let cache = Cache::new(session.home.cache().join("stages"));
        pywasm_pipeline::build(
            &project,
            &base,
            &plan,
            &engine,
            &cache,
            &session.terminal,
            Guarded::new,
        )?
    };
    tell(&session, options, global, &built)?;
    Ok(Exit::Fine)
}

fn tell(session: &Session, options: &Options, global: &Global, built: &Built) -> anyhow::Result<()> {
    for warning in &built.warnings {
        session.terminal.warning(&warning.to_string(), None);
    }
    if options.output.is_json() {
        output::print_json(&built.report)?;
    } else if !global.quiet {
        output::print(&pywasm_report::table(&built.report))?;
        session
            .terminal
            .note(&format!("wrote {}", built.module.display()));
    }
    Ok(())
}
