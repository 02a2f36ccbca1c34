//! `pywasm why`: a module's name in, the shortest chain of imports that brings it out.

use clap::Args;
use pywasm_project::closest;
use pywasm_resolve::{Chain, ModuleGraph};

use crate::{
    cli::Global,
    command::selection::Selection,
    exit::Exit,
    output::{self, Format},
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm why decimal
  pywasm why asyncio.streams my/project
  pywasm why json --format json app.py

Exit codes: 0 when the module is in the artifact, 1 when it is not.";

/// Tell what brings a module into the artifact
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The module, by its dotted name
    module: String,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: Format,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let overrides = options.selection.overrides();
    let (project, base, _) = options.selection.prepare(&session, &overrides)?;
    let (graph, _) = pywasm_pipeline::graph(&project, &base)?;
    match graph.why(&options.module) {
        Some(chain) if options.output.is_json() => output::print_json(&chain)?,
        Some(chain) => output::print(&text(&chain))?,
        None => return Err(absent(&graph, &options.module)),
    }
    Ok(Exit::Fine)
}

fn text(chain: &Chain) -> String {
    let mut text = String::new();
    for step in &chain.steps {
        let edge = &step.edge;
        text += &match &step.importer {
            None => format!("{} ({})\n", edge.target, edge.kind.as_str()),
            Some(importer) if step.file.is_empty() || edge.line == 0 => {
                format!("  {importer} -> {} ({})\n", edge.target, edge.kind.as_str())
            }
            Some(importer) => format!(
                "  {importer} -> {} ({}, {}:{})\n",
                edge.target,
                edge.kind.as_str(),
                step.file,
                edge.line
            ),
        };
    }
    text
}

fn absent(graph: &ModuleGraph, module: &str) -> anyhow::Error {
    let hint = match closest(module, graph.modules.keys().map(String::as_str)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "`pywasm graph` lists what is in it; `--include` brings a module".to_owned(),
    };
    anyhow::anyhow!("the artifact has no module `{module}`\nhint: {hint}")
}
