//! Makes the image, and starts the interpreter with it where there is a snapshot.

use pywasm_project::Preinit;
use pywasm_report::Stage;

use super::{
    StageLog,
    image::{self, GuestImage},
    link::LinkedBase,
    preinit::{self, StartedInterpreter},
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
    resolution: Resolution,
    log: &mut StageLog<'_>,
) -> Result<Settled, Error> {
    let image = log.time(Stage::Bundle, || image::make(context, &resolution))?;
    let (mut snapshot, mut start) = (None, Start::Whole);
    // What an interpreter has imported tells what it can still need, so it starts before shaking.
    if context.settings.preinit != Preinit::None
        && let Some(twin) = shake::twin(context, linked, &resolution.graph, log)?
    {
        let started = log.time(Stage::Preinit, || {
            preinit::start(context, &twin, &image, &resolution)
        })?;
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
