//! Judges what a program reads of its surroundings while it is rehearsed: a notice in, whether a
//! snapshot may hold it out.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_interpreter::{Notice, NoticeKind, Rehearsal, Renewal, Verdict};
use pywasm_project::{Allow, AllowKind, Project};
use pywasm_resolve::{ModuleGraph, ModuleKind, Origin, RenewRow, RenewedValue};

use super::super::layout::{Layout, absolute};

/// Knows the modules of a program, and what the project allows them.
pub(super) struct Judge {
    /// The modules by the files that their code names.
    modules: BTreeMap<String, JudgedModule>,
    allow: Vec<Allow>,
    environment: BTreeMap<String, String>,
    renewals: Vec<Renewal>,
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
            renewals: graph.hooks.renew.iter().map(renewal).collect(),
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

/// The row of a hook as the guest knows it.
fn renewal(row: &RenewRow) -> Renewal {
    Renewal {
        module: row.module.clone(),
        attribute: row.attribute.clone(),
        value: match row.value {
            RenewedValue::Year => "year",
            RenewedValue::Century => "century",
        },
    }
}

/// Whether the body of this module runs, under the importer.
fn runs_body(notice: &Notice, name: &str) -> bool {
    let frames = notice.stack.iter().take_while(|frame| !frame.is_importer());
    frames
        .last()
        .and_then(|frame| frame.body.as_ref())
        .is_some_and(|body| body.module == name)
}

impl Rehearsal for Judge {
    fn judge(&self, notice: &Notice, renewed: &BTreeSet<String>) -> Verdict {
        let Some(cause) = self.cause(notice) else {
            // A builtin module may look at the clock.
            return match notice.kind {
                NoticeKind::Clock | NoticeKind::Entropy => Verdict::Hold,
                NoticeKind::Missing => Verdict::Assume,
                _ => Verdict::Stop,
            };
        };
        let module = cause.module;
        let reads_for_renewal = || {
            let mut rows = self.renewals.iter();
            notice.kind == NoticeKind::Clock
                && rows.any(|row| row.module == module.name)
                && runs_body(notice, &module.name)
        };
        let is_renewed =
            renewed.contains(&module.name) && (module.origin == Origin::Stdlib || reads_for_renewal());
        let is_allowed = kind(notice.kind)
            .is_some_and(|kind| self.allow.iter().any(|allow| allow.matches(kind, &module.name)));
        match notice.kind {
            _ if is_renewed || is_allowed => Verdict::Hold,
            NoticeKind::Environment | NoticeKind::Missing | NoticeKind::Terminal => Verdict::Assume,
            _ => Verdict::Stop,
        }
    }

    fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    fn renewals(&self) -> &[Renewal] {
        &self.renewals
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
        NoticeKind::Missing | NoticeKind::File => AllowKind::File,
        NoticeKind::Print => AllowKind::Print,
        NoticeKind::Terminal | NoticeKind::Import | NoticeKind::Exit => return None,
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
