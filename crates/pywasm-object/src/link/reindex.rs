//! Gives the base more imported functions, and each function of its own a new index.
//!
//! Imported functions come first in the index space, so with `n` new ones every other function has an index
//! that is greater by `n`. Function indices stand in calls and in other code, in constant expressions, in the
//! export, start and element sections, in the symbol table and in names. Relocations name symbols, so only their
//! offsets change, where an index before them has more bytes than it had. Types, data, memory and the table's
//! slots stay as they are.
//!
//! In: a base, and imports that it does not have. Out: a base again, as if the linker had written it with these
//! imports.

use std::convert::Infallible;
use std::ops::Range;

use wasm_encoder::reencode::{Error as Failure, Reencode};
use wasm_encoder::{
    ElementSection, Encode, EntityType, ExportSection, GlobalSection, ImportSection, Module as Output,
    RawSection, TableSection,
};
use wasmparser::{
    BinaryReader, ElementSectionReader, ExportSectionReader, GlobalSectionReader, NameSectionReader,
    Operator, RelocationType, SymbolInfo, SymbolInfoMap, TableSectionReader,
};

use crate::Error;
use crate::link::LinkError;
use crate::link::base::{Base, SECTION_TABLE};
use crate::link::customs::{self, COMDATS, SYMBOL_TABLE};
use crate::link::dylink::{SECTION_TYPE, reader};
use crate::link::layout::Types;
use crate::link::open::HostFunction;
use crate::link::sections::{RelocatedSection, appended, moved};
use crate::link::side::SECTION_IMPORT;
use crate::link::write::{ORDER, SECTION_START, content, custom, encoded, types};
use crate::linking::{CODE_RELOCATIONS, DATA_RELOCATIONS};
use crate::parse::{
    SECTION_CODE, SECTION_CUSTOM, SECTION_DATA, SECTION_ELEMENT, SECTION_EXPORT, SECTION_GLOBAL,
};
use crate::shake::describes_the_link;

/// The base with `functions` as its last imports.
pub(crate) fn with_imports(base: &Base<'_>, functions: &[HostFunction<'_>]) -> Result<Vec<u8>, LinkError> {
    check_relocations(base)?;
    let module = &base.module;
    let mut indices = Indices {
        imported: module.imported_functions,
        by: functions.len() as u32,
    };
    let code = code(base, &indices).map_err(invalid)?;
    let mut known_types = Types::new(base);
    let imports = imports(functions, &mut known_types);
    let mut output = Output::new();
    let mut written = Vec::new();
    for id in ORDER {
        let original = module.section(id).map(|section| module.raw(section).data);
        let content = match id {
            SECTION_TYPE if !known_types.added.is_empty() => Some(types(base, &known_types.added)?),
            SECTION_IMPORT => Some(appended(module, id, functions.len(), &imports)),
            SECTION_START => module.start.map(|start| encoded(&indices.moved(start))),
            SECTION_CODE => original.map(|_| code.content.clone()),
            SECTION_TABLE | SECTION_GLOBAL | SECTION_EXPORT | SECTION_ELEMENT => indices.section(base, id)?,
            _ => original.map(<[u8]>::to_vec),
        };
        if let Some(content) = content {
            output.section(&RawSection { id, data: &content });
            written.push(id);
        }
    }
    let names: Vec<(u32, String)> = (indices.imported..)
        .zip(functions)
        .map(|(index, function)| (index, format!("{}.{}", function.module, function.name)))
        .collect();
    for section in module
        .sections
        .iter()
        .filter(|section| section.id == SECTION_CUSTOM)
    {
        match section.name.unwrap_or_default() {
            "linking" => {
                let linking = indices.linking(section.custom);
                let linking = linking.map_err(|source| LinkError::Base(Error::section("linking")(source)))?;
                custom(&mut output, "linking", &linking);
            }
            // Names are a convenience: a section that cannot be read is left out, since its indices are stale.
            "name" => {
                if let Some(names) = indices.names(section.custom, &names) {
                    custom(&mut output, "name", &names);
                }
            }
            // Offsets and functions in these are stale.
            name if describes_the_link(name) || name.starts_with("metadata.code.") => {}
            name => custom(&mut output, name, section.custom),
        }
    }
    let relocations = [
        (SECTION_CODE, CODE_RELOCATIONS, &code.entries),
        (SECTION_DATA, DATA_RELOCATIONS, &base.linking.data),
    ];
    for (id, name, entries) in relocations {
        if let Some(index) = written.iter().position(|written| *written == id) {
            custom(&mut output, name, &customs::relocations(index as u32, entries));
        }
    }
    Ok(output.finish())
}

fn invalid(source: wasmparser::Error) -> LinkError {
    LinkError::Base(Error::Invalid(source))
}

/// Refuses what holds the index or the place of a function where no instruction does.
fn check_relocations(base: &Base<'_>) -> Result<(), LinkError> {
    let mut entries = base.linking.code.iter().chain(&base.linking.data);
    let found = entries.find(|entry| {
        matches!(
            entry.ty,
            RelocationType::FunctionIndexI32
                | RelocationType::FunctionOffsetI32
                | RelocationType::FunctionOffsetI64
                | RelocationType::SectionOffsetI32
        )
    });
    match found {
        None => Ok(()),
        Some(entry) => Err(LinkError::BaseLacks(format!(
            "its relocations of the kind {:?} would be wrong with imports from the host",
            entry.ty
        ))),
    }
}

/// The imports, one after another.
fn imports(functions: &[HostFunction<'_>], types: &mut Types) -> Vec<u8> {
    let mut section = ImportSection::new();
    for function in functions {
        let ty = EntityType::Function(types.index(Some(function.ty)));
        section.import(function.module, function.name, ty);
    }
    let count = encoded(&(functions.len() as u32)).len();
    content(&section)[count..].to_vec()
}

/// The code section, byte by byte the same but for function indices and the sizes of bodies.
fn code(base: &Base<'_>, indices: &Indices) -> wasmparser::Result<RelocatedSection> {
    let module = &base.module;
    let start = module
        .section(SECTION_CODE)
        .map_or(0, |section| section.range.start);
    let mut content = encoded(&(module.bodies.len() as u32));
    // A relocation before all functions keeps its offset; it is refused where it is followed.
    let mut moves = vec![(0, -(start as i64))];
    for body in &module.bodies {
        let mut copy = PatchedCopy::new(module.bytes, body.range());
        for entry in body.get_operators_reader()?.into_iter_with_offsets() {
            let (operator, at) = entry?;
            if let Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } = operator
            {
                // Each of them is one byte and the index.
                copy.replace(at + 1, indices.moved(function_index))?;
            }
        }
        let (bytes, stretches) = copy.finish();
        bytes.len().encode(&mut content);
        let body_start = content.len();
        moves.extend(
            stretches
                .into_iter()
                .map(|(from, to)| (from, (body_start + to) as i64 - from as i64)),
        );
        content.extend(bytes);
    }
    let entries = moved(&base.linking.code, start, &moves);
    Ok(RelocatedSection { content, entries })
}

/// A copy of some bytes with other numbers in it.
struct PatchedCopy<'a> {
    from: &'a [u8],
    rest: Range<usize>,
    bytes: Vec<u8>,
    /// Where stretches start that were copied whole: in `from`, and in `bytes`.
    stretches: Vec<(usize, usize)>,
}

impl<'a> PatchedCopy<'a> {
    fn new(from: &'a [u8], range: Range<usize>) -> Self {
        Self {
            from,
            bytes: Vec::with_capacity(range.len()),
            stretches: vec![(range.start, 0)],
            rest: range,
        }
    }

    /// Puts another number in the place of the one at `at`, which is after all that were replaced before.
    ///
    /// It has as many bytes as the old one if it fits in them: linkers leave room where a relocation applies.
    fn replace(&mut self, at: usize, number: u32) -> wasmparser::Result<()> {
        let mut reader = BinaryReader::new(&self.from[at..self.rest.end], at);
        reader.read_var_u32()?;
        let end = reader.original_position();
        self.bytes.extend_from_slice(&self.from[self.rest.start..at]);
        let start = self.bytes.len();
        put(&mut self.bytes, number, end - at);
        self.rest.start = end;
        if self.bytes.len() - start != end - at {
            self.stretches.push((end, self.bytes.len()));
        }
        Ok(())
    }

    fn finish(mut self) -> (Vec<u8>, Vec<(usize, usize)>) {
        self.bytes.extend_from_slice(&self.from[self.rest]);
        (self.bytes, self.stretches)
    }
}

/// An unsigned LEB128 of at least `width` bytes.
fn put(bytes: &mut Vec<u8>, mut number: u32, width: usize) {
    let mut written = 1;
    while number > 0x7f || written < width {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
        written += 1;
    }
    bytes.push(number as u8);
}

/// How function indices change.
struct Indices {
    /// How many functions the base imports.
    imported: u32,
    /// How many more it gets.
    by: u32,
}

impl Indices {
    fn moved(&self, function: u32) -> u32 {
        match function < self.imported {
            true => function,
            // Only in a name section an index can be so large: the validator has seen all others.
            false => function.saturating_add(self.by),
        }
    }

    /// A section of the base that may name functions, if it is there.
    fn section(&mut self, base: &Base<'_>, id: u8) -> Result<Option<Vec<u8>>, LinkError> {
        let Some(reader) = reader(&base.module, id) else {
            return Ok(None);
        };
        self.reencoded(id, reader)
            .map(Some)
            .map_err(|failure| match failure {
                Failure::ParseError(source) => invalid(source),
                failure => {
                    LinkError::BaseLacks(format!("a section of it cannot be written again: {failure}"))
                }
            })
    }

    fn reencoded(&mut self, id: u8, reader: BinaryReader<'_>) -> Result<Vec<u8>, Failure> {
        Ok(match id {
            SECTION_TABLE => {
                let mut section = TableSection::new();
                self.parse_table_section(&mut section, TableSectionReader::new(reader)?)?;
                content(&section)
            }
            SECTION_GLOBAL => {
                let mut section = GlobalSection::new();
                self.parse_global_section(&mut section, GlobalSectionReader::new(reader)?)?;
                content(&section)
            }
            SECTION_EXPORT => {
                let mut section = ExportSection::new();
                self.parse_export_section(&mut section, ExportSectionReader::new(reader)?)?;
                content(&section)
            }
            _ => {
                let mut section = ElementSection::new();
                self.parse_element_section(&mut section, ElementSectionReader::new(reader)?)?;
                content(&section)
            }
        })
    }

    /// The `linking` section.
    fn linking(&self, section: &[u8]) -> wasmparser::Result<Vec<u8>> {
        let mut reader = BinaryReader::new(section, 0);
        let mut out = encoded(&reader.read_var_u32()?);
        while !reader.eof() {
            let id = reader.read_u8()?;
            let size = reader.read_var_u32()?;
            let content = reader.read_bytes(size as usize)?;
            match id {
                SYMBOL_TABLE => {
                    out.push(id);
                    self.symbols(content)?.as_slice().encode(&mut out);
                }
                // Groups of which a linker keeps one each, by function index. The base is linked.
                COMDATS => {}
                id => {
                    out.push(id);
                    content.encode(&mut out);
                }
            }
        }
        Ok(out)
    }

    fn symbols(&self, table: &[u8]) -> wasmparser::Result<Vec<u8>> {
        let mut copy = PatchedCopy::new(table, 0..table.len());
        for entry in SymbolInfoMap::new(BinaryReader::new(table, 0))?.into_iter_with_offsets() {
            let (start, symbol) = entry?;
            if let SymbolInfo::Func { index, .. } = symbol {
                let mut reader = BinaryReader::new(&table[start..], start);
                // The kind and the flags are before the index.
                reader.read_u8()?;
                reader.read_var_u32()?;
                copy.replace(reader.original_position(), self.moved(index))?;
            }
        }
        Ok(copy.finish().0)
    }

    /// The `name` section with `added`; nothing if it cannot be read.
    fn names(&mut self, section: &[u8], added: &[(u32, String)]) -> Option<Vec<u8>> {
        let names = self.custom_name_section(NameSectionReader::new(BinaryReader::new(section, 0)));
        customs::names(&names.ok()?.as_custom().data, added)
    }
}

impl Reencode for Indices {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Failure> {
        Ok(self.moved(function))
    }
}
