//! The shaken module in, what Binaryen makes of it out.

use pywasm_object::{pack, target_features};
use pywasm_optimize::{Level, OPTIMIZE_VERSION, optimize};
use pywasm_project::Optimize;

use super::{Recorder, shake::Shaken};
use crate::{
    Error,
    cache::{Cache, Key},
};

/// Binaryen cuts the data wherever some zeros stand. A segment's head costs about as many bytes
/// of Brotli as a short run of zeros, so runs up to this length are put back: the module grows
/// by 1 to 2 %, and its `.br` shrinks by 2 %.
pub(crate) const ZEROS: usize = 32;

/// Changes with what this stage does besides Binaryen; part of its cache key.
const VERSION: u32 = 1;

/// A module that has been through Binaryen, or was let past it.
pub(crate) struct Optimized {
    pub(crate) module: Vec<u8>,
}

pub(crate) fn run(
    shaken: &Shaken,
    setting: Optimize,
    cache: &Cache,
    recorder: &mut Recorder<'_>,
) -> Result<Optimized, Error> {
    let level = level(setting);
    if level == Level::None {
        return Ok(Optimized {
            module: shaken.module.clone(),
        });
    }
    recorder.begin("optimize");
    let key = Key::new("optimize", VERSION)
        .text(&OPTIMIZE_VERSION.to_string())
        .text(&format!("{level:?}"))
        .bytes(&shaken.module);
    let module = cache.get_or("optimize", key, || {
        let features = target_features(&shaken.module).map_err(Error::Shake)?;
        let module = optimize(&shaken.module, level, &features).map_err(Error::Optimize)?;
        pack(&module, ZEROS).map_err(Error::Shake)
    })?;
    recorder.end_with_module("optimize", shaken.module.len(), &module, Vec::new());
    Ok(Optimized { module })
}

fn level(setting: Optimize) -> Level {
    match setting {
        Optimize::Size | Optimize::Oz => Level::Oz,
        Optimize::Speed | Optimize::O3 => Level::O3,
        Optimize::Off => Level::None,
        Optimize::O2 => Level::O2,
        Optimize::O4 => Level::O4,
        Optimize::Os => Level::Os,
    }
}
