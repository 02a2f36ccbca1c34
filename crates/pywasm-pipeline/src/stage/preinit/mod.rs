//! Puts an interpreter that has started and rehearsed the program into the module with the program.
//!
//! The twin of the module runs at build time, in a world of its own, as far as a snapshot may hold
//! what it does. Its memory then takes the place of the module's data.

mod explain;
mod judge;

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use explain::explain;
use judge::Judge;
use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_interpreter::{Image, NoticeKind, Rehearsal};
use pywasm_object::{Heap, Snapshot};
use pywasm_project::{Allow, Preinit};
use pywasm_report::{RehearsalEnd, Stage, StageNote, StartReport};
use pywasm_resolve::{ModuleGraph, Origin};
use pywasm_size::{InvalidObjects, Objects, divide_heap};
use pywasm_target::abi::{export, guest};

use super::{
    StageLog,
    bundle::BundledModule,
    image::GuestImage,
    optimize::ZEROS,
    resolve::Resolution,
    settle::Settled,
    shake::{ShakenModule, Twin},
};
use crate::{Error, context::Context};

/// An interpreter that has started, and rehearsed the program.
pub(crate) struct StartedInterpreter {
    snapshot: pywasm_interpreter::Snapshot,
    /// How the artifact starts, in words.
    pub(crate) report: StartReport,
}

impl StartedInterpreter {
    /// Whose the bytes of its heap are; `None` where its base does not tell.
    pub(crate) fn heap(&self, order: &[&str]) -> Result<Option<Heap>, InvalidObjects> {
        let objects = self.snapshot.objects.as_ref().map(|list| Objects {
            words: &list.words,
            names: &list.names,
            modules: list.modules,
            kinds: list.kinds,
        });
        objects.map(|objects| divide_heap(objects, order)).transpose()
    }

    /// The addresses of what leads back to an earlier memory.
    pub(crate) fn way_back(&self) -> Option<Range<u64>> {
        self.snapshot.fallback.as_ref().map(|way| way.addresses.clone())
    }

    /// The modules that it has imported, wherever the program goes on from.
    pub(crate) fn modules(&self) -> BTreeSet<String> {
        let fallback = self.snapshot.fallback.as_ref();
        let modules = fallback.map_or(&self.snapshot.modules, |fallback| &fallback.modules);
        modules.iter().cloned().collect()
    }
}

/// Starts the interpreter and rehearses the program.
pub(crate) fn start(
    context: &Context<'_>,
    twin: &Twin,
    image: &GuestImage,
    resolution: &Resolution,
) -> Result<StartedInterpreter, Error> {
    let image = Image {
        export: export::IMAGE,
        bytes: &image.bytes,
    };
    check_allow(&context.project.allow, &resolution.graph)?;
    let judge = Arc::new(Judge::new(&resolution.graph, context.layout(), context.project));
    let is_rehearsed = match context.settings.preinit {
        Preinit::None | Preinit::Interpreter => false,
        Preinit::Stdlib | Preinit::App => true,
    };
    let rehearsal = is_rehearsed.then(|| -> Arc<dyn Rehearsal> { judge.clone() });
    let snapshot = context
        .tools
        .interpreter
        .snapshot(&twin.module, image, rehearsal)
        .map_err(Error::Preinit)?;
    let entry = &resolution.graph.entry.module;
    let report = explain(&snapshot, &judge, is_rehearsed, entry);
    if context.world.is_some() {
        check_end(context, &snapshot, &report)?;
    }
    Ok(StartedInterpreter { snapshot, report })
}

/// A component whose modules cannot be imported could never answer a call.
fn check_end(
    context: &Context<'_>,
    snapshot: &pywasm_interpreter::Snapshot,
    report: &StartReport,
) -> Result<(), Error> {
    let (Some(notice), RehearsalEnd::Stopped(place)) = (&snapshot.stop, &report.rehearsal) else {
        return Ok(());
    };
    if notice.kind != NoticeKind::Exit {
        return Ok(());
    }
    if let Some((_, said)) = notice.what.split_once(WORLD_ERROR) {
        return Err(Error::Watched(vec![world_error(context, said)]));
    }
    let mut wrong = Diagnostic::new(format!(
        "the program cannot stand behind its world: {}",
        notice.what
    ));
    wrong.location = place.file.as_ref().map(|file| match place.line {
        Some(line) => Location::line(file, line),
        None => Location::file(file),
    });
    Err(Error::Watched(vec![wrong]))
}

/// The exception of `_pywasm_bind.py`.
const WORLD_ERROR: &str = "WorldError: ";

/// What the bindings found wrong with the program. They say where, as the program sees its files.
fn world_error(context: &Context<'_>, said: &str) -> Diagnostic {
    let folder = format!("{}/{}/", guest::MOUNT, context.layout().folder(Origin::App));
    let place = said.strip_prefix(folder.as_str()).and_then(|rest| {
        let (file, rest) = rest.split_once(':')?;
        let (line, message) = rest.split_once(": ")?;
        Some((file, line.parse().ok()?, message))
    });
    let Some((file, line, message)) = place else {
        return Diagnostic::new(said);
    };
    let project = context.project;
    let roots = project.source_roots.iter().map(|root| root.join(file));
    let path = roots.into_iter().find(|path| path.is_file());
    let shown = match &path {
        Some(path) => path
            .strip_prefix(&project.root)
            .unwrap_or(path)
            .display()
            .to_string(),
        None => file.to_owned(),
    };
    Diagnostic::new(message).with_location(Location::line(shown, line))
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

/// Gives its memory to the module, where there is a snapshot.
pub(crate) fn run(
    context: &Context<'_>,
    bundled: BundledModule,
    settled: &Settled,
    shaken: &ShakenModule,
    log: &mut StageLog<'_>,
) -> Result<BundledModule, Error> {
    let (Some(started), Some(twin)) = (&settled.snapshot, &shaken.twin) else {
        return Ok(bundled);
    };
    let plan = Snapshot {
        from: export::RESUME,
        // A component's interpreter stays after its start, for the calls of its exports.
        to: if context.world.is_some() {
            export::INITIALIZE
        } else {
            export::START
        },
        dropped: &[export::FALLBACK],
        unneeded: &twin.unneeded,
        cut: &twin.cut,
        zeros: ZEROS,
    };
    let snapshot = &started.snapshot;
    let made = log.time(Stage::Preinit, || {
        pywasm_object::snapshot(&bundled.bytes, &snapshot.memory, &plan)
    });
    let made = made.map_err(Error::Snapshot)?;
    let note = |name: &str, live: u64, total: u64| StageNote {
        name: name.to_owned(),
        live,
        total,
    };
    let notes = vec![
        note("heap bytes", snapshot.live_bytes, snapshot.heap_bytes),
        note("start-up data", made.unneeded.live, made.unneeded.total),
        note(
            "imported modules",
            snapshot.modules.len() as u64,
            settled.resolution.graph.modules.len() as u64,
        ),
    ];
    log.add_module(Stage::Preinit, bundled.bytes.len(), &made.module, notes);
    Ok(BundledModule { bytes: made.module })
}
