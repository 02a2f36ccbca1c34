//! `pywasm bench`: artifacts in, a table or JSON of how quickly they start out, and a chart.

mod chart;
mod figures;
mod measure;
mod memory;
mod plot;
mod result;
mod sizes;
mod subject;
mod table;

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, value_parser};
use pywasm_engine::{Command, Engine, Mount};

use crate::{
    cli::Global,
    command::world::World,
    exit::{Exit, Usage},
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm bench dist/hello.wasm
  pywasm bench dist/hello.wasm --against other/hello.wasm --runs 50 --plot start.svg
  pywasm bench dist/wordcount.wasm --dir texts::/texts -- /texts/a.txt
  pywasm bench dist/hello.wasm --against other.wasm --format json | jq '.artifacts[].total_ms'

Each start loads machine code made ahead of time, instantiates and runs it: the total is
the sum of these three. The artifacts take turns, so that a busy machine hurts all alike.
Components that export wasi:cli/run (0.2) can be compared too. Standard input is empty,
standard output goes nowhere. docs/reference/bench.md says what each figure counts.";

/// Time how an artifact starts, alone or beside others
#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    override_usage = "pywasm bench [OPTIONS] <FILE> [-- <ARGS>...]"
)]
pub(crate) struct Options {
    /// A `.wasm` file; ratios are against this one
    #[arg(required_unless_present = "memory_child")]
    file: Option<PathBuf>,
    /// One more `.wasm` file; may be given again
    #[arg(long, value_name = "FILE")]
    against: Vec<PathBuf>,
    /// How often each artifact is started
    #[arg(long, value_name = "N", default_value = "15", value_parser = value_parser!(u32).range(1..))]
    runs: u32,
    /// How often each artifact is compiled, at most as often as it is started
    #[arg(long, value_name = "N", default_value = "3", value_parser = value_parser!(u32).range(1..))]
    compile_runs: u32,
    /// Draw a chart of the starts into an SVG file
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    world: World,
    /// What the command calls itself with to measure memory
    #[arg(long, hide = true)]
    memory_child: bool,
    #[command(flatten)]
    output: Format,
    /// Arguments of the programs
    #[arg(last = true, value_name = "ARGS")]
    args: Vec<String>,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let Some(file) = &options.file else {
        return memory::child();
    };
    if let Some(plot) = &options.plot {
        check_plot(plot)?;
    }
    let command = Command {
        args: options.args.clone(),
        env: options.world.variables()?,
        mounts: options.world.mounts()?,
        ..Command::default()
    };
    for mount in &command.mounts {
        check_mount(mount)?;
    }
    let paths: Vec<_> = std::iter::once(file).chain(&options.against).collect();
    let subjects = subject::read(&paths)?;

    let session = Session::new(global)?;
    let plan = measure::Plan {
        runs: options.runs,
        compile_runs: options.compile_runs.min(options.runs),
        command,
    };
    let engine = Engine::new(None)?;
    let sizes = sizes::brotli(&session, &subjects);
    let measured = measure::all(&session, &engine, &subjects, &plan)?;
    let result = result::Bench::new(&subjects, &sizes, &measured, &plan);

    if let Some(path) = &options.plot {
        plot::write(&result, path).with_context(|| format!("cannot write {}", path.display()))?;
        session.terminal.note(&format!("wrote {}", path.display()));
    }
    if options.output.is_json() {
        output::print_json(&result)?;
    } else {
        output::print(&table::table(&result))?;
        if !global.quiet && std::io::stdout().is_terminal() {
            output::print(&chart::chart(&result))?;
        }
    }
    Ok(Exit::Fine)
}

/// Programs are started long after the command itself; a folder that is not there is told at once.
fn check_mount(mount: &Mount) -> anyhow::Result<()> {
    if mount.host.is_dir() {
        return Ok(());
    }
    Err(Usage::mark(anyhow::anyhow!(
        "--dir {host}: there is no folder {host}\nhint: make it, or name another as HOST::GUEST",
        host = mount.host.display()
    )))
}

/// The chart is drawn last; a path that cannot be written is better told at once.
fn check_plot(path: &Path) -> anyhow::Result<()> {
    let name = path.display();
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if path.extension().is_none_or(|end| end != "svg") {
        return Err(Usage::mark(anyhow::anyhow!(
            "--plot {name}: charts are SVG files\nhint: give a name that ends in .svg"
        )));
    }
    if path.is_dir() {
        return Err(Usage::mark(anyhow::anyhow!(
            "--plot {name}: this is a folder\nhint: name a file in it, for example {}",
            path.join("bench.svg").display()
        )));
    }
    if !folder.is_dir() {
        return Err(Usage::mark(anyhow::anyhow!(
            "--plot {name}: there is no folder {}\nhint: make it first",
            folder.display()
        )));
    }
    Ok(())
}
