//! The finished module in, the same in Brotli's format out.

use std::convert::Infallible;

use pywasm_digest::Digest;
use pywasm_optimize::{COMPRESS_VERSION, compress};
use pywasm_report::{Stage, StageRow};

use super::{StageLog, strip::Stripped};
use crate::{
    Error, Profile,
    cache::{Cache, CacheKind, Key},
};

/// The compressed module; `None` with the profile `dev`.
pub(crate) fn run(
    stripped: &Stripped,
    profile: Profile,
    cache: &Cache,
    log: &mut StageLog<'_>,
) -> Result<Option<Vec<u8>>, Error> {
    if profile == Profile::Dev {
        return Ok(None);
    }
    let packed = log.time(Stage::Compress, || compressed(&stripped.module, cache));
    let row = StageRow {
        brotli_bytes: Some(packed.len() as u64),
        ..StageRow::new(
            Stage::Compress.name(),
            stripped.module.len() as u64,
            packed.len() as u64,
            Digest::compute(&packed),
        )
    };
    log.add_row(row);
    Ok(Some(packed))
}

fn compressed(module: &[u8], cache: &Cache) -> Vec<u8> {
    let key = Key::new(CacheKind::Compress, COMPRESS_VERSION).bytes(module);
    let made: Result<_, Infallible> = cache.get_or(key, || Ok(compress(module)));
    match made {
        Ok(compressed) => compressed,
        Err(never) => match never {},
    }
}
