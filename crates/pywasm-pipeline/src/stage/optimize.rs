//! The shaken module in, what Binaryen makes of it out.

use pywasm_object::{pack, target_features};
use pywasm_optimize::{Level, OPTIMIZE_VERSION, optimize};
use pywasm_project::Optimize;
use pywasm_report::Stage;

use super::{StageLog, shake::Shaken};
use crate::{
    Error,
    cache::{Cache, CacheKind, Key},
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
    log: &mut StageLog<'_>,
) -> Result<Optimized, Error> {
    let level = level(setting);
    if level == Level::None {
        return Ok(Optimized {
            module: shaken.module.clone(),
        });
    }
    let optimized = log.time(Stage::Optimize, || optimize_cached(&shaken.module, level, cache));
    let module = optimized?;
    log.add_module(Stage::Optimize, shaken.module.len(), &module, Vec::new());
    Ok(Optimized { module })
}

fn optimize_cached(module: &[u8], level: Level, cache: &Cache) -> Result<Vec<u8>, Error> {
    let key = Key::new(CacheKind::Optimize, VERSION)
        .text(&OPTIMIZE_VERSION.to_string())
        .text(&format!("{level:?}"))
        .bytes(module);
    cache.get_or(key, || {
        let features = target_features(module).map_err(Error::Shake)?;
        let optimized = optimize(module, level, &features).map_err(Error::Optimize)?;
        pack(&optimized, ZEROS).map_err(Error::Shake)
    })
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
