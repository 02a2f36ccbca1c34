//! The bundled module in; the same without names and debug sections and with the record of what
//! it was made from, and what the names said, out.

use std::collections::BTreeSet;

use pywasm_object::{SymbolFile, strip, symbol_file};
use pywasm_release::record::{self, Record};

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
    made_from: &Record,
    recorder: &mut Recorder<'_>,
) -> Result<Stripped, Error> {
    if profile == Profile::Dev {
        let symbols = symbol_file(&bundled.module).map_err(Error::Strip)?;
        return Ok(Stripped {
            module: record::append(bundled.module, made_from),
            symbols,
        });
    }
    recorder.begin("strip");
    let stripped = strip(&bundled.module, &BTreeSet::new()).map_err(Error::Strip)?;
    let module = record::append(stripped.module, made_from);
    recorder.end_with_module("strip", bundled.module.len(), &module, Vec::new());
    Ok(Stripped {
        module,
        symbols: stripped.symbols,
    })
}
