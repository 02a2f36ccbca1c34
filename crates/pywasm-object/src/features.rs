//! Reads the features that a module's code uses, as the compiler noted them in the
//! `target_features` section.
//!
//! The section's format is tool-conventions' `Linking.md`, "Target Features".

use wasmparser::BinaryReader;

use crate::Error;
use crate::parse::parse;

const SECTION: &str = "target_features";

/// Names of the features that the module uses (`+` in the section), sorted:
/// `bulk-memory`, `mutable-globals`, ... Empty without such a section.
///
/// # Errors
/// The module is not valid, or the section is malformed.
pub fn target_features(module: &[u8]) -> Result<Vec<String>, Error> {
    let module = parse(module)?;
    let mut features = match module.custom(SECTION) {
        Some(section) => features(section.custom).map_err(Error::section(SECTION))?,
        None => Vec::new(),
    };
    features.sort();
    features.dedup();
    Ok(features)
}

/// The features in a `target_features` section, in its order.
pub(crate) fn features(bytes: &[u8]) -> wasmparser::Result<Vec<String>> {
    let mut reader = BinaryReader::new(bytes, 0);
    let mut features = Vec::new();
    for _ in 0..reader.read_var_u32()? {
        let prefix = reader.read_u8()?;
        let name = reader.read_string()?;
        // `-` says that a feature must not be used; `=` is an old form of `+`.
        if matches!(prefix, b'+' | b'=') {
            features.push(name.to_owned());
        }
    }
    Ok(features)
}
