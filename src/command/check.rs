//! Audits a project and prints the result as text, JSON, Markdown, SARIF or annotations: `pywasm check`.

use clap::{Args, ValueEnum};
use pywasm_audit::{Audit, Level};

use crate::{
    cli::Global,
    command::selection::Selection,
    exit::Exit,
    github::{self, Annotation},
    output,
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  pywasm check                                   what runs on WASI, what does not, and what to do
  pywasm check --path vendor app.py              with the packages in a folder
  pywasm check --strict --format sarif > check.sarif
  pywasm check --format github                   in CI: annotations, and a page in the summary
  pywasm check --format json | jq '.distributions[] | select(.level == \"error\")'

Exit codes: 0 when the program can run, 4 when something that it reaches cannot;
with --strict also when something may fail.";

/// Show which parts of a project cannot run on WASI, what leads to them, and what to do
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
    /// Annotations for GitHub Actions, and Markdown in GITHUB_STEP_SUMMARY
    Github,
    /// A report of code quality for GitLab: `artifacts: reports: codequality`
    Gitlab,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    github::annotate_result(
        options.format == Form::Github,
        &options.selection.path,
        check(options, global),
    )
}

fn check(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let session = Session::new(global)?;
    let build_options = options.selection.build_options();
    let (builder, prepared) = options.selection.prepare(&session, &build_options)?;
    let audit = builder.check(&prepared)?;
    match options.format {
        Form::Text => output::print(&audit.to_text())?,
        Form::Json => output::print_json(&audit)?,
        Form::Markdown => output::print(&audit.to_markdown())?,
        Form::Sarif => output::print(&audit.to_sarif())?,
        Form::Github => {
            output::print(&audit.to_text())?;
            github::annotate(&options.selection.path, &annotations(&audit))?;
            github::summary(&audit.to_markdown())?;
        }
        Form::Gitlab => {
            let folder = github::folder(&options.selection.path);
            let path = |file: &str| github::in_repository(&folder.join(file), "CI_PROJECT_DIR");
            output::print_json(&pywasm_audit::code_quality(audit.findings(), path))?;
        }
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

fn annotations(audit: &Audit) -> Vec<Annotation> {
    let annotation = |finding: pywasm_audit::Finding| {
        let level = match finding.level {
            Level::Error => github::Level::Error,
            Level::Warning => github::Level::Warning,
            Level::Note => github::Level::Notice,
            Level::None => return None,
        };
        Some(Annotation {
            level,
            message: finding.text,
            place: finding.place.map(|place| (place.file, place.line)),
        })
    };
    audit.findings().into_iter().filter_map(annotation).collect()
}
