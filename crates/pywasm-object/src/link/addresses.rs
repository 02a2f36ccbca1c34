//! Turns values that depend on where a module is into numbers, with the symbols that they stand
//! for.

use std::collections::HashMap;

use wasmparser::{RelocationEntry, RelocationType};

use crate::Error;
use crate::link::LinkError;
use crate::link::bindings::{Address, Bindings, ImportBinding};
use crate::link::layout::ModulePlace;
use crate::link::side::Side;
use crate::link::symbols::{SideSymbols, Symbols};
use crate::link::value::Value;
use crate::linking::Target;

/// A relocation to be: its offset is relative to whatever holds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) at: u32,
    pub(crate) kind: RelocationType,
    pub(crate) symbol: u32,
    pub(crate) addend: i32,
}

/// Addresses in one module.
pub(crate) struct Addresses<'r, 'a> {
    side: &'r Side<'a>,
    place: &'r ModulePlace,
    bindings: &'r Bindings,
    data: &'r SideSymbols,
    /// Symbols of its functions, by the module's own function index.
    functions: Vec<u32>,
    /// Functions by table slot after `__table_base`.
    slots: HashMap<u32, u32>,
}

impl<'r, 'a> Addresses<'r, 'a> {
    pub(crate) fn new(
        side: &'r Side<'a>,
        place: &'r ModulePlace,
        bindings: &'r Bindings,
        functions: Vec<u32>,
        data: &'r SideSymbols,
    ) -> Self {
        let active = side
            .elements
            .iter()
            .filter_map(|element| Some((element.offset?, element)));
        let slots = active.flat_map(|(offset, element)| {
            (offset..offset + element.functions.len() as u32).zip(&element.functions)
        });
        Self {
            slots: slots.map(|(slot, &function)| (slot, function)).collect(),
            side,
            place,
            bindings,
            data,
            functions,
        }
    }

    /// The number that a value is, and what it stands for.
    pub(crate) fn address(&self, value: Value) -> Address {
        match value {
            Value::Number(value) => Address {
                value,
                ..Address::default()
            },
            Value::Memory(offset) => Address {
                value: self.place.memory.wrapping_add(offset),
                symbols: self.data.all.clone(),
                is_slot: false,
            },
            Value::Table(slot) => Address {
                value: self.place.table.wrapping_add(slot),
                symbols: match self.slots.get(&slot) {
                    Some(&function) => vec![self.functions[function as usize]],
                    None => self.whole_table(),
                },
                is_slot: true,
            },
            Value::Import(global, addend) => match self.bindings.globals.get(global as usize) {
                Some(ImportBinding::Address(address)) => Address {
                    value: address.value.wrapping_add(addend),
                    ..address.clone()
                },
                _ => Address::default(),
            },
        }
    }

    /// The start of the table, from where any slot of it may be computed.
    pub(crate) fn table(&self) -> Address {
        Address {
            value: self.place.table,
            symbols: self.whole_table(),
            is_slot: true,
        }
    }

    fn whole_table(&self) -> Vec<u32> {
        let mut symbols: Vec<u32> = self
            .slots
            .values()
            .map(|&function| self.functions[function as usize])
            .collect();
        symbols.sort_unstable();
        symbols.dedup();
        symbols
    }

    /// What a relocation of the module's data leads to.
    pub(crate) fn datum(&self, entry: &RelocationEntry) -> Result<Address, &'static str> {
        let is_slot = match entry.ty {
            RelocationType::TableIndexI32 => true,
            RelocationType::MemoryAddrI32 | RelocationType::MemoryAddrLocrelI32 => false,
            _ => return Err("is not what shared modules have in data"),
        };
        let symbols = match self.target(entry)? {
            Target::Function(function) if is_slot => vec![self.functions[function as usize]],
            Target::Function(_) => return Err("needs data, and names a function"),
            _ if is_slot => return Err("needs a function"),
            Target::Data { .. } => self
                .data
                .by_index
                .get(&entry.index)
                .copied()
                .into_iter()
                .collect(),
            Target::Absolute => self.data.all.clone(),
            Target::Undefined => self.imported(entry),
            Target::Other => return Err("names what is neither a function nor data"),
        };
        Ok(Address {
            value: 0,
            symbols,
            is_slot,
        })
    }

    /// What a relocation of a constant in the module's code leads to; `value` is that constant.
    pub(crate) fn constant(&self, entry: &RelocationEntry, value: u32) -> Result<Address, &'static str> {
        let stale = "does not fit its constant: a tool has changed the module after the link";
        let is_slot = entry.ty == RelocationType::TableIndexRelSleb;
        let symbols = match self.target(entry)? {
            Target::Function(function) if is_slot => {
                if self.slots.get(&value) != Some(&function) {
                    return Err(stale);
                }
                vec![self.functions[function as usize]]
            }
            Target::Data { segment, offset, .. } if !is_slot => {
                let start = self.side.segments[segment as usize].offset;
                if start.wrapping_add(offset).wrapping_add(entry.addend as u32) != value {
                    return Err(stale);
                }
                self.data
                    .by_index
                    .get(&entry.index)
                    .copied()
                    .into_iter()
                    .collect()
            }
            Target::Absolute | Target::Undefined if !is_slot => self.data.all.clone(),
            _ => return Err("names a symbol of another kind"),
        };
        Ok(Address {
            value,
            symbols,
            is_slot,
        })
    }

    fn target(&self, entry: &RelocationEntry) -> Result<Target, &'static str> {
        let symbols = self.side.linking.as_ref().map(|linking| &linking.symbols);
        let symbol = symbols.and_then(|symbols| symbols.get(entry.index as usize));
        symbol
            .map(|symbol| symbol.target)
            .ok_or("names a symbol that is not there")
    }

    /// What data of another module a relocation leads to.
    fn imported(&self, entry: &RelocationEntry) -> Vec<u32> {
        let symbols = self.side.linking.as_ref().map(|linking| &linking.symbols);
        let Some(symbol) = symbols.and_then(|symbols| symbols.get(entry.index as usize)) else {
            return Vec::new();
        };
        let mut imports = self.side.globals.iter().zip(&self.bindings.globals);
        let found = imports.find(|(import, _)| import.module == "GOT.mem" && import.name == symbol.name);
        match found {
            Some((_, ImportBinding::Address(address))) => address.symbols.clone(),
            _ => Vec::new(),
        }
    }

    /// The error about a relocation of the module.
    pub(crate) fn relocation_error(
        &self,
        section: &str,
        entry: &RelocationEntry,
        problem: &str,
    ) -> LinkError {
        LinkError::Module {
            module: self.side.name.to_owned(),
            source: Error::Relocation {
                section: section.to_owned(),
                offset: entry.offset,
                problem: format!("{:?} {problem}", entry.ty),
            },
        }
    }
}

/// The symbols of a module's functions, imported ones first.
pub(crate) fn function_symbols(
    side: &Side<'_>,
    place: &ModulePlace,
    bindings: &Bindings,
    symbols: &mut Symbols,
) -> Vec<u32> {
    let own = place.functions..place.functions + side.module.bodies.len() as u32;
    let functions: Vec<u32> = bindings.functions.iter().copied().chain(own).collect();
    functions
        .into_iter()
        .map(|function| symbols.function(function))
        .collect()
}
