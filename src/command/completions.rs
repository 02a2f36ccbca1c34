//! `pywasm completions`: a shell's name in, its completion script out.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::{cli::Cli, exit::Exit, output};

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

pub(crate) fn run(options: &Options) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    generate(options.shell, &mut Cli::command(), "pywasm", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
