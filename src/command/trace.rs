//! Runs a project once and writes the lines of `include` and `data` that its build lacks, to standard
//! output or into `pyproject.toml`: `pywasm trace`.

use std::{fs, io::ErrorKind, path::Path};

use anyhow::Context as _;
use clap::Args;
use pywasm::{Trace, TraceEnd, TraceForm};
use pywasm_project::Additions;

use crate::{
    cli::Global,
    command::{selection::Selection, world::World},
    exit::Exit,
    failure::CommandError,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm trace -- Ada                  run the project in this folder, and show what its build lacks
  pywasm trace app.py --dir texts::/texts -- /texts/a.txt
  pywasm trace --write -- --all        write it into pyproject.toml
  pywasm trace --format json | jq .include

The program runs with everything bundled, under the embedded wasmtime. What it prints goes to
standard error; standard output is for the result. Nothing is written to dist/.";

/// The configuration's file.
const FILE: &str = "pyproject.toml";

/// Run a project with everything bundled, and show what its build lacks
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Add what is missing to pyproject.toml
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    world: World,
    #[command(flatten)]
    output: Format,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    args: Vec<String>,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let world = pywasm::World {
        args: options.args.clone(),
        env: options.world.variables()?,
        mounts: options.world.mounts()?,
    };
    let session = Session::new(global)?;
    let (builder, prepared) = options
        .selection
        .prepare(&session, &options.selection.build_options())?;
    for warning in &prepared.warnings {
        session.terminal.warning(&warning.to_string(), None);
    }
    let trace = builder.trace(&prepared, &world)?;

    let additions = Additions {
        include: trace.include.clone(),
        data: trace.data.clone(),
    };
    let written = options.write && !additions.is_empty();
    if written {
        write(&prepared.project.root.join(FILE), &additions)?;
    }
    print_result(&session, &trace, &additions, written);
    if options.output.is_json() {
        output::print_json(&TraceForm::new(&trace, written))?;
    } else if !written && !additions.is_empty() {
        output::print(&format!("[tool.pywasm]\n{}", additions.to_toml()))?;
    }
    Ok(Exit::Fine)
}

/// Prints how the program ended, and what a build lacks.
fn print_result(session: &Session, trace: &Trace, additions: &Additions, written: bool) {
    let terminal = &session.terminal;
    match &trace.ended {
        TraceEnd::Exit(code) => terminal.note(&format!("the program ended with exit code {code}")),
        TraceEnd::Trap(trap) => terminal.warning(&format!("the program trapped: {trap}"), None),
    }
    for name in &trace.missing {
        terminal.warning(
            &format!("the program ended because there is no module `{name}`"),
            Some("write or install it, and trace again"),
        );
    }
    for file in &trace.unreachable {
        terminal.warning(
            &format!("the program reads `{file}`, which a build does not bundle"),
            Some("copy it into the project and name it in `data`"),
        );
    }
    for problem in &trace.problems {
        terminal.warning(&format!("with these lines, a build stops: {problem}"), None);
    }
    let count = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    };
    let seen = format!(
        "it imported {} and opened {}",
        count(trace.imported, "module"),
        count(trace.opened, "file")
    );
    terminal.note(&match (additions.is_empty(), written) {
        (true, _) => format!("{seen}; a build has all of it"),
        (false, true) => format!("{seen}; wrote what a build lacks to {FILE}"),
        (false, false) => format!("{seen}; a build lacks this, which --write adds to {FILE}"),
    });
}

/// Adds to the file, or makes it.
fn write(path: &Path, additions: &Additions) -> anyhow::Result<()> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {FILE}")),
    };
    let edited = pywasm_project::add(&text, additions).map_err(|error| {
        CommandError::usage(format!("{FILE} cannot be edited: {error}")).with_hint(format!(
            "add this under [tool.pywasm] yourself:\n{}",
            additions.to_toml().trim_end()
        ))
    })?;
    pywasm_host::replace_file(path, edited.as_bytes()).with_context(|| format!("cannot write {FILE}"))
}
