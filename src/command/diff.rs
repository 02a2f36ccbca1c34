//! Shows what changed from one build to another: `pywasm diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pywasm::outputs::read_side;
use pywasm_report::diff::{Side, compare};

use crate::{cli::Global, exit::Exit, failure::CommandError, github, output, terminal::Terminal};

const EXAMPLES: &str = "\
Examples:
  pywasm diff baseline/ dist/                            two folders of builds
  pywasm diff main.report.json                           a kept report, and dist/
  pywasm diff old.wasm new.wasm                          files, with the reports next to them
  pywasm diff baseline/ --format markdown > comment.md   for a comment on a change
  pywasm diff baseline/ --format json | jq .builtins

Symbol files next to the reports add functions and the code of builtin modules.
A missing baseline is reported, but is not an error. Exit codes: 0, or 2 if something that
exists cannot be read.";

/// Show what changed between two builds
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The baseline: a report, an artifact, or a folder with one build
    old: PathBuf,
    /// The build to compare with it, in the same forms
    #[arg(default_value = "dist")]
    new: PathBuf,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
    Markdown,
    /// Text, and Markdown in GITHUB_STEP_SUMMARY
    Github,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    // Chooses the colours.
    let _terminal = Terminal::new(global);
    let name = options.new.display();
    let Some(new) = read_side(&options.new, None)? else {
        let hint = "`pywasm build` writes dist/; name a report, an artifact, or a folder with one";
        return Err(CommandError::usage(format!("`{name}` is not there"))
            .with_hint(hint)
            .into());
    };
    let project = new.report.as_ref().map(|report| report.project.name.clone());
    let old = read_side(&options.old, project.as_deref())?;
    let mut remarks = Vec::new();
    if old.is_none() {
        remarks.push(format!(
            "there is no baseline: `{}` is not there, so nothing is compared",
            options.old.display()
        ));
    }
    print_result(old.as_ref(), &new, &remarks, options.format)?;
    Ok(Exit::Fine)
}

fn print_result(old: Option<&Side>, new: &Side, remarks: &[String], form: Form) -> anyhow::Result<()> {
    let diff = compare(old, new, remarks);
    match form {
        Form::Text => output::print(&diff.to_text()),
        Form::Json => output::print_json(&diff),
        Form::Markdown => output::print(&diff.to_markdown()),
        Form::Github => {
            output::print(&diff.to_text())?;
            github::summary(&diff.to_markdown())
        }
    }
}
