//! Builds a project again whenever one of its files changes: `pywasm build --watch`.
//!
//! In: what `pywasm build` takes. Out: a build after each change, until Ctrl-C. A failed build is shown, and
//! the next change is waited for. With `--run`, the artifact of the last build runs meanwhile.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

use anyhow::Context as _;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _, event::ModifyKind};
use pywasm::{Builder, Project};

use crate::{
    command::build::Options,
    exit::Exit,
    interrupt::{self, Guard},
    session::Session,
};

/// How long no file changes before the next build begins: an editor that saves several files is through then.
const QUIET: Duration = Duration::from_millis(30);

/// How often Ctrl-C is looked for.
const TICK: Duration = Duration::from_millis(100);

/// Builds until Ctrl-C, which ends the process.
pub(crate) fn run(
    session: &Session,
    builder: &Builder<'_>,
    build: &dyn Fn(&Builder<'_>) -> anyhow::Result<PathBuf>,
    options: &Options,
) -> anyhow::Result<Exit> {
    let mut watch = Watch::new(options)?;
    loop {
        // Where the configuration is wrong now, the folders are those of before.
        if let Ok(project) = builder.load(&options.selection.path, &options.build_options()) {
            watch.follow(&project)?;
        }
        let program = match build(builder) {
            Ok(module) => {
                watch.out_dir = module.parent().and_then(|folder| fs::canonicalize(folder).ok());
                options.runs().then(|| start(&module)).transpose()?
            }
            Err(error) => {
                session.terminal.error(&error);
                None
            }
        };
        session.terminal.note("waiting for changes; Ctrl-C ends this");
        watch.wait(program)?;
    }
}

/// Starts the artifact as `pywasm run` does.
fn start(module: &Path) -> anyhow::Result<Child> {
    let own = env::current_exe().context("cannot find this program")?;
    Command::new(own)
        .arg("run")
        .arg(module)
        .spawn()
        .context("cannot start the artifact")
}

/// The folders whose files are looked after.
struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    folders: BTreeSet<PathBuf>,
    /// Where the last build wrote.
    out_dir: Option<PathBuf>,
}

impl Watch {
    fn new(options: &Options) -> anyhow::Result<Self> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(sender).context("cannot watch files")?;
        let mut watch = Self {
            watcher,
            events,
            folders: BTreeSet::new(),
            out_dir: None,
        };
        let path = &options.selection.path;
        let folder = match path.is_file() {
            true => path.parent().unwrap_or(path),
            false => path,
        };
        watch.add(folder)?;
        Ok(watch)
    }

    /// Looks after what the project is read from: its folder, and roots that lie outside of it.
    fn follow(&mut self, project: &Project) -> anyhow::Result<()> {
        let roots = [&project.root].into_iter().chain(&project.source_roots);
        for root in roots.chain(&project.paths) {
            self.add(root)?;
        }
        Ok(())
    }

    fn add(&mut self, folder: &Path) -> anyhow::Result<()> {
        let folder = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        };
        let Ok(folder) = fs::canonicalize(folder) else {
            return Ok(());
        };
        if self.folders.iter().any(|known| folder.starts_with(known)) {
            return Ok(());
        }
        let watched = self.watcher.watch(&folder, RecursiveMode::Recursive);
        watched.with_context(|| format!("cannot watch {}", folder.display()))?;
        self.folders.insert(folder);
        Ok(())
    }

    /// Waits for a change; then it ends the program.
    fn wait(&self, mut program: Option<Child>) -> anyhow::Result<()> {
        let guard = Guard::new();
        let mut has_changed = false;
        while !interrupt::requested() {
            match self.events.recv_timeout(if has_changed { QUIET } else { TICK }) {
                Ok(event) => has_changed |= event.is_ok_and(|event| self.is_change(&event)),
                Err(RecvTimeoutError::Timeout) if has_changed => break,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => anyhow::bail!("the files are not watched any more"),
            }
        }
        if let Some(program) = &mut program {
            // It may have ended by itself.
            let _ = program.kill();
            program.wait().context("the artifact does not end")?;
        }
        drop(guard);
        Ok(())
    }

    /// Whether a build could read what has changed there.
    fn is_change(&self, event: &Event) -> bool {
        let is_none = matches!(
            event.kind,
            EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_))
        );
        !is_none && event.paths.iter().any(|path| self.is_input(path))
    }

    fn is_input(&self, path: &Path) -> bool {
        if self
            .out_dir
            .as_ref()
            .is_some_and(|folder| path.starts_with(folder))
        {
            return false;
        }
        let below = self
            .folders
            .iter()
            .find_map(|folder| path.strip_prefix(folder).ok());
        below.is_some_and(|below| {
            below != Path::new("")
                && below.components().all(|part| {
                    let name = part.as_os_str().to_string_lossy();
                    !name.starts_with('.') && !["__pycache__", "node_modules"].contains(&&*name)
                })
        })
    }
}
