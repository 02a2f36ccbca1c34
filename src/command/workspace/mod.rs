//! Builds all projects below a folder side by side, and prints one table or JSON report:
//! `pywasm build --workspace`.

mod table;

use std::{
    fs,
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

/// The memory that a build is counted with, in bytes: more than the largest took that was measured.
const MEMORY_OF_A_BUILD: u64 = 1 << 30;

pub(crate) fn run(options: &build::Options, global: &Global, session: &Session) -> anyhow::Result<Exit> {
    let workspace = Workspace::find(&options.selection.path)?;
    for folder in &workspace.skipped {
        session.terminal.note(&format!(
            "passed over {}: it has no [tool.pywasm], and no program that starts",
            shown(folder)
        ));
    }
    let builder = options.selection.settings.builder(session);
    let jobs = options.jobs.map_or_else(fitting_jobs, usize::from);
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
    let shown = shown(path);
    let session = Session {
        terminal: board.line(&shown),
        home: session.home.clone(),
        offline: session.offline,
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
        messages: session.terminal.said(),
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

/// A project's folder in the workspace, as it is shown.
fn shown(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        return ".".to_owned();
    }
    path.display().to_string().replace('\\', "/")
}

/// As many builds as the machine has processors for, and memory.
fn fitting_jobs() -> usize {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").ok();
    let fit = memory.as_deref().and_then(available).map(|bytes| {
        // More would not fit into a usize only where the processors are fewer anyway.
        usize::try_from(bytes / MEMORY_OF_A_BUILD).unwrap_or(usize::MAX)
    });
    processors.min(fit.unwrap_or(usize::MAX)).max(1)
}

/// The bytes of memory that `/proc/meminfo` says are available.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::available;

    #[test]
    fn memory_is_read_as_linux_tells_it() {
        let text = "MemTotal:  100 kB\nMemAvailable:    2048 kB\n";
        assert_eq!(available(text), Some(2 << 20));
        assert_eq!(available("MemAvailable: 99999999999999999999 kB\n"), None);
        assert_eq!(available(""), None);
    }
}
