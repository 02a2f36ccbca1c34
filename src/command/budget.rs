//! `pywasm budget`: the report of a build and the limits of `pyproject.toml` in, how each is kept
//! out; with `--update` higher limits in `pyproject.toml`, and a newer baseline.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_project::{Budget, Error, Overrides, Project, read_report};
use pywasm_report::{
    Report,
    budget::{Baseline, BudgetRow, Verdict, budget_table, judge},
    budgets_markdown,
};
use serde::Serialize;

use crate::{
    cli::Global,
    command::report,
    exit::{Exit, Usage},
    github::{self, Annotation},
    output::{self, CiFormat},
    terminal::Terminal,
};

const EXAMPLES: &str = "\
Examples:
  pywasm budget                                 judge what was last built in this folder
  pywasm budget --baseline main.report.json     compare with the report of another build
  pywasm budget --update                        raise the limits that are exceeded, on purpose
  pywasm budget --format json | jq '.budgets[] | select(.verdict == \"exceeded\")'

The limits are those of [tool.pywasm.budget]; where the project has none, those that the report
was built with.

Exit codes: 0 when all limits are kept, 3 when one is exceeded.";

/// The configuration's file.
const FILE: &str = "pyproject.toml";

/// Judge the size of what was built, without building
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
    /// Raise the limits that are exceeded, in pyproject.toml; where growth is, write the report as
    /// the new baseline
    #[arg(long)]
    update: bool,
    #[command(flatten)]
    output: CiFormat,
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Told<'a> {
    schema: u32,
    project: &'a str,
    exceeded: bool,
    budgets: &'a [BudgetRow],
    warnings: Vec<String>,
    changes: Vec<Change>,
}

/// What `--update` has changed.
#[derive(Serialize)]
struct Change {
    what: String,
    from: String,
    to: String,
}

pub(crate) fn run(options: &Options, global: &Global) -> anyhow::Result<Exit> {
    github::tell_failure(
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
        (None, Some(project)) => report::of_project(&options.project, project),
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
            return Err(Usage::mark(anyhow::anyhow!(
                "there is no budget to judge by\nhint: write one into {FILE}:\n      [tool.pywasm.budget]\n      wasm = \"3 MB\""
            )));
        }
        terminal.note("the project has no budget; the limits are those that it was built with");
        report.budgets.clone()
    } else {
        let gzip = budget.limits.wants_gzip().then(|| gzip(&report, &path));
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
        changes = update(project, &rows, &baseline, &path, &report)?;
    } else {
        let told = budget.warnings(&report, &rows, &baseline);
        warnings.extend(told.iter().map(ToString::to_string));
        if options.output.is_github() {
            return tell_github(options, &report, &rows, &told);
        }
        for warning in &warnings {
            terminal.warning(warning, None);
        }
    }
    let is_exceeded = !options.update && rows.iter().any(|row| row.verdict == Verdict::Exceeded);
    if options.output.is_json() {
        output::print_json(&Told {
            schema: 1,
            project: &report.project.name,
            exceeded: is_exceeded,
            budgets: &rows,
            warnings,
            changes,
        })?;
    } else if options.update {
        for Change { what, from, to } in &changes {
            output::print_line(&format!("{what}: {from} -> {to}"))?;
        }
        if changes.is_empty() {
            terminal.note(&format!("nothing is exceeded; {FILE} stays as it is"));
        }
    } else if !global.quiet {
        output::print(&budget_table(&rows))?;
    }
    if options.update {
        return Ok(Exit::Fine);
    }
    Ok(tell_exceeded(&terminal, budget, &rows))
}

fn tell_github(
    options: &Options,
    report: &Report,
    rows: &[BudgetRow],
    warnings: &[Diagnostic],
) -> anyhow::Result<Exit> {
    output::print(&budget_table(rows))?;
    let warnings = warnings
        .iter()
        .map(|warning| Annotation::of(github::Level::Warning, warning));
    let exceeded: Vec<Annotation> = rows.iter().filter_map(Annotation::of_budget).collect();
    let exit = match exceeded.is_empty() {
        true => Exit::Fine,
        false => Exit::Exceeded,
    };
    github::annotate(&options.project, &warnings.chain(exceeded).collect::<Vec<_>>())?;
    github::summary(&budgets_markdown(&report.project.name, rows))?;
    Ok(exit)
}

/// Tells each limit that is exceeded as an error; the exit code follows.
pub(crate) fn tell_exceeded(terminal: &Terminal, budget: &Budget, rows: &[BudgetRow]) -> Exit {
    let errors = budget.errors(rows);
    for error in &errors {
        terminal.error(&anyhow::anyhow!("{error}"));
    }
    if errors.is_empty() {
        Exit::Fine
    } else {
        Exit::Exceeded
    }
}

/// The project, which a report that is named can do without.
fn project(options: &Options) -> anyhow::Result<Option<Project>> {
    let is_bare = options.project == Path::new(".") && !Path::new(FILE).exists();
    if options.report.is_some() && is_bare {
        return Ok(None);
    }
    Ok(Some(Project::load(&options.project, &Overrides::default())?))
}

/// The report that is judged.
fn judged(path: &Path) -> anyhow::Result<Report> {
    let report = report::read(path)?;
    if report.settings.profile == "dev" {
        let name = path.display();
        return Err(Usage::mark(anyhow::anyhow!(
            "`{name}` is of a build with --profile dev, which no budget is for\nhint: build without it"
        )));
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

/// The module's size under gzip: as the report has it, or from the module beside it.
fn gzip(report: &Report, path: &Path) -> Option<u64> {
    let row = report.budgets.iter().find(|row| row.what == "gzip");
    if let Some(bytes) = row.and_then(|row| row.value) {
        return u64::try_from(bytes).ok();
    }
    let (module, digest) = report::module(path, report)?;
    let bytes = fs::read(module).ok()?;
    (Digest::compute(&bytes) == digest).then(|| pywasm_release::archive::gzip(&bytes).len() as u64)
}

/// Raises what is exceeded, and puts the report in the place of a baseline that is missing or was
/// outgrown.
fn update(
    project: &Project,
    rows: &[BudgetRow],
    baseline: &Baseline,
    path: &Path,
    report: &Report,
) -> anyhow::Result<Vec<Change>> {
    let mut changes = Vec::new();
    let file = project.root.join(FILE);
    let before = fs::read_to_string(&file).with_context(|| format!("cannot read {FILE}"))?;
    let mut text = before.clone();
    for raise in project.budget.suggest_raises(rows) {
        text = pywasm_project::replace(&text, &raise.path, &raise.to).map_err(|error| {
            Usage::mark(anyhow::anyhow!(
                "{FILE} cannot be edited: {error}\nhint: write \"{}\" for `budget.{}` yourself",
                raise.to,
                raise.what
            ))
        })?;
        changes.push(Change {
            what: raise.what,
            from: raise.from,
            to: raise.to,
        });
    }
    if text != before {
        pywasm_host::replace_file(&file, text.as_bytes()).with_context(|| format!("cannot write {FILE}"))?;
    }
    let is_outgrown = rows
        .iter()
        .any(|row| row.what.starts_with("growth") && row.verdict == Verdict::Exceeded);
    let old = match baseline {
        Baseline::Missing { .. } => "nothing".to_owned(),
        Baseline::Found { report, .. } if is_outgrown => sizes(report),
        _ => return Ok(changes),
    };
    let Some(name) = project.budget.baseline_path() else {
        return Ok(changes);
    };
    let target = project.root.join(name);
    let cannot_write = || format!("cannot write {name}");
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).with_context(cannot_write)?;
    }
    let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    pywasm_host::replace_file(&target, &content).with_context(cannot_write)?;
    changes.push(Change {
        what: name.to_owned(),
        from: old,
        to: sizes(report),
    });
    Ok(changes)
}

/// A report in few words.
fn sizes(report: &Report) -> String {
    let files = report.artifacts.iter();
    let files = files.filter(|file| ["wasm", "brotli"].contains(&file.kind.as_str()));
    let files: Vec<String> = files
        .map(|file| format!("{} {}", file.file, pywasm_report::human(file.bytes)))
        .collect();
    files.join(", ")
}
