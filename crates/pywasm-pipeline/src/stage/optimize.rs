//! The shaken module in, what Binaryen makes of it out.

use pywasm_optimize::{Level, OPTIMIZE_VERSION, optimize};
use pywasm_project::Optimize;

use super::{Recorder, shake::Shaken};
use crate::{
    Error,
    cache::{Cache, Key},
};

/// A module that has been through Binaryen, or was let past it.
pub(crate) struct Optimized {
    pub(crate) module: Vec<u8>,
}

pub(crate) fn run(
    shaken: Shaken,
    setting: Optimize,
    cache: &Cache,
    recorder: &mut Recorder<'_>,
) -> Result<Optimized, Error> {
    let level = level(setting);
    if level == Level::None {
        return Ok(Optimized { module: shaken.module });
    }
    recorder.begin("optimize");
    let key = Key::new("optimize", OPTIMIZE_VERSION).text(&setting.to_string()).bytes(&shaken.module);
    let module = cache.get_or("optimize", key, || {
        let features = pywasm_object::target_features(&shaken.module).map_err(Error::Shake)?;
        let module = optimize(&shaken.module, level, &features).map_err(Error::Optimize)?;
        pywasm_object::validate(&module).map_err(Error::Shake)?;
        Ok::<_, Error>(module)
    })?;
    recorder.end_with_module("optimize", shaken.module.len(), &module, Vec::new());
    Ok(Optimized { module })
}

fn level(setting: Optimize) -> Level {
    match setting {
        Optimize::Off => Level::None,
        Optimize::O2 => Level::O2,
        Optimize::O3 => Level::O3,
        Optimize::O4 => Level::O4,
        Optimize::Os => Level::Os,
        Optimize::Oz => Level::Oz,
    }
}
