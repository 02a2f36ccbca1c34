//! Finds out what the artifact was made of: the files that went in, the distributions that own them,
//! and the lines that hooks replaced.

use pywasm_report::{InputEntry, ReplacedEntry, Stage};

use super::{
    StageLog,
    distributions::{self, DistributionOwners},
    inputs,
    link::LinkedBase,
    replaced,
    settle::Settled,
};
use crate::{Error, context::Context};

/// What an artifact was made of.
pub(crate) struct Contents {
    pub(crate) owners: DistributionOwners,
    pub(crate) inputs: Vec<InputEntry>,
    pub(crate) replaced: Vec<ReplacedEntry>,
}

pub(crate) fn run(
    context: &Context<'_>,
    linked: &LinkedBase<'_>,
    settled: &Settled,
    log: &mut StageLog<'_>,
) -> Result<Contents, Error> {
    log.time(Stage::Bundle, || {
        let owners = distributions::find(context, &settled.resolution.graph, &settled.image.data);
        Ok(Contents {
            inputs: inputs::list(context, linked, &settled.resolution)?,
            replaced: replaced::find(&settled.resolution, &owners)?,
            owners,
        })
    })
}
