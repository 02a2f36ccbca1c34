//! Defines the command line: the global options and the commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::command;

const EXAMPLES: &str = "\
Examples:
  pywasm init hello && cd hello      write a small project
  pywasm build                       build the project in this folder into dist/
  pywasm build app.py                build a single script
  pywasm run dist/hello.wasm -- Ada  run the module
  pywasm check                       show what cannot run on WASI, and what to do
  pywasm trace -- Ada                find imports and files that the build cannot see
  pywasm why decimal                 show what imports a module
  pywasm size                        show what the bytes of the artifact are
  pywasm diff baseline/ dist/        show what changed between two builds
  pywasm budget                      judge the last build's size
  pywasm release                     build files to publish, which anybody can verify
  pywasm publish oci://HOST/hello:1  push it to a registry; `pywasm run` takes it from there
  pywasm bench dist/hello.wasm       measure how fast it starts

Exit codes: 0 success, 1 the build failed, 2 wrong usage or configuration, 3 a budget is exceeded,
4 `pywasm check` found what cannot run, 5 `pywasm verify` found what differs.
`pywasm run` exits with the program's own code.";

/// Builds a Python project into one small, self-contained WebAssembly module.
#[derive(Debug, Parser)]
#[command(name = "pywasm", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// Print nothing but results, warnings and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to use colour; `auto` honours NO_COLOR and looks for a terminal
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
    /// Never use the network
    #[arg(long, global = true, env = "PYWASM_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) offline: bool,
    /// Where bases and caches are kept [default: the platform's cache folder]
    #[arg(
        long,
        global = true,
        env = "PYWASM_HOME",
        value_name = "DIR",
        hide_env_values = true
    )]
    pub(crate) home: Option<PathBuf>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Build(command::build::Options),
    Run(command::run::Options),
    Check(command::check::Options),
    Trace(command::trace::Options),
    Why(command::why::Options),
    Graph(command::graph::Options),
    Bindings(command::bindings::Options),
    Size(command::size::Options),
    Diff(command::diff::Options),
    Budget(command::budget::Options),
    Bench(command::bench::Options),
    Release(command::release::Options),
    Verify(command::verify::Options),
    Sbom(command::sbom::Options),
    Publish(command::publish::Options),
    Pull(command::pull::Options),
    Base(command::base::Options),
    Init(command::init::Options),
    Doctor(command::doctor::Options),
    Clean(command::clean::Options),
    Completions(command::completions::Options),
}
