//! The finished module in, the same in Brotli's format out.

use pywasm_optimize::{COMPRESS_VERSION, compress};
use pywasm_report::{Digest, Stage};

use super::{Recorder, strip::Stripped};
use crate::{
    Profile,
    cache::{Cache, Key},
};

/// The compressed module; `None` with the profile `dev`.
pub(crate) fn run(
    stripped: &Stripped,
    profile: Profile,
    cache: &Cache,
    recorder: &mut Recorder<'_>,
) -> Option<Vec<u8>> {
    if profile == Profile::Dev {
        return None;
    }
    recorder.begin("compress");
    let key = Key::new("compress", COMPRESS_VERSION).bytes(&stripped.module);
    let packed = match cache.get("compress", key.clone()) {
        Some(found) => found,
        None => {
            let made = compress(&stripped.module);
            cache.put("compress", key, &made);
            made
        }
    };
    let row = Stage {
        brotli_bytes: Some(packed.len() as u64),
        ..Stage::new(
            "compress",
            stripped.module.len() as u64,
            packed.len() as u64,
            Digest::of(&packed),
        )
    };
    recorder.end(row, "compress");
    Some(packed)
}
