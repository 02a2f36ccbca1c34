//! What the program drew from its surroundings while it was imported at build time in, errors and
//! warnings with a line of the program out.
//!
//! A snapshot fixes it: every start would see the same clock, the same random numbers. What the
//! runtime itself makes new at each start is no news, nor what the importer reads.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_interpreter::{Frame, Notice, NoticeKind, Snapshot};
use pywasm_project::{Allow, AllowKind, Preinit};
use pywasm_resolve::{Module, ModuleGraph, ModuleKind, Origin};
use pywasm_target::abi::SNAPSHOT_MODULE;

use super::super::{
    layout::{Layout, absolute},
    resolve::Resolution,
    sources::Sources,
};
use crate::{Error, context::Context};

/// What was found.
#[derive(Default)]
pub(super) struct Watched {
    pub(super) errors: Vec<Diagnostic>,
    pub(super) warnings: Vec<Diagnostic>,
    /// Modules of dependencies that have to be left to the start. Nobody can change them, and
    /// nobody has to: the program itself does not notice when they are imported.
    pub(super) unfit: BTreeSet<String>,
}

/// Judges all that was noticed.
pub(super) fn judge(
    context: &Context<'_>,
    snapshot: &Snapshot,
    resolution: &Resolution,
) -> Result<Watched, Error> {
    let (project, preinit) = (context.project, context.settings.preinit);
    let graph = &resolution.graph;
    check_allow(&project.allow, graph)?;
    let files = files(graph, context.layout());
    // Python code of the runtime that stands between the program and what it reads.
    let watcher = format!("{SNAPSHOT_MODULE}.py");
    let watcher = absolute(&context.layout().place(Origin::Stdlib, &watcher));
    let mut watched = Watched::default();
    for notice in &snapshot.notices {
        let Some(cause) = cause(notice, &watcher, &files) else {
            continue;
        };
        let name = &cause.module.name;
        let is_own = cause.module.origin != Origin::Stdlib;
        let kind = kind(notice.kind);
        let mut allowed = project.allow.iter().chain(&graph.hooks.allow);
        let is_allowed = allowed.any(|allow| allow.matches(kind, name));
        if is_allowed || !is_own && snapshot.renewed.contains(name) {
            continue;
        }
        let is_unfit = matches!(
            notice.kind,
            NoticeKind::Entropy | NoticeKind::Descriptor | NoticeKind::Clock
        );
        if is_unfit
            && preinit == Preinit::Stdlib
            && cause.imported.origin == Origin::Dependency
            && !graph.hooks.late.contains(&cause.imported.name)
        {
            watched.unfit.insert(cause.imported.name.clone());
            continue;
        }
        let diagnostic = diagnostic(notice, &cause, preinit, &resolution.sources);
        let list = match notice.kind {
            NoticeKind::Entropy | NoticeKind::Descriptor => &mut watched.errors,
            _ => &mut watched.warnings,
        };
        // A line is told once, though it may lead to a read by several ways.
        let is_told = |told: &Diagnostic| {
            (&told.message, &told.location) == (&diagnostic.message, &diagnostic.location)
        };
        if !list.iter().any(is_told) {
            list.push(diagnostic);
        }
    }
    Ok(watched)
}

/// A module that is allowed something must be there.
fn check_allow(allow: &[Allow], graph: &ModuleGraph) -> Result<(), Error> {
    let unknown: Vec<Diagnostic> = allow
        .iter()
        .filter_map(|allow| allow.unmatched(graph.modules.keys().map(String::as_str)))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Error::Project(pywasm_project::Error { diagnostics: unknown }))
}

/// The modules by their guest paths.
fn files(graph: &ModuleGraph, layout: Layout) -> BTreeMap<String, &Module> {
    graph
        .modules
        .values()
        .filter_map(|module| match &module.kind {
            ModuleKind::Source { relative, .. } => {
                Some((absolute(&layout.place(module.origin, relative)), module))
            }
            _ => None,
        })
        .collect()
}

/// The line of Python that a notice comes from.
struct Cause<'a> {
    module: &'a Module,
    /// The module that is being imported.
    imported: &'a Module,
    line: u32,
    /// The line that it goes through, where it is in another module: `uuid, line 5`.
    through: Option<String>,
}

/// The innermost line of the app or a dependency in the module that is being imported; where there
/// is none, the line of the standard library's module. `None`: nothing that Python code asked for.
fn cause<'a>(notice: &Notice, watcher: &str, files: &BTreeMap<String, &'a Module>) -> Option<Cause<'a>> {
    let frames: Vec<(&Frame, &'a Module)> = notice
        .stack
        .iter()
        .skip_while(|frame| frame.file == watcher)
        .take_while(|frame| !frame.file.starts_with("<frozen importlib"))
        .filter_map(|frame| files.get(&frame.file).map(|module| (frame, *module)))
        .collect();
    let own = frames.iter().find(|(_, module)| module.origin != Origin::Stdlib);
    let (frame, module) = own.or(frames.last())?;
    let (first, first_module) = frames.first()?;
    let (_, imported) = frames.last()?;
    let through = !std::ptr::eq(*first_module, *module);
    Some(Cause {
        module,
        imported,
        line: frame.line,
        through: through.then(|| format!("{}, line {}", first_module.name, first.line)),
    })
}

fn diagnostic(notice: &Notice, cause: &Cause<'_>, preinit: Preinit, sources: &Sources) -> Diagnostic {
    let name = &cause.module.name;
    let what = &notice.what;
    let read = match notice.kind {
        NoticeKind::Clock => "reads the clock".to_owned(),
        NoticeKind::Entropy => "draws random numbers".to_owned(),
        NoticeKind::Environment if what.is_empty() => "reads the environment".to_owned(),
        NoticeKind::Environment => format!("reads the environment variable {what}"),
        NoticeKind::Argv => "reads sys.argv".to_owned(),
        NoticeKind::File if what == "stdin" => "reads standard input".to_owned(),
        NoticeKind::File => format!("looks for the file {what}, which is not in the artifact,"),
        NoticeKind::Descriptor => format!("leaves the file {what} open"),
        NoticeKind::Print => format!("writes to {what}"),
    };
    let outcome = match notice.kind {
        NoticeKind::Clock => "each start would see the same time",
        NoticeKind::Entropy => "each start would get the same numbers",
        NoticeKind::Environment => "it is empty then, and each start would see it so",
        NoticeKind::Argv => "there are no arguments then, and each start would see it so",
        NoticeKind::File if what == "stdin" => "it is at its end then",
        NoticeKind::File => "no start would look again",
        NoticeKind::Descriptor => "each start would go on with the file as it is then",
        NoticeKind::Print => "no start would do it again",
    };
    let mut found = Diagnostic::new(format!(
        "`{name}` {read} when it is imported, which happens once, at build time: {outcome}"
    ))
    .with_location(location(cause, sources));
    if let Some(through) = &cause.through {
        found = found.with_note(format!("through {through}"));
    }
    found.with_hint(hint(notice.kind, cause.module, preinit))
}

fn hint(notice: NoticeKind, module: &Module, preinit: Preinit) -> String {
    let other = if preinit == Preinit::App && module.origin == Origin::App {
        "stdlib"
    } else {
        "interpreter"
    };
    format!(
        "do it in a function, when the program runs; if it may be so, set allow = [\"{}:{}\"] under [tool.pywasm] \
         in pyproject.toml; with preinit = \"{other}\" the module is imported at each start",
        kind(notice),
        module.name
    )
}

/// The line and its text, where the source can still be read.
fn location(cause: &Cause<'_>, sources: &Sources) -> Location {
    let mut place = Location::line(&cause.module.shown, cause.line);
    if let ModuleKind::Source { path, .. } = &cause.module.kind
        && let Ok(source) = sources.read(path)
        && let Ok(source) = std::str::from_utf8(&source)
        && let Some(text) = cause
            .line
            .checked_sub(1)
            .and_then(|line| source.lines().nth(line as usize))
    {
        text.clone_into(&mut place.text);
    }
    place
}

/// The word of `allow` that accepts a notice. The two types are in crates of which none knows the
/// other: the engine reports, and the configuration accepts.
fn kind(notice: NoticeKind) -> AllowKind {
    match notice {
        NoticeKind::Clock => AllowKind::Clock,
        NoticeKind::Entropy => AllowKind::Entropy,
        NoticeKind::Environment => AllowKind::Environment,
        NoticeKind::Argv => AllowKind::Argv,
        NoticeKind::File => AllowKind::File,
        NoticeKind::Descriptor => AllowKind::Descriptor,
        NoticeKind::Print => AllowKind::Print,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_and_the_word_that_accepts_it_are_called_the_same() {
        assert_eq!(NoticeKind::ALL.len(), AllowKind::CHOICES.len());
        for notice in NoticeKind::ALL {
            assert_eq!(kind(notice).to_string(), notice.word());
        }
    }
}
