//! Removes what builds have written: `pywasm clean`.

use std::{fs, io, path::PathBuf};

use anyhow::Context as _;
use clap::Args;

use crate::{cli::Global, exit::Exit, session::Session};

const EXAMPLES: &str = "\
Examples:
  pywasm clean           remove this project's dist/ and .pywasm/
  pywasm clean --cache   remove the caches of all projects: stages, bytecode, machine code, dependencies, pulled modules

Bases stay; `pywasm base remove` removes one. A shared cache stays, too.";

/// Remove a project's `dist/` and `.pywasm/`, or the caches
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The project's folder
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Remove the caches in the home folder instead
    #[arg(long)]
    cache: bool,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let folder = if options.cache {
        session.home.cache()
    } else {
        options.path.join("dist")
    };
    if !options.cache && folder.is_dir() {
        pywasm::outputs::check_is_ours(&folder)?;
    }
    if !options.cache {
        let own = options.path.join(".pywasm");
        match fs::remove_dir_all(&own) {
            Ok(()) => session.terminal.note(&format!("removed {}", own.display())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot remove {}", own.display())),
        }
    }
    match fs::remove_dir_all(&folder) {
        Ok(()) => session.terminal.note(&format!("removed {}", folder.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            session
                .terminal
                .note(&format!("there is no {}", folder.display()));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot remove {}", folder.display())),
    }
    Ok(Exit::Fine)
}
