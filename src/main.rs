//! The `pywasm` command: reads arguments, calls the crates of this workspace, and prints the results.

mod cli;
#[cfg(test)]
mod cli_page;
mod command;
mod exit;
mod failure;
mod github;
mod interrupt;
mod output;
mod session;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{
    cli::{Cli, Command},
    exit::Exit,
    terminal::Terminal,
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = match interrupt::listen().and_then(|()| run(&cli)) {
        Ok(exit) => exit,
        Err(error) => {
            Terminal::new(&cli.global).error(&error);
            failure::exit_for(&error)
        }
    };
    exit.into()
}

fn run(cli: &Cli) -> anyhow::Result<Exit> {
    match &cli.command {
        Command::Build(options) => command::build::run(options, &cli.global),
        Command::Release(options) => command::release::run(options, &cli.global),
        Command::Verify(options) => command::verify::run(options, &cli.global),
        Command::Run(options) => command::run::run(options, &cli.global),
        Command::Publish(options) => command::publish::run(options, &cli.global),
        Command::Pull(options) => command::pull::run(options, &cli.global),
        Command::Bench(options) => command::bench::run(options, &cli.global),
        Command::Trace(options) => command::trace::run(options, &cli.global),
        Command::Size(options) => command::size::run(options, &cli.global),
        Command::Why(options) => command::why::run(options, &cli.global),
        Command::Graph(options) => command::graph::run(options, &cli.global),
        Command::Bindings(options) => command::bindings::run(options, &cli.global),
        Command::Check(options) => command::check::run(options, &cli.global),
        Command::Diff(options) => command::diff::run(options, &cli.global),
        Command::Sbom(options) => command::sbom::run(options, &cli.global),
        Command::Budget(options) => command::budget::run(options, &cli.global),
        Command::Base(options) => command::base::run(options, &cli.global),
        Command::Init(options) => command::init::run(options, &cli.global),
        Command::Doctor(options) => command::doctor::run(options, &cli.global),
        Command::Clean(options) => command::clean::run(options, &cli.global),
        Command::Completions(options) => command::completions::run(options),
    }
}
