//! Writes a small project that can be built at once: `pywasm init`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;

use crate::{cli::Global, exit::Exit, failure::CommandError, terminal::Terminal};

const EXAMPLES: &str = "\
Examples:
  pywasm init hello
  cd hello && pywasm build && pywasm run dist/hello.wasm -- Ada

  pywasm init --component greeter
  cd greeter && pywasm build && pywasm run dist/greeter.wasm --invoke 'greet(\"Ada\")'";

/// Write a small project as a start
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The folder to write; pywasm creates it if it does not exist
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The project's name [default: the folder's name]
    #[arg(long)]
    name: Option<String>,
    /// Write a component, with a WIT world of its own
    #[arg(long)]
    component: bool,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let name = match &options.name {
        Some(name) => name.clone(),
        None => folder_name(&options.path)?,
    };
    let (files, arguments) = match options.component {
        true => (
            pywasm_project::component_template(&name)?,
            "--invoke 'greet(\"Ada\")'",
        ),
        false => (pywasm_project::template(&name)?, "-- Ada"),
    };
    for (file, text) in &files {
        write_new(&options.path.join(file), text)?;
    }
    let terminal = Terminal::new(global);
    terminal.note(&format!(
        "wrote the project {name} into {}",
        options.path.display()
    ));
    terminal.note(&format!(
        "next: pywasm build && pywasm run dist/{name}.wasm {arguments}"
    ));
    Ok(Exit::Fine)
}

fn folder_name(path: &Path) -> anyhow::Result<String> {
    let folder = if path.file_name().is_some() {
        path.to_owned()
    } else {
        std::env::current_dir()?.join(path)
    };
    let folder = if folder.file_name().is_some() {
        folder
    } else {
        folder.canonicalize()?
    };
    folder
        .components()
        .rev()
        .find_map(|part| match part {
            std::path::Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        })
        .ok_or_else(|| {
            CommandError::usage("this folder has no name")
                .with_hint("give one with --name")
                .into()
        })
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    match fs::File::create_new(path).and_then(|mut file| io::Write::write_all(&mut file, text.as_bytes())) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(CommandError::usage(format!(
            "{} is there already",
            path.display()
        ))
        .with_hint("`pywasm init` writes new projects only; choose an empty folder")
        .into()),
        done => done.with_context(|| format!("cannot write {}", path.display())),
    }
}
