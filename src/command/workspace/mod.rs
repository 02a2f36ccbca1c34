//! Builds all projects below a folder side by side, and prints one table or JSON report:
//! `pywasm build --workspace`.

mod table;

use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use pywasm::Builder;
use pywasm_project::Workspace;
use pywasm_report::workspace::{ProjectOutcome, WorkspaceSummary};

use crate::{
    cli::Global, command::build, exit::Exit, failure, github, interrupt, output, session::Session,
    terminal::Board,
};

/// What became of one project, and how it is shown.
struct Outcome {
    project: ProjectOutcome,
    exit: Exit,
    /// Its warnings and errors, as a terminal shows them.
    messages: String,
}

pub(crate) fn run(options: &build::Options, global: &Global, session: &Session) -> anyhow::Result<Exit> {
    let workspace = Workspace::find(&options.selection.path)?;
    for folder in &workspace.skipped {
        session.terminal.note(&format!(
            "passed over {}: it has no [tool.pywasm], and no program that starts",
            display_path(folder)
        ));
    }
    let builder = options.selection.settings.builder(session);
    let jobs = options.jobs.map_or_else(pywasm::fitting_builds, usize::from);
    let jobs = jobs.min(workspace.projects.len());
    let began = Instant::now();
    let outcomes = build_all(options, session, &workspace, &builder, jobs);
    if interrupt::requested() {
        interrupt::leave();
    }
    for outcome in &outcomes {
        session.terminal.repeat(&outcome.messages);
    }
    let exit = outcomes
        .iter()
        .fold(Exit::Fine, |worst, outcome| worst.worse(outcome.exit));
    let projects = outcomes.into_iter().map(|outcome| outcome.project).collect();
    let summary = WorkspaceSummary::new(projects, jobs, began.elapsed());
    show(&summary, options, global, &workspace.root)?;
    Ok(exit)
}

/// The outcomes, in the order of the projects.
fn build_all(
    options: &build::Options,
    session: &Session,
    workspace: &Workspace,
    builder: &Builder<'_>,
    jobs: usize,
) -> Vec<Outcome> {
    let board = session.terminal.board(workspace.projects.len());
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while !interrupt::requested()
                    && let Some(path) = workspace.projects.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let outcome = build_one(options, session, workspace, path, builder, &board);
                    outcomes
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(outcome);
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
    outcomes.sort_by(|a, b| a.project.path.cmp(&b.project.path));
    outcomes
}

fn build_one(
    options: &build::Options,
    session: &Session,
    workspace: &Workspace,
    path: &Path,
    builder: &Builder<'_>,
    board: &Board,
) -> Outcome {
    let began = Instant::now();
    let shown = display_path(path);
    let session = Session {
        terminal: board.line(&shown),
        home: session.home.clone(),
        offline: session.offline,
        cache_limit: session.cache_limit,
        frozen: session.frozen.clone(),
    };
    let builder = builder.clone().with_progress(&session.terminal);
    let built = build::build(&session, options, &workspace.root.join(path), &builder);
    let exit = match &built {
        Ok((project, built)) => {
            for warning in &built.artifact.warnings {
                session.terminal.warning(&warning.to_string(), None);
            }
            build::verdict(&session, options, project, built)
        }
        Err(error) => {
            session.terminal.error(error);
            failure::exit_for(error)
        }
    };
    board.done(exit != Exit::Fine);
    Outcome {
        project: ProjectOutcome {
            path: shown,
            exit: exit.code(),
            result: match built {
                Ok((_, built)) => Ok(built.artifact.report),
                Err(error) => Err(failure::explain(&error)),
            },
            seconds: began.elapsed().as_secs_f64(),
        },
        exit,
        messages: session.terminal.captured_output(),
    }
}

fn show(
    summary: &WorkspaceSummary,
    options: &build::Options,
    global: &Global,
    root: &Path,
) -> anyhow::Result<()> {
    if options.output.is_github() {
        output::print(&table::table(summary))?;
        for outcome in &summary.projects {
            let folder = root.join(&outcome.path);
            match &outcome.result {
                Ok(report) => build::annotate(&folder, report)?,
                Err(failure) => github::annotate_failure(&folder, failure)?,
            }
        }
        return Ok(());
    }
    if options.output.is_json() {
        output::print_json(summary)
    } else if global.quiet {
        Ok(())
    } else {
        output::print(&table::table(summary))
    }
}

/// Formats a project's folder in the workspace.
fn display_path(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        return ".".to_owned();
    }
    path.display().to_string().replace('\\', "/")
}
