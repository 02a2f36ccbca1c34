//! The finished module in, the same in Brotli's format out.

use std::{collections::BTreeSet, panic::resume_unwind, thread};

use pywasm_object::strip;
use pywasm_optimize::{COMPRESS_VERSION, compress};
use pywasm_report::{Digest, Stage};

use super::{Recorder, strip::Stripped};
use crate::{
    Error, Profile,
    cache::{Cache, Key},
};

/// The compressed module; `None` with the profile `dev`.
///
/// `without_snapshot` is compressed beside it, where there is one: so the rows of `bundle` and
/// `preinit` tell what the snapshot costs. Both figures are for modules without names.
pub(crate) fn run(
    stripped: &Stripped,
    without_snapshot: Option<&[u8]>,
    profile: Profile,
    cache: &Cache,
    recorder: &mut Recorder<'_>,
) -> Result<Option<Vec<u8>>, Error> {
    if profile == Profile::Dev {
        return Ok(None);
    }
    recorder.begin("compress");
    let (packed, without) = thread::scope(|scope| {
        let without = without_snapshot.map(|module| {
            scope.spawn(move || {
                let stripped = strip(module, &BTreeSet::new()).map_err(Error::Strip)?;
                Ok::<_, Error>(compressed(&stripped.module, cache).len())
            })
        });
        let packed = compressed(&stripped.module, cache);
        let without = without.map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        (packed, without)
    });
    if let Some(without) = without {
        recorder.tell_brotli("bundle", without?);
        recorder.tell_brotli("preinit", packed.len());
    }
    let row = Stage {
        brotli_bytes: Some(packed.len() as u64),
        ..Stage::new(
            "compress",
            stripped.module.len() as u64,
            packed.len() as u64,
            Digest::of(&packed),
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
