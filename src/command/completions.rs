//! `pywasm completions`: a shell's name in, its completion script out.

use std::io;

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::{cli::Cli, exit::Exit};

const EXAMPLES: &str = "\
Examples:
  pywasm completions bash > ~/.local/share/bash-completion/completions/pywasm
  pywasm completions zsh > ~/.zfunc/_pywasm";

/// Print a completion script for a shell
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The shell
    shell: Shell,
}

#[expect(clippy::unnecessary_wraps, reason = "all commands have one signature")]
pub(crate) fn run(options: &Options) -> anyhow::Result<Exit> {
    generate(options.shell, &mut Cli::command(), "pywasm", &mut io::stdout());
    Ok(Exit::Fine)
}
