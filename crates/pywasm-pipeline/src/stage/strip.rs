//! Takes names and debug sections out of the bundled module, and keeps what the names said.

use std::collections::BTreeSet;

use pywasm_object::{SymbolFile, strip, symbol_file};
use pywasm_report::Stage;

use super::{StageLog, bundle::BundledModule};
use crate::{Error, Profile, context::Context};

/// The module as it runs.
pub(crate) struct StrippedModule {
    pub(crate) bytes: Vec<u8>,
    /// The stage that made it of so many bytes; `None` where nothing was changed. Its row is about the
    /// file, so it is added once the record is in it.
    pub(crate) row: Option<(Stage, usize)>,
    pub(crate) symbols: SymbolFile,
}

/// With the profile `dev` the names stay in the module, for an engine's trap reports.
pub(crate) fn run(
    context: &Context<'_>,
    bundled: BundledModule,
    log: &mut StageLog<'_>,
) -> Result<StrippedModule, Error> {
    if context.settings.profile == Profile::Dev {
        let symbols = symbol_file(&bundled.bytes).map_err(Error::Strip)?;
        return Ok(StrippedModule {
            bytes: bundled.bytes,
            row: None,
            symbols,
        });
    }
    let stripped = log.time(Stage::Strip, || strip(&bundled.bytes, &BTreeSet::new()));
    let stripped = stripped.map_err(Error::Strip)?;
    Ok(StrippedModule {
        bytes: stripped.module,
        row: Some((Stage::Strip, bundled.bytes.len())),
        symbols: stripped.symbols,
    })
}
