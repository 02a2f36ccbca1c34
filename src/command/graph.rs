//! Prints the module graph of a project as text, JSON or DOT: `pywasm graph`.

use clap::{Args, ValueEnum};

use crate::{cli::Global, command::selection::Selection, exit::Exit, output, session::Session};

const EXAMPLES: &str = "\
Examples:
  pywasm graph
  pywasm graph --format json app.py | jq '.modules | length'
  pywasm graph --format dot | dot -Tsvg > graph.svg";

/// Print the modules of the artifact and their imports
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// The form of the graph
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
    Dot,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let build_options = options.selection.build_options();
    let (builder, prepared) = options.selection.prepare(&session, &build_options)?;
    let (graph, warnings) = builder.graph(&prepared)?;
    for warning in warnings {
        session.terminal.warning(&warning.to_string(), None);
    }
    output::print(&match options.format {
        Form::Text => graph.to_text(),
        Form::Json => graph.to_json(),
        Form::Dot => graph.to_dot(),
    })?;
    Ok(Exit::Fine)
}
