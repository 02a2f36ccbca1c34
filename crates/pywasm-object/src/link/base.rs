//! Lists what other modules can use of the base, by name.

use std::collections::{HashMap, HashSet};

use wasmparser::{
    BinaryReader, FuncType, Linking as Subsection, LinkingSectionReader, NameSectionReader, SymbolFlags,
    SymbolInfo, TableInit, TableSectionReader, TableType, ValType,
};

use crate::Error;
use crate::link::LinkError;
use crate::link::dylink::function_types;
use crate::linking::{Linking, linking};
use crate::memory::own_memory;
use crate::parse::{Module, parse};

/// Id of the table section.
pub(crate) const SECTION_TABLE: u8 = 4;

/// The module that others are linked into.
pub(crate) struct Base<'a> {
    pub(crate) module: Module<'a>,
    pub(crate) linking: Linking<'a>,
    /// The function types, by type index; none for types of another kind.
    pub(crate) types: Vec<Option<FuncType>>,
    /// Functions that a name leads to, static ones excepted.
    pub(crate) functions: HashMap<&'a str, u32>,
    /// Data that a name leads to, static data excepted.
    pub(crate) data: HashMap<&'a str, Datum>,
    /// Names of static functions and data.
    pub(crate) statics: HashSet<&'a str>,
    /// For each function its first symbol.
    pub(crate) function_symbols: HashMap<u32, u32>,
    pub(crate) stack_pointer: Option<u32>,
    /// The table, if it can get more slots.
    pub(crate) table: Option<TableType>,
}

/// A data symbol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Datum {
    pub(crate) address: u32,
    pub(crate) symbol: u32,
}

impl<'a> Base<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, LinkError> {
        Self::read(bytes).map_err(LinkError::Base)
    }

    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let module = parse(bytes)?;
        let linking = linking(&module)?;
        own_memory(&module)?;
        let mut base = Self {
            types: function_types(&module).map_err(Error::Invalid)?,
            functions: HashMap::new(),
            data: HashMap::new(),
            statics: HashSet::new(),
            function_symbols: HashMap::new(),
            stack_pointer: None,
            table: plain_table(&module).map_err(Error::Invalid)?,
            module,
            linking,
        };
        base.read_symbols().map_err(Error::section("linking"))?;
        base.stack_pointer = base.stack_pointer.or_else(|| base.unnamed_stack_pointer());
        Ok(base)
    }

    /// The function type of a function.
    pub(crate) fn function_type(&self, function: u32) -> Option<&FuncType> {
        let ty = *self.module.function_types.get(function as usize)?;
        self.types.get(ty as usize)?.as_ref()
    }

    fn read_symbols(&mut self) -> wasmparser::Result<()> {
        let Some(section) = self.module.custom("linking") else {
            return Ok(());
        };
        let mut number = 0;
        for subsection in LinkingSectionReader::new(BinaryReader::new(section.custom, 0))?.subsections() {
            let Subsection::SymbolTable(symbols) = subsection? else {
                continue;
            };
            for symbol in symbols {
                self.add(number, symbol?);
                number += 1;
            }
        }
        Ok(())
    }

    fn add(&mut self, number: u32, symbol: SymbolInfo<'a>) {
        if let SymbolInfo::Func { flags, name, .. } = symbol
            && flags.contains(SymbolFlags::BINDING_LOCAL)
        {
            self.statics.extend(name);
        }
        if let SymbolInfo::Data { flags, name, .. } = symbol
            && flags.contains(SymbolFlags::BINDING_LOCAL)
        {
            self.statics.insert(name);
        }
        match symbol {
            SymbolInfo::Func { flags, index, name } => {
                self.function_symbols.entry(index).or_insert(number);
                if let Some(name) = name.filter(|_| !flags.contains(SymbolFlags::BINDING_LOCAL)) {
                    self.functions.entry(name).or_insert(index);
                }
            }
            SymbolInfo::Data { flags, name, symbol } => {
                let Some(place) = symbol.filter(|_| !flags.contains(SymbolFlags::BINDING_LOCAL)) else {
                    return;
                };
                let address = match flags.contains(SymbolFlags::ABSOLUTE) {
                    true => Some(place.offset),
                    false => self
                        .module
                        .data
                        .get(place.index as usize)
                        .and_then(|segment| u32::try_from(segment.address?).ok())
                        .and_then(|start| start.checked_add(place.offset)),
                };
                if let Some(address) = address {
                    let symbol = number;
                    self.data.entry(name).or_insert(Datum { address, symbol });
                }
            }
            SymbolInfo::Global { flags, index, name } => {
                let is_pointer = name == Some("__stack_pointer") && !flags.contains(SymbolFlags::UNDEFINED);
                if is_pointer && self.can_be_stack_pointer(index) {
                    self.stack_pointer = Some(index);
                }
            }
            _ => {}
        }
    }

    fn can_be_stack_pointer(&self, global: u32) -> bool {
        let found = self.module.globals.get(global as usize);
        found.is_some_and(|global| global.mutable && global.value_type == ValType::I32)
    }

    /// A base whose own code does not use the stack pointer has no symbol for it, and maybe a name.
    fn unnamed_stack_pointer(&self) -> Option<u32> {
        let globals =
            || (0..self.module.globals.len() as u32).filter(|&index| self.can_be_stack_pointer(index));
        let section = self.module.custom("name")?;
        let mut named = None;
        for subsection in NameSectionReader::new(BinaryReader::new(section.custom, 0)).flatten() {
            if let wasmparser::Name::Global(names) = subsection {
                let mut names = names.into_iter().flatten();
                named = names.find(|naming| naming.name == "__stack_pointer");
            }
        }
        let named = named.map(|naming| naming.index);
        globals().find(|index| Some(*index) == named)
    }
}

/// The only table of a module, if it is its own and an ordinary one.
fn plain_table(module: &Module<'_>) -> wasmparser::Result<Option<TableType>> {
    let Some(section) = module.section(SECTION_TABLE) else {
        return Ok(None);
    };
    if module.table_imported || module.table_count != 1 {
        return Ok(None);
    }
    let content = &module.bytes[section.range.clone()];
    let mut tables = TableSectionReader::new(BinaryReader::new(content, section.range.start))?.into_iter();
    let Some(table) = tables.next().transpose()? else {
        return Ok(None);
    };
    let is_plain = matches!(table.init, TableInit::RefNull)
        && table.ty.element_type == wasmparser::RefType::FUNCREF
        && !table.ty.table64
        && !table.ty.shared;
    Ok(is_plain.then_some(table.ty))
}
