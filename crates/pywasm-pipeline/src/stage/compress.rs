//! Compresses what is shipped into Brotli's format.

use std::convert::Infallible;

use pywasm_cache::Cache;
use pywasm_digest::Digest;
use pywasm_dist::{ArtifactKind, FileNames, OutputFile, compress_pieces};
use pywasm_report::{Stage, StageRow};

use super::{StageLog, seal::Payload};
use crate::{Profile, cache_key, context::Context};

/// The compressed module; `None` with the profile `dev`.
pub(crate) fn run(context: &Context<'_>, payload: &Payload, log: &mut StageLog<'_>) -> Option<OutputFile> {
    if context.settings.profile == Profile::Dev {
        return None;
    }
    let plain = payload.bytes();
    let packed = log.time(Stage::Compress, || compress_cached(plain, context.tools.cache));
    let row = StageRow {
        brotli_bytes: Some(packed.len() as u64),
        ..StageRow::new(
            Stage::Compress.name(),
            plain.len() as u64,
            packed.len() as u64,
            Digest::compute(&packed),
        )
    };
    log.add_row(row);
    let name = FileNames::new(&context.project.name).brotli();
    Some(OutputFile::new(name, ArtifactKind::Brotli, packed))
}

/// A piece that an earlier build compressed is not compressed again.
fn compress_cached(module: &[u8], cache: &Cache) -> Vec<u8> {
    compress_pieces(module, |piece| {
        let made: Result<_, Infallible> = cache.get_or(cache_key::compress(piece), || Ok(piece.compress()));
        match made {
            Ok(compressed) => compressed,
            Err(never) => match never {},
        }
    })
}
