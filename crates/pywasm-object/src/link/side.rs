//! Reads and checks a shared module, as `wasm-ld -shared` writes it: its imports, its exports and
//! its needs.
//!
//! The format is tool-conventions' `DynamicLinking.md`. A module that was linked
//! also with `--emit-relocs` says which datum each address in it belongs to.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    Data, DataKind, DataSectionReader, ElementItems, ElementKind, ElementSectionReader, ExternalKind,
    FuncType, ImportSectionReader, MemInfo, TypeRef,
};

use crate::Error;
use crate::link::dylink::{Import, dylink_info, function_types, reader};
use crate::link::error::unsupported;
use crate::link::value::{Value, expression};
use crate::link::{LinkError, SideModule};
use crate::linking::{Linking, symbols_and_relocations};
use crate::names::function_names;
use crate::parse::{Module, SECTION_DATA, SECTION_ELEMENT, parse};

pub(crate) const SECTION_IMPORT: u8 = 2;
pub(crate) const SECTION_TAG: u8 = 13;
/// Log 2 of the greatest alignment: a page. (And the table needs none at all.)
const MOST_ALIGNMENT: u32 = 16;

/// A shared module taken apart.
pub(crate) struct Side<'a> {
    pub(crate) name: &'a str,
    /// The host may give it functions that the base does not import.
    pub(crate) is_open: bool,
    pub(crate) module: Module<'a>,
    pub(crate) types: Vec<Option<FuncType>>,
    pub(crate) needs: MemInfo,
    /// Imported functions, by index.
    pub(crate) functions: Vec<Import<'a>>,
    /// Imported globals, by index.
    pub(crate) globals: Vec<Import<'a>>,
    /// Exported functions that are its own.
    pub(crate) exports: BTreeMap<&'a str, u32>,
    /// Exported data: the global with its offset.
    pub(crate) exported_globals: BTreeMap<&'a str, u32>,
    pub(crate) segments: Vec<Segment>,
    pub(crate) elements: Vec<Element>,
    pub(crate) names: BTreeMap<u32, String>,
    /// Symbols and relocations, if it was linked with `--emit-relocs`.
    pub(crate) linking: Option<Linking<'a>>,
}

/// A data segment: where it starts after `__memory_base`, and its contents in the module's bytes.
pub(crate) struct Segment {
    pub(crate) offset: u32,
    pub(crate) range: Range<usize>,
}

/// An element segment: where it starts after `__table_base`, if it is active, and its functions.
pub(crate) struct Element {
    pub(crate) offset: Option<u32>,
    pub(crate) functions: Vec<u32>,
}

impl<'a> Side<'a> {
    pub(crate) fn new(side: &'a SideModule) -> Result<Self, LinkError> {
        let fail = |source| LinkError::Module {
            module: side.name.clone(),
            source,
        };
        let invalid = |source| fail(Error::Invalid(source));
        let module = parse(&side.wasm).map_err(fail)?;
        let dylink = module.custom("dylink.0").ok_or_else(|| {
            unsupported(
                &side.name,
                "has no dylink.0 section, so it is not a shared module",
            )
        })?;
        let (needs, weak) =
            dylink_info(dylink.custom).map_err(|source| fail(Error::section("dylink.0")(source)))?;
        let has_relocations = module.custom("linking").is_some() && module.custom("reloc.CODE").is_some();
        let linking = has_relocations
            .then(|| symbols_and_relocations(&module))
            .transpose()
            .map_err(fail)?;
        let mut side = Self {
            name: &side.name,
            is_open: side.is_open,
            types: function_types(&module).map_err(invalid)?,
            needs,
            functions: Vec::new(),
            globals: Vec::new(),
            exports: BTreeMap::new(),
            exported_globals: BTreeMap::new(),
            segments: Vec::new(),
            elements: Vec::new(),
            names: module
                .custom("name")
                .map(|section| function_names(section.custom))
                .unwrap_or_default(),
            linking,
            module,
        };
        side.check()?;
        side.read_imports(&weak).map_err(invalid)?;
        side.read_exports();
        side.read_data()?;
        side.read_elements()?;
        Ok(side)
    }

    pub(crate) fn unsupported(&self, problem: impl Into<String>) -> LinkError {
        unsupported(self.name, problem)
    }

    pub(crate) fn invalid(&self, source: wasmparser::Error) -> LinkError {
        LinkError::Module {
            module: self.name.to_owned(),
            source: Error::Invalid(source),
        }
    }

    /// The type of a function.
    pub(crate) fn function_type(&self, function: u32) -> Option<&FuncType> {
        let ty = *self.module.function_types.get(function as usize)?;
        self.types.get(ty as usize)?.as_ref()
    }

    /// A function with neither parameters nor results that is defined here.
    pub(crate) fn is_procedure(&self, function: u32) -> bool {
        let ty = self.function_type(function);
        self.module.body(function).is_some()
            && ty.is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty())
    }

    /// A name for a function that is defined here.
    pub(crate) fn function_name(&self, function: u32) -> String {
        let exported = || self.exports.iter().find(|(_, index)| **index == function);
        match self.names.get(&function) {
            Some(name) => name.clone(),
            None => exported().map_or_else(|| format!("function {function}"), |(name, _)| (*name).to_owned()),
        }
    }

    /// The data segment that holds the four bytes at an offset after `__memory_base`, and where in it.
    pub(crate) fn segment_at(&self, offset: u32) -> Option<(usize, usize)> {
        let after = self.segments.partition_point(|segment| segment.offset <= offset);
        let index = after.checked_sub(1)?;
        let at = (offset - self.segments[index].offset) as usize;
        (at + 4 <= self.segments[index].range.len()).then_some((index, at))
    }

    fn check(&self) -> Result<(), LinkError> {
        let module = &self.module;
        if !module.types_are_plain {
            return Err(self.unsupported("has types other than those of plain functions"));
        }
        let defines_memory = !module.memories.is_empty() && !module.memory_imported;
        let is_odd = |memory: &wasmparser::MemoryType| memory.memory64 || memory.page_size_log2.is_some();
        if defines_memory || module.memories.len() > 1 || module.memories.iter().any(is_odd) {
            return Err(self.unsupported("does not import the one 32-bit memory that it may have"));
        }
        if module.memories.iter().any(|memory| memory.shared) {
            return Err(self.unsupported("needs a shared memory: threads are not supported"));
        }
        if module.table_count > 1 || module.table_count == 1 && !module.table_imported {
            return Err(self.unsupported("does not import the one table that it may have"));
        }
        if module.section(SECTION_TAG).is_some() {
            return Err(self.unsupported("has tags: exceptions are not supported"));
        }
        if self.needs.memory_alignment > MOST_ALIGNMENT || self.needs.table_alignment > MOST_ALIGNMENT {
            return Err(self.unsupported("needs an alignment of more than 65,536"));
        }
        Ok(())
    }

    fn read_imports(&mut self, weak: &BTreeSet<(&'a str, &'a str)>) -> wasmparser::Result<()> {
        let Some(reader) = reader(&self.module, SECTION_IMPORT) else {
            return Ok(());
        };
        for import in ImportSectionReader::new(reader)?.into_imports() {
            let import = import?;
            let found = Import {
                module: import.module,
                name: import.name,
                // The linker notes entries of the GOT under `env` too.
                weak: weak.contains(&(import.module, import.name)) || weak.contains(&("env", import.name)),
            };
            match import.ty {
                TypeRef::Func(_) | TypeRef::FuncExact(_) => self.functions.push(found),
                TypeRef::Global(_) => self.globals.push(found),
                TypeRef::Table(_) | TypeRef::Memory(_) | TypeRef::Tag(_) => {}
            }
        }
        Ok(())
    }

    fn read_exports(&mut self) {
        for export in &self.module.exports {
            match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact if self.module.body(export.index).is_some() => {
                    self.exports.insert(export.name, export.index);
                }
                ExternalKind::Global if export.index as usize >= self.globals.len() => {
                    self.exported_globals.insert(export.name, export.index);
                }
                _ => {}
            }
        }
    }

    fn read_data(&mut self) -> Result<(), LinkError> {
        let Some(reader) = reader(&self.module, SECTION_DATA) else {
            return Ok(());
        };
        let bases = self.bases();
        let mut end = 0;
        for data in DataSectionReader::new(reader).map_err(|source| self.invalid(source))? {
            let data = data.map_err(|source| self.invalid(source))?;
            let offset = segment_offset(&data, &bases).ok_or_else(|| {
                self.unsupported("has a data segment that is passive, or does not start at __memory_base + N")
            })?;
            if u64::from(offset) < end {
                return Err(self.unsupported(
                    "has data segments that overlap, or are not in the order of their addresses",
                ));
            }
            end = u64::from(offset) + data.data.len() as u64;
            if end > u64::from(self.needs.memory_size) {
                return Err(self.unsupported("has data outside the memory that it requests"));
            }
            let range = data.range.end - data.data.len()..data.range.end;
            self.segments.push(Segment { offset, range });
        }
        Ok(())
    }

    fn read_elements(&mut self) -> Result<(), LinkError> {
        let Some(reader) = reader(&self.module, SECTION_ELEMENT) else {
            return Ok(());
        };
        let bases = self.bases();
        let mut used: Vec<(u64, u64)> = Vec::new();
        for element in ElementSectionReader::new(reader).map_err(|source| self.invalid(source))? {
            let element = element.map_err(|source| self.invalid(source))?;
            let ElementItems::Functions(items) = element.items else {
                return Err(self.unsupported("has an element segment of expressions"));
            };
            let functions = items
                .into_iter()
                .collect::<Result<Vec<u32>, _>>()
                .map_err(|source| self.invalid(source))?;
            let offset = match &element.kind {
                ElementKind::Declared => None,
                ElementKind::Active { offset_expr, .. } => match expression(offset_expr, &bases) {
                    Some(Value::Table(offset)) => Some(offset),
                    _ => {
                        return Err(
                            self.unsupported("has an element segment that is not at __table_base + N")
                        );
                    }
                },
                ElementKind::Passive => return Err(self.unsupported("has a passive element segment")),
            };
            if let Some(offset) = offset.map(u64::from) {
                let end = offset + functions.len() as u64;
                if end > u64::from(self.needs.table_size) {
                    return Err(self.unsupported("has table slots outside those that it requests"));
                }
                used.extend((offset < end).then_some((offset, end)));
            }
            self.elements.push(Element { offset, functions });
        }
        used.sort_unstable();
        match used.windows(2).any(|pair| pair[0].1 > pair[1].0) {
            true => Err(self.unsupported("writes a table slot twice")),
            false => Ok(()),
        }
    }

    /// What offsets of segments may start from.
    fn bases(&self) -> Vec<Option<Value>> {
        self.globals.iter().map(Import::base).collect()
    }
}

fn segment_offset(data: &Data<'_>, bases: &[Option<Value>]) -> Option<u32> {
    match &data.kind {
        DataKind::Active { offset_expr, .. } => match expression(offset_expr, bases)? {
            Value::Memory(offset) => Some(offset),
            _ => None,
        },
        DataKind::Passive => None,
    }
}
