//! Times how artifacts start and prints a table or JSON: `pywasm bench`.

use std::{env, io::IsTerminal as _, path::PathBuf};

use anyhow::Context as _;
use clap::{Args, value_parser};
use pywasm_bench::{MemoryProgram, Plan};
use pywasm_engine::Command;

use crate::{
    cli::Global,
    command::world::World,
    exit::Exit,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm bench dist/hello.wasm
  pywasm bench dist/hello.wasm --against other/hello.wasm --runs 50 --plot start.svg
  pywasm bench dist/wordcount.wasm --dir texts::/texts -- /texts/a.txt
  pywasm bench dist/shop.wasm --invoke 'price(\"apple\", 3)'
  pywasm bench dist/hello.wasm --against other.wasm --format json | jq '.artifacts[].total_ms'

Each start loads machine code made ahead of time, instantiates and runs it: the total is
the sum of these three. The artifacts take turns, so that a busy machine affects all of them alike.
A component that exports wasi:cli/run (0.2) runs; of others, a function is called. Standard input is empty,
standard output goes nowhere. docs/reference/bench.md says what each figure counts.";

/// Measure how fast artifacts start
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
    /// Call this function of a component, with values as WAVE writes them; without it, the only one that
    /// takes no arguments
    #[arg(long, value_name = "CALL")]
    invoke: Option<String>,
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
        output::print_json(&pywasm_bench::measure_memory(std::io::stdin().lock())?)?;
        return Ok(Exit::Fine);
    };
    if let Some(plot) = &options.plot {
        pywasm_bench::check_plot(plot)?;
    }
    let plan = Plan {
        runs: options.runs,
        compile_runs: options.compile_runs.min(options.runs),
        command: Command {
            args: options.args.clone(),
            env: options.world.variables()?,
            mounts: options.world.mounts()?,
            ..Command::default()
        },
        invoke: options.invoke.clone(),
        memory: MemoryProgram {
            program: env::current_exe().context("cannot find the pywasm program itself")?,
            args: ["bench", "--memory-child"].map(Into::into).to_vec(),
        },
    };
    let paths: Vec<_> = std::iter::once(file).chain(&options.against).collect();
    let session = Session::new(global)?;
    let result = {
        let _progress = session.terminal.spinner("preparing");
        pywasm_bench::compare(&paths, &plan, &session.home.cache(), &session.terminal)?
    };
    if let Some(path) = &options.plot {
        pywasm_bench::write_plot(&result, path)?;
        session.terminal.note(&format!("wrote {}", path.display()));
    }
    if options.output.is_json() {
        output::print_json(&result)?;
    } else {
        output::print(&pywasm_bench::render_table(&result))?;
        if !global.quiet && std::io::stdout().is_terminal() {
            output::print(&pywasm_bench::render_chart(&result))?;
        }
    }
    Ok(Exit::Fine)
}
