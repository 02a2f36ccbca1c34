//! Makes the image and starts the interpreter with it, again until the snapshot is fit: a module
//! of a dependency that did what no snapshot can keep is left to the start of the program, and
//! then the image is another one.

use pywasm_project::Preinit;
use pywasm_report::Stage;

use super::{
    StageLog,
    image::{self, GuestImage},
    link::LinkedBase,
    preinit::{self, Outcome, StartedInterpreter},
    resolve::Resolution,
    shake::{self, Start},
};
use crate::{Error, context::Context};

/// What is bundled, and how the program starts.
pub(crate) struct Settled {
    pub(crate) resolution: Resolution,
    pub(crate) image: GuestImage,
    /// The started interpreter; `None` without a snapshot.
    pub(crate) snapshot: Option<StartedInterpreter>,
    pub(crate) start: Start,
}

pub(crate) fn run(
    context: &Context<'_>,
    linked: &LinkedBase<'_>,
    mut resolution: Resolution,
    log: &mut StageLog<'_>,
) -> Result<Settled, Error> {
    let mut image = log.time(Stage::Bundle, || image::make(context, &resolution))?;
    let (mut snapshot, mut start) = (None, Start::Whole);
    // What an interpreter has imported tells what it can still need, so it starts before shaking.
    if context.settings.preinit != Preinit::None
        && let Some(twin) = shake::twin(context, linked, &resolution.graph, log)?
    {
        let started = loop {
            let outcome = log.time(Stage::Preinit, || {
                preinit::start(context, &twin, &image, &resolution)
            })?;
            match outcome {
                Outcome::Done(started) => break started,
                // Each round leaves more modules to the start than the one before.
                Outcome::Deferred(modules) => resolution.graph.hooks.late.extend(modules),
            }
            image = log.time(Stage::Bundle, || image::make(context, &resolution))?;
        };
        start = Start::Snapshot {
            compiles: resolution.graph.needs_compiler_after(&started.modules()),
        };
        snapshot = Some(started);
    }
    Ok(Settled {
        resolution,
        image,
        snapshot,
        start,
    })
}
