//! Reads function names from a `name` section, and rewrites the section without the names of data, or
//! without the name of one global.
//!
//! Names are a convenience, so a section that cannot be read counts as none.

use std::collections::BTreeMap;

use wasm_encoder::{Encode, NameMap as Encoder, NameSection};
use wasmparser::{BinaryReader, Name, NameMap, NameSectionReader};

/// Numbers of the subsections of the names of globals and of data segments.
const GLOBALS: u8 = 7;
const DATA: u8 = 9;

/// The names of functions, by index.
pub(crate) fn function_names(section: &[u8]) -> BTreeMap<u32, String> {
    let mut names = BTreeMap::new();
    for subsection in NameSectionReader::new(BinaryReader::new(section, 0)).flatten() {
        if let Name::Function(functions) = subsection {
            names.extend(
                functions
                    .into_iter()
                    .flatten()
                    .map(|naming| (naming.index, naming.name.to_owned())),
            );
        }
    }
    names
}

/// The section's contents without the names of data segments; nothing if it cannot be read.
pub(crate) fn without_data(section: &[u8]) -> Option<Vec<u8>> {
    rewrite(section, DATA, |_| Some(Vec::new()))
}

/// The section's contents without the name of the global `dropped`; nothing if it cannot be read.
pub(crate) fn without_global(section: &[u8], dropped: u32) -> Option<Vec<u8>> {
    rewrite(section, GLOBALS, |content| {
        let mut names = Encoder::new();
        for naming in NameMap::new(BinaryReader::new(content, 0)).ok()? {
            let naming = naming.ok()?;
            if naming.index != dropped {
                names.append(naming.index, naming.name);
            }
        }
        let mut subsection = NameSection::new();
        if !names.is_empty() {
            subsection.globals(&names);
        }
        Some(subsection.as_custom().data.into_owned())
    })
}

/// The section's contents with other bytes for each subsection `changed`, of whose content `make` makes them.
fn rewrite(section: &[u8], changed: u8, make: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let mut reader = BinaryReader::new(section, 0);
    let mut out = Vec::new();
    while !reader.eof() {
        let id = reader.read_u8().ok()?;
        let size = reader.read_var_u32().ok()?;
        let content = reader.read_bytes(size as usize).ok()?;
        if id == changed {
            out.extend(make(content)?);
        } else {
            out.push(id);
            content.encode(&mut out);
        }
    }
    Some(out)
}
