//! Puts an interpreter that has started into the module with the program.
//!
//! The twin of the module runs at build time, in a world of its own, and imports what the program
//! imports when it is loaded. Its memory then takes the place of the module's data.

mod watch;

use std::collections::BTreeSet;

use pywasm_diagnostic::Diagnostic;
use pywasm_interpreter::Image;
use pywasm_object::Snapshot;
use pywasm_report::{Stage, StageNote};
use pywasm_target::abi::export;

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

/// An interpreter that has started, and imported.
pub(crate) struct StartedInterpreter {
    snapshot: pywasm_interpreter::Snapshot,
    pub(crate) warnings: Vec<Diagnostic>,
}

impl StartedInterpreter {
    /// The modules that it has imported.
    pub(crate) fn modules(&self) -> BTreeSet<String> {
        self.snapshot.modules.iter().cloned().collect()
    }
}

/// What came of a start.
pub(crate) enum Outcome {
    /// It is as it should be.
    Done(StartedInterpreter),
    /// These modules of dependencies did what no snapshot can keep while they were imported, so
    /// their import has to wait for the start of the program.
    Deferred(BTreeSet<String>),
}

/// Starts the interpreter.
pub(crate) fn start(
    context: &Context<'_>,
    twin: &Twin,
    image: &GuestImage,
    resolution: &Resolution,
) -> Result<Outcome, Error> {
    let image = Image {
        export: export::IMAGE,
        bytes: &image.bytes,
    };
    let snapshot = context.tools.interpreter.snapshot(&twin.module, image);
    let snapshot = snapshot.map_err(Error::Preinit)?;
    let watched = watch::judge(context, &snapshot, resolution)?;
    if !watched.unfit.is_empty() {
        return Ok(Outcome::Deferred(watched.unfit));
    }
    if !watched.errors.is_empty() {
        return Err(Error::Watched(watched.errors));
    }
    let warnings = watched.warnings;
    Ok(Outcome::Done(StartedInterpreter { snapshot, warnings }))
}

/// Gives its memory to the module, where there is a snapshot.
pub(crate) fn run(
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
        to: export::START,
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
