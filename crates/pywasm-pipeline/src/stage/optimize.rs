//! Optimizes the shaken module.

use pywasm_interpreter::Level;
use pywasm_object::{pack, target_features};
use pywasm_project::Optimize;
use pywasm_report::Stage;

use super::{StageLog, shake::ShakenModule};
use crate::{Error, Tools, cache_key, context::Context};

/// Binaryen cuts the data wherever some zeros stand. Brotli writes a run of zeros in fewer bytes than a
/// segment's head, so runs up to this length are put back: against runs of 8, the module grows by 6 %,
/// and its `.br` shrinks by 3 %. Longer ones gain at most 0.5 % more.
pub(crate) const ZEROS: usize = 128;

/// A module that the optimizer has rewritten, or was let past it.
pub(crate) struct OptimizedModule {
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn run(
    context: &Context<'_>,
    shaken: &ShakenModule,
    log: &mut StageLog<'_>,
) -> Result<OptimizedModule, Error> {
    let level = level(context.settings.optimize, shaken.is_optimized);
    if level == Level::None {
        let bytes = shaken.bytes.clone();
        return Ok(OptimizedModule { bytes });
    }
    let optimized = log.time(Stage::Optimize, || {
        optimize_cached(&shaken.bytes, level, context.tools)
    });
    let bytes = optimized?;
    log.add_module(Stage::Optimize, shaken.bytes.len(), &bytes, Vec::new());
    Ok(OptimizedModule { bytes })
}

fn optimize_cached(module: &[u8], level: Level, tools: Tools<'_>) -> Result<Vec<u8>, Error> {
    let key = cache_key::optimize(module, level, tools.optimizer);
    tools.cache.get_or(key, || {
        let features = target_features(module).map_err(Error::Shake)?;
        let optimized = tools.optimizer.optimize(module, level, &features);
        pack(&optimized.map_err(Error::Optimize)?, ZEROS).map_err(Error::Shake)
    })
}

fn level(setting: Optimize, is_optimized: bool) -> Level {
    match setting {
        Optimize::Size if is_optimized => Level::Trim,
        Optimize::Size | Optimize::Oz => Level::Oz,
        Optimize::Speed | Optimize::O3 => Level::O3,
        Optimize::Off => Level::None,
        Optimize::O2 => Level::O2,
        Optimize::O4 => Level::O4,
        Optimize::Os => Level::Os,
    }
}
