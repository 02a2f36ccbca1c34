//! Finds out what the artifact was made of: the files that went in, and the distributions that own
//! them.

use pywasm_report::{InputEntry, Stage};

use super::{
    StageLog,
    distributions::{self, DistributionOwners},
    inputs,
    link::LinkedBase,
    settle::Settled,
};
use crate::{Error, context::Context};

/// What an artifact was made of.
pub(crate) struct Contents {
    pub(crate) owners: DistributionOwners,
    pub(crate) inputs: Vec<InputEntry>,
}

pub(crate) fn run(
    context: &Context<'_>,
    linked: &LinkedBase<'_>,
    settled: &Settled,
    log: &mut StageLog<'_>,
) -> Result<Contents, Error> {
    log.time(Stage::Bundle, || {
        Ok(Contents {
            owners: distributions::find(context, &settled.resolution.graph, &settled.image.data),
            inputs: inputs::list(context, linked, &settled.resolution)?,
        })
    })
}
