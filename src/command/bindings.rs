//! Writes the typed bindings of a component's world, for editors and type checkers: `pywasm bindings`.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::Args;
use pywasm_host::replace_file;
use pywasm_project::{BuildOptions, Project};

use crate::{cli::Global, exit::Exit, failure::CommandError, session::Session};

const EXAMPLES: &str = "\
Examples:
  pywasm bindings                              into typings/, where pyright and Pylance look
  MYPYPATH=typings mypy --strict app.py        mypy has to be told
  pywasm bindings --out-dir stubs services/shop
  pywasm bindings --world wasi:http/service@0.3.0 --out-dir /tmp/http

Nothing of it has to be committed: a build makes its own bindings.";

/// Write the types of a component's world for editors and type checkers
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The project's folder
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// Use this world; several become one
    #[arg(long = "world", value_name = "WORLD")]
    worlds: Vec<String>,
    /// Write to this folder [default: typings/ in the project]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let build_options = BuildOptions {
        worlds: options.worlds.clone(),
        ..BuildOptions::default()
    };
    let project = Project::load(&options.path, &build_options)?;
    let Some(stubs) = pywasm_pipeline::stubs(&project)? else {
        return Err(CommandError::usage("the project is no component")
            .with_hint("name its world in `[tool.pywasm.component]`, or with --world")
            .into());
    };
    let folder = options
        .out_dir
        .clone()
        .unwrap_or_else(|| project.root.join("typings"));
    for name in stubs.keys() {
        // What an earlier world had, and this one does not, would mislead.
        let top = folder.join(name.split('/').next().unwrap_or(name));
        if top.is_dir() {
            fs::remove_dir_all(&top).with_context(|| format!("cannot remove {}", top.display()))?;
        }
    }
    for (name, text) in &stubs {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        replace_file(&path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    }
    session
        .terminal
        .note(&format!("wrote {} files to {}", stubs.len(), folder.display()));
    Ok(Exit::Fine)
}
