//! A module with the program inside in, the same with an interpreter that has started out.
//!
//! The twin of the module runs at build time, in a world of its own, and imports what the program
//! imports when it is loaded. Its memory then takes the place of the module's data.

mod watch;

use std::collections::BTreeSet;

use pywasm_diagnostic::Diagnostic;
use pywasm_engine::Engine;
use pywasm_object::Snapshot;
use pywasm_project::{Preinit, Project};
use pywasm_report::{Stage, StageNote};

use super::{
    StageLog,
    bundle::{Bundled, IMAGE, Image},
    optimize::ZEROS,
    resolve::Reached,
    shake::{RESUME, START, Twin},
};
use crate::Error;

/// An interpreter that has started, and imported.
pub(crate) struct Started {
    snapshot: pywasm_engine::Snapshot,
    pub(crate) warnings: Vec<Diagnostic>,
}

impl Started {
    /// The modules that it has imported.
    pub(crate) fn modules(&self) -> BTreeSet<String> {
        self.snapshot.modules.iter().cloned().collect()
    }
}

/// What came of a start.
pub(crate) enum Outcome {
    /// It is as it should be.
    Done(Started),
    /// These modules of dependencies did what no snapshot can keep while they were imported.
    Unfit(BTreeSet<String>),
}

/// Starts the interpreter.
pub(crate) fn start(
    twin: &Twin,
    image: &Image,
    reached: &Reached,
    project: &Project,
    preinit: Preinit,
    engine: &Engine,
) -> Result<Outcome, Error> {
    let program = engine.load(&twin.module).map_err(Error::Preinit)?;
    let image = pywasm_engine::Image {
        export: IMAGE,
        bytes: &image.bytes,
    };
    let snapshot = pywasm_engine::snapshot(engine, &program, Some(image)).map_err(Error::Preinit)?;
    let watched = watch::judge(&snapshot, reached, project, preinit)?;
    if !watched.unfit.is_empty() {
        return Ok(Outcome::Unfit(watched.unfit));
    }
    if !watched.errors.is_empty() {
        return Err(Error::Watched(watched.errors));
    }
    let warnings = watched.warnings;
    Ok(Outcome::Done(Started { snapshot, warnings }))
}

/// Gives its memory to the module.
pub(crate) fn run(
    bundled: &Bundled,
    started: &Started,
    twin: &Twin,
    reached: &Reached,
    log: &mut StageLog<'_>,
) -> Result<Bundled, Error> {
    let plan = Snapshot {
        from: RESUME,
        to: START,
        unneeded: &twin.unneeded,
        cut: &twin.cut,
        zeros: ZEROS,
    };
    let snapshot = &started.snapshot;
    let made = log.time(Stage::Preinit, || {
        pywasm_object::snapshot(&bundled.module, &snapshot.memory, &plan)
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
            reached.graph.modules.len() as u64,
        ),
    ];
    log.add_module(Stage::Preinit, bundled.module.len(), &made.module, notes);
    Ok(Bundled { module: made.module })
}
