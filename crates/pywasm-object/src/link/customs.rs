//! Extends the base's custom sections that describe the link.

use std::collections::BTreeSet;

use wasm_encoder::{Encode, NameMap, NameSection};
use wasmparser::{BinaryReader, RelocAddendKind, RelocationEntry, Result};

use crate::features::features;
use crate::link::symbols::Symbols;
use crate::names::function_names;

const SEGMENT_INFO: u8 = 5;
/// Number of the subsection of the groups of which a linker keeps one each.
pub(crate) const COMDATS: u8 = 7;
pub(crate) const SYMBOL_TABLE: u8 = 8;
/// Number of the subsection of function names.
const FUNCTION_NAMES: u8 = 1;

/// The `linking` section with more symbols and more segments.
pub(crate) fn linking(section: &[u8], symbols: &Symbols, segments: Option<&[String]>) -> Result<Vec<u8>> {
    let mut reader = BinaryReader::new(section, 0);
    let mut out = Vec::new();
    reader.read_var_u32()?.encode(&mut out);
    let mut subsections = Vec::new();
    while !reader.eof() {
        let id = reader.read_u8()?;
        let size = reader.read_var_u32()?;
        subsections.push((id, reader.read_bytes(size as usize)?.to_vec()));
    }
    if !subsections.iter().any(|(id, _)| *id == SYMBOL_TABLE) {
        subsections.push((SYMBOL_TABLE, vec![0]));
    }
    let last =
        |wanted: u8, subsections: &[(u8, Vec<u8>)]| subsections.iter().rposition(|(id, _)| *id == wanted);
    if let Some(at) = last(SYMBOL_TABLE, &subsections) {
        let content = &mut subsections[at].1;
        *content = longer(content, symbols.count, &symbols.added)?;
    }
    if let (Some(at), Some(segments)) = (last(SEGMENT_INFO, &subsections), segments) {
        let mut added = Vec::new();
        for name in segments {
            name.as_str().encode(&mut added);
            // Alignment and flags.
            added.extend([0, 0]);
        }
        let content = &mut subsections[at].1;
        *content = longer(content, segments.len() as u32, &added)?;
    }
    for (id, content) in subsections {
        out.push(id);
        content.as_slice().encode(&mut out);
    }
    Ok(out)
}

/// A list with more items.
fn longer(list: &[u8], count: u32, items: &[u8]) -> Result<Vec<u8>> {
    let mut reader = BinaryReader::new(list, 0);
    let mut out = Vec::new();
    (reader.read_var_u32()? + count).encode(&mut out);
    out.extend_from_slice(&list[reader.original_position()..]);
    out.extend_from_slice(items);
    Ok(out)
}

/// A `reloc.*` section.
pub(crate) fn relocations(section: u32, entries: &[RelocationEntry]) -> Vec<u8> {
    let mut out = Vec::new();
    section.encode(&mut out);
    entries.len().encode(&mut out);
    for entry in entries {
        out.push(entry.ty as u8);
        entry.offset.encode(&mut out);
        entry.index.encode(&mut out);
        if entry.ty.addend_kind() != RelocAddendKind::None {
            entry.addend.encode(&mut out);
        }
    }
    out
}

/// The `name` section with more functions; nothing if it cannot be read.
pub(crate) fn names(section: &[u8], added: &[(u32, String)]) -> Option<Vec<u8>> {
    let mut functions = function_names(section);
    functions.extend(added.iter().cloned());
    let mut map = NameMap::new();
    for (index, name) in &functions {
        map.append(*index, name);
    }
    let mut names = NameSection::new();
    names.functions(&map);
    let functions = names.as_custom().data.into_owned();
    let mut reader = BinaryReader::new(section, 0);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    while !reader.eof() {
        let id = reader.read_u8().ok()?;
        let size = reader.read_var_u32().ok()?;
        let content = reader.read_bytes(size as usize).ok()?;
        let out = if id < FUNCTION_NAMES {
            &mut before
        } else {
            &mut after
        };
        if id != FUNCTION_NAMES {
            out.push(id);
            content.encode(out);
        }
    }
    Some([before, functions, after].concat())
}

/// The `target_features` section with more used features; nothing if none are to be added.
pub(crate) fn target_features(section: Option<&[u8]>, sides: &[&[u8]]) -> Result<Option<Vec<u8>>> {
    let known: BTreeSet<String> = section
        .map(features)
        .transpose()?
        .unwrap_or_default()
        .into_iter()
        .collect();
    let mut used = BTreeSet::new();
    for side in sides {
        used.extend(features(side)?);
    }
    let added: Vec<&String> = used.difference(&known).collect();
    if added.is_empty() {
        return Ok(None);
    }
    let mut items = Vec::new();
    for feature in &added {
        items.push(b'+');
        feature.as_str().encode(&mut items);
    }
    longer(section.unwrap_or(&[0]), added.len() as u32, &items).map(Some)
}
