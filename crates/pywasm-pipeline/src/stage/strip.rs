//! The bundled module in; the same without names and debug sections and with the record of what
//! it was made from, and what the names said, out.

use std::collections::BTreeSet;

use pywasm_object::{SymbolFile, strip, symbol_file};
use pywasm_release::record::{self, Record};
use pywasm_report::Stage;

use super::{StageLog, bundle::Bundled};
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
    log: &mut StageLog<'_>,
) -> Result<Stripped, Error> {
    if profile == Profile::Dev {
        let symbols = symbol_file(&bundled.module).map_err(Error::Strip)?;
        return Ok(Stripped {
            module: record::append(bundled.module, made_from),
            symbols,
        });
    }
    let stripped = log.time(Stage::Strip, || strip(&bundled.module, &BTreeSet::new()));
    let stripped = stripped.map_err(Error::Strip)?;
    let module = record::append(stripped.module, made_from);
    log.add_module(Stage::Strip, bundled.module.len(), &module, Vec::new());
    Ok(Stripped {
        module,
        symbols: stripped.symbols,
    })
}
