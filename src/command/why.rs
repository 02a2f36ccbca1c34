//! Shows the shortest chain of imports that brings a module into the artifact, or, with `--size`, what
//! keeps it there and what would be removed with it, or, with `--start`, what each start has to do:
//! `pywasm why`.

use std::path::{Path, PathBuf};

use clap::Args;
use pywasm::outputs::{self, StartTime};
use pywasm_project::closest;
use pywasm_report::{Report, StartReport, format_size};
use pywasm_resolve::{Chain, ModuleGraph};
use pywasm_size::{Explanation, Item};
use serde::Serialize;

use crate::{
    cli::Global,
    command::selection::Selection,
    exit::Exit,
    failure::CommandError,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm why decimal
  pywasm why asyncio.streams my/project
  pywasm why json --format json app.py
  pywasm why --size decimal                      in the artifact in dist/
  pywasm why --size PyDict_New dist/hello.wasm   functions and data, too
  pywasm why --start                             where the snapshot of the artifact in dist/ ends

Exit codes: 0 when the module is in the artifact, 1 when it is not.";

/// So many things are shown that would leave with one.
const SHOWN: usize = 10;

/// Show why a module is in the artifact
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The module, by its dotted name; with --size also a function or data
    #[arg(required_unless_present = "start")]
    module: Option<String>,
    /// Show how far the program has run at build time, and what each start of the artifact has to do;
    /// starts it a few times to say how long that takes
    #[arg(long, conflicts_with = "size")]
    start: bool,
    /// Show what keeps it in a built artifact, and how many bytes that costs
    #[arg(long)]
    size: bool,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: Format,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let Some(module) = options.module.as_deref().filter(|_| !options.start) else {
        return why_start(options, global);
    };
    if options.size {
        return why_size(options, module);
    }
    let session = Session::new(global)?;
    let build_options = options.selection.build_options();
    let (builder, prepared) = options.selection.prepare(&session, &build_options)?;
    let (graph, _) = builder.graph(&prepared)?;
    match graph.why(module) {
        Some(chain) if options.output.is_json() => output::print_json(&chain)?,
        Some(chain) => output::print(&text(&chain))?,
        None => return Err(absent(&graph, module).into()),
    }
    Ok(Exit::Fine)
}

/// With `--start`, the only argument is the project or the artifact.
fn why_start(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let path = options.module.as_ref().map(PathBuf::from);
    let path = path.unwrap_or_else(|| options.selection.path.clone());
    let file = outputs::find_report(&path)?;
    let report = outputs::read_report(&file)?;
    let Some(start) = &report.start else {
        let message = format!("{} says nothing of a snapshot", file.display());
        let hint = "build with this version of pywasm, and not with preinit = \"none\"";
        return Err(CommandError::work(message).with_hint(hint).into());
    };
    let time = match outputs::module_of(&file, &report) {
        Some((module, _)) if module.is_file() && !needs_host(&report) => Some(measure(&module, global)?),
        _ => None,
    };
    if options.output.is_json() {
        output::print_json(&StartAnswer { start, time })?;
    } else {
        output::print(&(start.render() + &time.map(|time| time.render()).unwrap_or_default()))?;
    }
    Ok(Exit::Fine)
}

/// Whether it is a component that imports more than WASI, so that it cannot start here.
fn needs_host(report: &Report) -> bool {
    let component = report.component.as_ref();
    component.is_some_and(|component| component.imports.iter().any(|name| !name.starts_with("wasi:")))
}

/// What `--start --format json` prints.
#[derive(Serialize)]
struct StartAnswer<'a> {
    #[serde(flatten)]
    start: &'a StartReport,
    /// How long a start takes; nothing where the artifact is not there, or needs a host of its own.
    time: Option<StartTime>,
}

fn measure(module: &Path, global: &Global) -> anyhow::Result<StartTime> {
    let session = Session::new(global)?;
    let engine = session.engine()?;
    let wasm = outputs::read_program(module)?;
    let program = {
        let _progress = session.terminal.spinner("compiling the module");
        engine.load_any(&wasm)?
    };
    let name = module.file_name().unwrap_or(module.as_os_str()).to_string_lossy();
    let _progress = session.terminal.spinner("starting the artifact");
    Ok(outputs::measure_start(&engine, &program, &name)?)
}

fn why_size(options: &Options, module: &str) -> anyhow::Result<Exit> {
    let opened = outputs::open_module(&options.selection.path, false)?;
    let analysis = &opened.analysis;
    if !analysis.knows_keepers() {
        let message = format!("nothing tells who keeps what in {}", opened.path.display());
        let hint = "`pywasm build` writes a NAME.symbols.json, which belongs beside it";
        return Err(CommandError::work(message).with_hint(hint).into());
    }
    let Some(why) = analysis.explain(module) else {
        let hint = match closest(module, analysis.names()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "`pywasm size --all` shows what is in it".to_owned(),
        };
        let message = format!("{} has no `{}`", opened.path.display(), module);
        return Err(CommandError::work(message).with_hint(hint).into());
    };
    if options.output.is_json() {
        output::print_json(&why)?;
    } else {
        output::print(&why_text(&why))?;
    }
    Ok(Exit::Fine)
}

fn why_text(why: &Explanation) -> String {
    let line = |thing: &Item| format!("{} {}, {}\n", thing.kind, thing.name, format_size(thing.retained));
    let mut text = String::new();
    for (level, thing) in why.chain.iter().enumerate() {
        let how = if level == 0 { "" } else { "  is kept by " };
        text += &format!("{how}{}", line(thing));
    }
    text += "  which the program itself keeps\n";
    if !why.keeps.is_empty() {
        text += "with it would leave\n";
    }
    for thing in why.keeps.iter().filter(|thing| thing.retained > 0).take(SHOWN) {
        text += &format!("  {}", line(thing));
    }
    let more = why.keeps.len().saturating_sub(SHOWN);
    if more > 0 {
        text += &format!("  and {more} more\n");
    }
    text
}

fn text(chain: &Chain) -> String {
    let mut text = String::new();
    for step in &chain.steps {
        let edge = &step.edge;
        text += &match &step.importer {
            None => format!("{} ({})\n", edge.target, edge.kind.as_str()),
            Some(importer) => {
                let place = match edge.line.filter(|_| !step.file.is_empty()) {
                    Some(line) => format!(", {}:{line}", step.file),
                    None => String::new(),
                };
                format!(
                    "  {importer} -> {} ({}{place})\n",
                    edge.target,
                    edge.kind.as_str()
                )
            }
        };
    }
    text
}

fn absent(graph: &ModuleGraph, module: &str) -> CommandError {
    let hint = match closest(module, graph.modules.keys().map(String::as_str)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "`pywasm graph` lists what is in it; `--include` brings a module".to_owned(),
    };
    CommandError::work(format!("the artifact has no module `{module}`")).with_hint(hint)
}
