//! Wraps the module into a component. Without a world there is no row, and the module stays what it is.

use pywasm_component::Wasi;
use pywasm_dist::Interfaces;
use pywasm_report::{ComponentEntry, Stage};

use super::{StageLog, strip::StrippedModule};
use crate::{Error, context::Context};

pub(crate) fn run(
    context: &Context<'_>,
    stripped: StrippedModule,
    log: &mut StageLog<'_>,
) -> Result<StrippedModule, Error> {
    let Some(world) = context.world else {
        return Ok(stripped);
    };
    if let Some((stage, bytes_in)) = stripped.row {
        log.add_module(stage, bytes_in, &stripped.bytes, Vec::new());
    }
    let wrapped = log.time(Stage::Component, || {
        world.world.wrap(&stripped.bytes, Wasi::Adapter)
    });
    Ok(StrippedModule {
        bytes: wrapped.map_err(Error::Component)?,
        row: Some((Stage::Component, stripped.bytes.len())),
        symbols: stripped.symbols,
    })
}

/// What the report says of the component; nothing of a module.
pub(crate) fn entry(context: &Context<'_>, component: &[u8]) -> Result<Option<ComponentEntry>, Error> {
    let Some(world) = context.world else {
        return Ok(None);
    };
    let read = Interfaces::read(component)
        .map_err(|error| Error::Component(pywasm_component::Error::Wrap(error.to_string())))?;
    let Interfaces { imports, exports } = read.unwrap_or_default();
    Ok(Some(ComponentEntry {
        world: world.world.full_name(),
        imports,
        exports,
        unused: world.unused.clone(),
    }))
}
