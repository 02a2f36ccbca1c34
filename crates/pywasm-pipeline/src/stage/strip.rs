//! The bundled module in; the same without names and debug sections, and what they said, out.

use std::collections::BTreeSet;

use pywasm_object::{SymbolFile, strip, symbol_file};

use super::{Recorder, bundle::Bundled};
use crate::{Error, Profile};

/// The finished module.
pub(crate) struct Stripped {
    pub(crate) module: Vec<u8>,
    pub(crate) symbols: SymbolFile,
}

/// With the profile `dev` the names stay in the module, for an engine's trap reports.
pub(crate) fn run(
    bundled: Bundled,
    profile: Profile,
    recorder: &mut Recorder<'_>,
) -> Result<Stripped, Error> {
    if profile == Profile::Dev {
        let symbols = symbol_file(&bundled.module).map_err(Error::Strip)?;
        return Ok(Stripped {
            module: bundled.module,
            symbols,
        });
    }
    recorder.begin("strip");
    let stripped = strip(&bundled.module, &BTreeSet::new()).map_err(Error::Strip)?;
    recorder.end_with_module("strip", bundled.module.len(), &stripped.module, Vec::new());
    Ok(Stripped {
        module: stripped.module,
        symbols: stripped.symbols,
    })
}
