//! Writes the linked module: the base, and all that goes after it.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    ConstExpr, CustomSection, ElementSection, Elements, Encode, ExportKind, MemorySection, MemoryType,
    Module as Output, RawSection, Section, TableSection, TableType,
};
use wasmparser::FuncType;

use crate::Error;
use crate::link::LinkError;
use crate::link::base::{Base, SECTION_TABLE};
use crate::link::customs;
use crate::link::dylink::SECTION_TYPE;
use crate::link::layout::MOST_SLOTS;
use crate::link::lists::Patch;
use crate::link::parts::Parts;
use crate::link::sections::{appended, code, data};
use crate::link::side::{SECTION_IMPORT, SECTION_TAG};
use crate::link::symbols::Symbols;
use crate::memory::{PAGE, check_pages};
use crate::parse::{
    SECTION_CODE, SECTION_CUSTOM, SECTION_DATA, SECTION_DATA_COUNT, SECTION_ELEMENT, SECTION_EXPORT,
    SECTION_GLOBAL, SECTION_MEMORY,
};

const SECTION_FUNCTION: u8 = 3;
pub(crate) const SECTION_START: u8 = 8;
/// The order that the specification wants.
pub(crate) const ORDER: [u8; 13] = [
    SECTION_TYPE,
    SECTION_IMPORT,
    SECTION_FUNCTION,
    SECTION_TABLE,
    SECTION_MEMORY,
    SECTION_TAG,
    SECTION_GLOBAL,
    SECTION_EXPORT,
    SECTION_START,
    SECTION_ELEMENT,
    SECTION_DATA_COUNT,
    SECTION_CODE,
    SECTION_DATA,
];

/// Writes the linked module.
pub(crate) fn write(
    base: &Base<'_>,
    parts: &Parts<'_>,
    symbols: &Symbols,
    patches: &[Patch],
) -> Result<Vec<u8>, LinkError> {
    let module = &base.module;
    let code = code(base, &parts.bodies, &parts.start)?;
    let data = data(base, &parts.data, patches);
    let memory = memory(base, parts)?;
    let table = table(base, parts)?;
    let count = module.data.len() + parts.data.len();
    let mut output = Output::new();
    let mut written = Vec::new();
    for id in ORDER {
        let has = module.section(id).is_some();
        let original = module
            .section(id)
            .map(|section| module.bytes[section.range.clone()].to_vec());
        let content = match id {
            SECTION_TYPE if !parts.layout.types.is_empty() => Some(types(base, &parts.layout.types)?),
            SECTION_FUNCTION if !parts.functions.is_empty() => {
                let items: Vec<u8> = parts.functions.iter().flat_map(encoded).collect();
                Some(appended(module, id, parts.functions.len(), &items))
            }
            SECTION_TABLE => table.clone().or(original),
            SECTION_MEMORY => Some(memory.clone()),
            SECTION_GLOBAL if !parts.globals.is_empty() => {
                Some(appended(module, id, parts.globals.len(), &parts.globals.concat()))
            }
            SECTION_EXPORT if !parts.exports.is_empty() => {
                Some(appended(module, id, parts.exports.len(), &exports(parts)))
            }
            SECTION_ELEMENT => elements(base, parts).or(original),
            SECTION_DATA_COUNT => (has || parts.counts_data).then(|| encoded(&(count as u32))),
            SECTION_CODE if has || !parts.bodies.is_empty() => Some(code.content.clone()),
            SECTION_DATA if has || !parts.data.is_empty() => Some(data.content.clone()),
            _ => original,
        };
        if let Some(content) = content {
            output.section(&RawSection { id, data: &content });
            written.push(id);
        }
    }
    let index = |id: u8| written.iter().position(|written| *written == id).unwrap_or(0) as u32;
    let relocations = [
        (
            crate::linking::CODE_RELOCATIONS,
            index(SECTION_CODE),
            &code.entries,
        ),
        (
            crate::linking::DATA_RELOCATIONS,
            index(SECTION_DATA),
            &data.entries,
        ),
    ];
    let has_names = base.linking.segment_names.len() == module.data.len();
    let segment_names: Vec<String> = parts.data.iter().map(|segment| segment.name.clone()).collect();
    let features = customs::target_features(
        module.custom("target_features").map(|section| section.custom),
        &parts.features,
    );
    let features = features.map_err(|source| LinkError::Base(Error::section("target_features")(source)))?;
    for section in module
        .sections
        .iter()
        .filter(|section| section.id == SECTION_CUSTOM)
    {
        let name = section.name.unwrap_or_default();
        match name {
            "linking" => {
                let linking = customs::linking(section.custom, symbols, has_names.then_some(&segment_names));
                let linking = linking.map_err(|source| LinkError::Base(Error::section(name)(source)))?;
                custom(&mut output, name, &linking);
                for (name, index, entries) in relocations {
                    if !entries.is_empty() || name == crate::linking::CODE_RELOCATIONS {
                        custom(&mut output, name, &customs::relocations(index, entries));
                    }
                }
            }
            "name" => {
                let names = customs::names(section.custom, &parts.names);
                custom(&mut output, name, names.as_deref().unwrap_or(section.custom));
            }
            "target_features" => {
                custom(&mut output, name, features.as_deref().unwrap_or(section.custom));
            }
            // The code that these speak of has moved.
            name if name.starts_with("reloc.") || name.starts_with(".debug_") => {}
            name => custom(&mut output, name, section.custom),
        }
    }
    if let (None, Some(features)) = (module.custom("target_features"), features) {
        custom(&mut output, "target_features", &features);
    }
    Ok(output.finish())
}

pub(crate) fn custom(output: &mut Output, name: &str, data: &[u8]) {
    output.section(&CustomSection {
        name: name.into(),
        data: data.into(),
    });
}

pub(crate) fn encoded<T: Encode>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes
}

/// A section's content, without the size that its encoder puts before it.
pub(crate) fn content(section: &impl Section) -> Vec<u8> {
    let bytes = encoded(section);
    let mut reader = wasmparser::BinaryReader::new(&bytes, 0);
    // The encoder has just written that number.
    let size = reader.read_var_u32().unwrap_or(0) as usize;
    bytes[bytes.len() - size.min(bytes.len())..].to_vec()
}

pub(crate) fn types(base: &Base<'_>, added: &[FuncType]) -> Result<Vec<u8>, LinkError> {
    let mut section = wasm_encoder::TypeSection::new();
    for ty in added {
        let ty = RoundtripReencoder.func_type(ty.clone());
        let ty =
            ty.map_err(|failure| LinkError::BaseLacks(format!("a type cannot be written: {failure}")))?;
        section.ty().func_type(&ty);
    }
    let list = content(&section);
    let count = encoded(&(added.len() as u32)).len();
    Ok(appended(&base.module, SECTION_TYPE, added.len(), &list[count..]))
}

fn memory(base: &Base<'_>, parts: &Parts<'_>) -> Result<Vec<u8>, LinkError> {
    let memory = base.module.memories[0];
    let pages = parts.memory_end().div_ceil(PAGE).max(memory.initial);
    check_pages(&memory, pages).map_err(LinkError::Base)?;
    let mut section = MemorySection::new();
    section.memory(MemoryType {
        minimum: pages,
        ..memory.into()
    });
    Ok(content(&section))
}

fn table(base: &Base<'_>, parts: &Parts<'_>) -> Result<Option<Vec<u8>>, LinkError> {
    let Some(table) = base.table else {
        return Ok(None);
    };
    let minimum = u64::from(parts.slots.first) + parts.slots.added.len() as u64;
    if minimum > MOST_SLOTS.max(table.initial) {
        return Err(LinkError::BaseLacks(format!(
            "its table would have {minimum} slots"
        )));
    }
    let mut section = TableSection::new();
    section.table(TableType {
        element_type: wasm_encoder::RefType::FUNCREF,
        table64: false,
        minimum,
        maximum: table.maximum.map(|maximum| maximum.max(minimum)),
        shared: false,
    });
    Ok(Some(content(&section)))
}

/// The exports, one after another.
fn exports(parts: &Parts<'_>) -> Vec<u8> {
    let mut items = Vec::new();
    for (name, function) in &parts.exports {
        name.encode(&mut items);
        ExportKind::Func.encode(&mut items);
        function.encode(&mut items);
    }
    items
}

fn elements(base: &Base<'_>, parts: &Parts<'_>) -> Option<Vec<u8>> {
    let mut section = ElementSection::new();
    for element in &base.module.elements {
        section.raw(element.bytes);
    }
    let slots = (!parts.slots.added.is_empty()).then(|| (Some(parts.slots.first), parts.slots.added.clone()));
    for (slot, functions) in parts.elements.iter().chain(&slots) {
        let functions = Elements::Functions(functions.as_slice().into());
        match slot {
            Some(slot) => section.active(None, &ConstExpr::i32_const(*slot as i32), functions),
            None => section.declared(functions),
        };
    }
    (!section.is_empty()).then(|| content(&section))
}
