//! Judges what was built by the limits of `pyproject.toml`, or raises them: `pywasm budget`.

use std::path::{Path, PathBuf};

use clap::Args;
use pywasm::outputs;
use pywasm_diagnostic::Diagnostic;
use pywasm_project::{Budget, BuildOptions, Error, Project, read_report};
use pywasm_report::{
    Profile, Report,
    budget::{Baseline, BudgetChange, BudgetJudgement, BudgetRow, Verdict, judge, render_budget_table},
    render_budgets_markdown,
};

use crate::{
    cli::Global,
    exit::{Exit, Usage},
    failure::CommandError,
    github::{self, Annotation},
    output::{self, CiFormat},
    terminal::Terminal,
};

const EXAMPLES: &str = "\
Examples:
  pywasm budget                                 judge the last build in this folder
  pywasm budget --baseline main.report.json     compare with the report of another build
  pywasm budget --update                        raise the exceeded limits on purpose
  pywasm budget --format json | jq '.budgets[] | select(.verdict == \"exceeded\")'

The limits are those of [tool.pywasm.budget]; if the project has none, those with which the report
was built with.

Exit codes: 0 when all limits are kept, 3 when one is exceeded.";

/// The configuration's file.
const FILE: &str = "pyproject.toml";

/// Judge the size of a build without building again
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The report of a build [default: dist/NAME.report.json]
    report: Option<PathBuf>,
    /// The project whose limits count: its folder or script
    #[arg(long, value_name = "PATH", default_value = ".")]
    project: PathBuf,
    /// The report to compare with, instead of what pyproject.toml names
    #[arg(long, value_name = "FILE", conflicts_with = "update")]
    baseline: Option<PathBuf>,
    /// Raise the exceeded limits in pyproject.toml; if growth is exceeded, write the report as
    /// the new baseline
    #[arg(long)]
    update: bool,
    #[command(flatten)]
    output: CiFormat,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    github::annotate_result(
        options.output.is_github(),
        &options.project,
        budget(options, global),
    )
}

fn budget(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    let terminal = Terminal::new(global);
    let project = project(options)?;
    let path = match (&options.report, &project) {
        (Some(path), _) => path.clone(),
        (None, Some(project)) => outputs::report_path(&options.project, project),
        // Without a report there has to be a project.
        (None, None) => return Err(Usage::mark(anyhow::anyhow!("there is no project"))),
    };
    let report = judged(&path)?;
    if let Some(project) = &project
        && project.name != report.project.name
    {
        terminal.warning(
            &format!(
                "the report is of `{}`, and the limits are those of `{}`",
                report.project.name, project.name
            ),
            None,
        );
    }
    let none = Budget::default();
    let budget = project.as_ref().map_or(&none, |project| &project.budget);
    let baseline = match (&options.baseline, &project) {
        (Some(path), _) => given_baseline(path)?,
        (None, Some(project)) => budget.baseline(&project.root)?,
        (None, None) => Baseline::None,
    };
    let rows = if budget.is_empty() {
        if report.budgets.is_empty() {
            let hint = format!("write one into {FILE}:\n      [tool.pywasm.budget]\n      wasm = \"3 MB\"");
            return Err(CommandError::usage("there is no budget to judge by")
                .with_hint(hint)
                .into());
        }
        terminal.note("the project has no budget; the limits are those that it was built with");
        report.budgets.clone()
    } else {
        let gzip = budget
            .limits
            .needs_gzip()
            .then(|| pywasm::gzip_size(&report, &path));
        judge(&report, &budget.limits, gzip.flatten(), &baseline)
    };
    let mut warnings = Vec::new();
    let mut changes = Vec::new();
    if options.update {
        let Some(project) = project.as_ref().filter(|_| !budget.is_empty()) else {
            return Err(Usage::mark(anyhow::anyhow!(
                "{FILE} has no budget that could be raised"
            )));
        };
        changes = pywasm::raise_budget(project, &rows, &baseline, &path, &report)?;
    } else {
        let told = budget.warnings(&report, &rows, &baseline);
        warnings.extend(told.iter().map(ToString::to_string));
        if options.output.is_github() {
            return report_github(options, &report, &rows, &told);
        }
        for warning in &warnings {
            terminal.warning(warning, None);
        }
    }
    let is_exceeded = !options.update && rows.iter().any(|row| row.verdict == Verdict::Exceeded);
    if options.output.is_json() {
        let project = &report.project.name;
        output::print_json(&BudgetJudgement::new(
            project,
            is_exceeded,
            &rows,
            warnings,
            changes,
        ))?;
    } else if options.update {
        for BudgetChange { what, from, to } in &changes {
            output::print_line(&format!("{what}: {from} -> {to}"))?;
        }
        if changes.is_empty() {
            terminal.note(&format!("nothing is exceeded; {FILE} stays as it is"));
        }
    } else if !global.quiet {
        output::print(&render_budget_table(&rows))?;
    }
    if options.update {
        return Ok(Exit::Fine);
    }
    Ok(report_exceeded(&terminal, budget, &rows))
}

fn report_github(
    options: &Options,
    report: &Report,
    rows: &[BudgetRow],
    warnings: &[Diagnostic],
) -> anyhow::Result<Exit> {
    output::print(&render_budget_table(rows))?;
    let warnings = warnings
        .iter()
        .map(|warning| Annotation::from_diagnostic(github::Level::Warning, warning));
    let exceeded: Vec<Annotation> = rows.iter().filter_map(Annotation::from_budget).collect();
    let exit = match exceeded.is_empty() {
        true => Exit::Fine,
        false => Exit::Exceeded,
    };
    github::annotate(&options.project, &warnings.chain(exceeded).collect::<Vec<_>>())?;
    github::summary(&render_budgets_markdown(&report.project.name, rows))?;
    Ok(exit)
}

/// Prints each exceeded limit as an error, and returns the exit code.
pub(crate) fn report_exceeded(terminal: &Terminal, budget: &Budget, rows: &[BudgetRow]) -> Exit {
    let errors = budget.errors(rows);
    let exit = match errors.is_empty() {
        true => Exit::Fine,
        false => Exit::Exceeded,
    };
    for error in errors {
        terminal.failure(&error.into());
    }
    exit
}

/// The project, which a report that is named can do without.
fn project(options: &Options) -> anyhow::Result<Option<Project>> {
    let is_bare = options.project == Path::new(".") && !Path::new(FILE).exists();
    if options.report.is_some() && is_bare {
        return Ok(None);
    }
    Ok(Some(Project::load(&options.project, &BuildOptions::default())?))
}

/// The report that is judged.
fn judged(path: &Path) -> anyhow::Result<Report> {
    let report = outputs::read_report(path)?;
    if report.settings.profile == Profile::Dev {
        let name = path.display();
        let message = format!("`{name}` is of a build with --profile dev, which no budget is for");
        return Err(CommandError::usage(message).with_hint("build without it").into());
    }
    Ok(report)
}

fn given_baseline(path: &Path) -> anyhow::Result<Baseline> {
    let name = path.display().to_string();
    Ok(match read_report(path, &name).map_err(Error::from)? {
        Some(report) => Baseline::Found {
            name,
            report: Box::new(report),
        },
        None => Baseline::Missing { name },
    })
}
