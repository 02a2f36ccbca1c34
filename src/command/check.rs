//! `pywasm check`: a project in, the audit of its dependencies as text, JSON, Markdown or SARIF out.

use clap::{Args, ValueEnum};
use pywasm_audit::{Input, Level};
use pywasm_resolve::Origin;

use crate::{cli::Global, command::selection::Selection, exit::Exit, output, session::Session};

const EXAMPLES: &str = "\
Examples:
  pywasm check                                   what runs on WASI, what does not, and what to do
  pywasm check --path vendor app.py              with the packages in a folder
  pywasm check --strict --format sarif > check.sarif
  pywasm check --format json | jq '.distributions[] | select(.level == \"error\")'

Exit codes: 0 when the program can run, 4 when something that it reaches cannot;
with --strict also when something may fail.";

/// Tell what of a project cannot run on WASI, what leads to it, and what to do
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// The form of the audit
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// Count warnings as errors
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
    Markdown,
    Sarif,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let overrides = options.selection.overrides();
    let (project, base, mut warnings) = options.selection.prepare(&session, &overrides)?;
    let inspection = pywasm_pipeline::inspect(&project, &base)?;
    warnings.extend(inspection.warnings);
    let roots = &inspection.request.roots;
    let mut distributions = Vec::new();
    for root in roots.iter().filter(|root| root.origin == Origin::Dependency) {
        distributions.extend(pywasm_deps::distributions(&root.path)?);
    }
    let audit = pywasm_audit::audit(&Input {
        project: &project,
        graph: &inspection.graph,
        errors: &inspection.errors,
        warnings: &warnings,
        roots,
        distributions: &distributions,
        stdlib_names: &inspection.request.stdlib_names,
        python: base.python(),
        base: base.id(),
        version: env!("CARGO_PKG_VERSION"),
    });
    match options.format {
        Form::Text => output::print(&audit.to_text())?,
        Form::Json => output::print_json(&audit)?,
        Form::Markdown => output::print(&audit.to_markdown())?,
        Form::Sarif => output::print(&audit.to_sarif())?,
    }
    let limit = if options.strict {
        Level::Warning
    } else {
        Level::Error
    };
    Ok(if audit.level() >= limit {
        Exit::Unfit
    } else {
        Exit::Fine
    })
}
