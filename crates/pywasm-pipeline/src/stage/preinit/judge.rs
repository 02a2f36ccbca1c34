//! Judges what a program reads of its surroundings while it is rehearsed: a notice in, whether a
//! snapshot may hold it out.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_interpreter::{Notice, NoticeKind, Rehearsal, Verdict};
use pywasm_project::{Allow, AllowKind, Project};
use pywasm_resolve::{ModuleGraph, ModuleKind, Origin};

use super::super::layout::{Layout, absolute};

/// Knows the modules of a program, and what the project allows them.
pub(super) struct Judge {
    /// The modules by the files that their code names.
    modules: BTreeMap<String, JudgedModule>,
    allow: Vec<Allow>,
    environment: BTreeMap<String, String>,
}

/// A module as far as it matters here.
#[derive(Clone, Debug)]
pub(super) struct JudgedModule {
    pub(super) name: String,
    pub(super) origin: Origin,
    /// The file's name for messages.
    pub(super) shown: String,
}

/// The line of Python that a notice comes from.
pub(super) struct Cause<'a> {
    pub(super) module: &'a JudgedModule,
    pub(super) line: u32,
}

impl Judge {
    pub(super) fn new(graph: &ModuleGraph, layout: Layout, project: &Project) -> Self {
        let modules = graph.modules.values().filter_map(|module| match &module.kind {
            ModuleKind::Source { relative, .. } => {
                let judged = JudgedModule {
                    name: module.name.clone(),
                    origin: module.origin,
                    shown: module.shown.clone(),
                };
                let guest = absolute(&layout.place(module.origin, relative));
                Some((layout.code_file(&guest).into_owned(), judged))
            }
            _ => None,
        });
        Self {
            modules: modules.collect(),
            allow: project.allow.iter().chain(&graph.hooks.allow).cloned().collect(),
            environment: project.environment.clone(),
        }
    }

    /// The innermost line of the app or a dependency in what is being imported; where there is
    /// none, the line of the standard library's module. `None`: only the importer asked.
    pub(super) fn cause<'a>(&'a self, notice: &Notice) -> Option<Cause<'a>> {
        // An import that fails is a fault of the line that imports.
        let skips_importer = notice.kind == NoticeKind::Exit;
        let stack = &notice.stack;
        let frames: Vec<Cause<'a>> = stack
            .iter()
            .skip_while(|frame| frame.is_rehearsal())
            .skip_while(|frame| skips_importer && frame.is_importer())
            .take_while(|frame| !frame.is_importer())
            .filter_map(|frame| {
                let module = self.modules.get(&frame.file)?;
                let line = frame.line;
                Some(Cause { module, line })
            })
            .collect();
        let own = frames
            .iter()
            .position(|cause| cause.module.origin != Origin::Stdlib);
        let at = own.or(frames.len().checked_sub(1))?;
        frames.into_iter().nth(at)
    }
}

impl Rehearsal for Judge {
    fn judge(&self, notice: &Notice, renewed: &BTreeSet<String>) -> Verdict {
        let Some(cause) = self.cause(notice) else {
            // A builtin module may look at the clock. The importer looks for files where somebody
            // has told it to, and there they may be at the start.
            return match notice.kind {
                NoticeKind::Clock | NoticeKind::Entropy => Verdict::Hold,
                _ => Verdict::Stop,
            };
        };
        let module = cause.module;
        let is_renewed = module.origin == Origin::Stdlib && renewed.contains(&module.name);
        let is_allowed = kind(notice.kind)
            .is_some_and(|kind| self.allow.iter().any(|allow| allow.matches(kind, &module.name)));
        match notice.kind {
            _ if is_renewed || is_allowed => Verdict::Hold,
            NoticeKind::Environment | NoticeKind::Terminal => Verdict::Assume,
            _ => Verdict::Stop,
        }
    }

    fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }
}

/// The word for it in `allow`, where there is one. The two types are in crates of which none knows
/// the other: the engine reports, and the configuration accepts.
pub(super) fn kind(notice: NoticeKind) -> Option<AllowKind> {
    Some(match notice {
        NoticeKind::Clock => AllowKind::Clock,
        NoticeKind::Entropy => AllowKind::Entropy,
        NoticeKind::Environment => AllowKind::Environment,
        NoticeKind::Argv => AllowKind::Argv,
        NoticeKind::File => AllowKind::File,
        NoticeKind::Print => AllowKind::Print,
        NoticeKind::Terminal | NoticeKind::Exit => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_and_the_word_that_accepts_it_are_called_the_same() {
        for notice in NoticeKind::ALL {
            if let Some(kind) = kind(notice) {
                assert_eq!(kind.to_string(), notice.word());
            }
        }
    }
}
