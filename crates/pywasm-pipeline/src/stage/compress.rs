//! The finished module in, the same in Brotli's format out.

use pywasm_digest::Digest;
use pywasm_optimize::{COMPRESS_VERSION, compress};
use pywasm_report::Stage;

use super::{Recorder, strip::Stripped};
use crate::{
    Error, Profile,
    cache::{Cache, Key},
};

/// The compressed module; `None` with the profile `dev`.
pub(crate) fn run(
    stripped: &Stripped,
    profile: Profile,
    cache: &Cache,
    recorder: &mut Recorder<'_>,
) -> Result<Option<Vec<u8>>, Error> {
    if profile == Profile::Dev {
        return Ok(None);
    }
    recorder.begin("compress");
    let packed = compressed(&stripped.module, cache);
    let row = Stage {
        brotli_bytes: Some(packed.len() as u64),
        ..Stage::new(
            "compress",
            stripped.module.len() as u64,
            packed.len() as u64,
            Digest::compute(&packed),
        )
    };
    recorder.end(row);
    Ok(Some(packed))
}

fn compressed(module: &[u8], cache: &Cache) -> Vec<u8> {
    let key = Key::new("compress", COMPRESS_VERSION).bytes(module);
    match cache.get("compress", key.clone()) {
        Some(found) => found,
        None => {
            let made = compress(module);
            cache.put("compress", key, &made);
            made
        }
    }
}
