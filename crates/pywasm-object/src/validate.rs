//! Validates a module.
//!
//! Every pass validates what it is given, so that the rest of it may rely on
//! indices and ranges, and what it gives, so that a defect shows at once.

use wasmparser::{Parser, Validator};

use crate::Error;

/// Checks that `module` is a valid core WebAssembly module.
///
/// # Errors
/// [`Error::Invalid`] with the offset, or [`Error::Component`].
pub fn validate(module: &[u8]) -> Result<(), Error> {
    if Parser::is_component(module) {
        return Err(Error::Component);
    }
    Validator::new().validate_all(module).map_err(Error::Invalid)?;
    Ok(())
}

/// Checks that `wasm` is a valid module or component.
///
/// # Errors
/// [`Error::Invalid`] with the offset.
pub fn validate_artifact(wasm: &[u8]) -> Result<(), Error> {
    Validator::new().validate_all(wasm).map_err(Error::Invalid)?;
    Ok(())
}

/// Checks what the pass `pass` wrote, and hands it on.
pub(crate) fn check_output(pass: &'static str, module: Vec<u8>) -> Result<Vec<u8>, Error> {
    match Validator::new().validate_all(&module) {
        Ok(_) => Ok(module),
        Err(source) => Err(Error::Output { pass, source }),
    }
}
