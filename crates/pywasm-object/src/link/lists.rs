//! Writes the init tables as new data, and the bytes of the base's symbols that lead to them.

use wasmparser::SymbolFlags;

use crate::Error;
use crate::link::base::Base;
use crate::link::bindings::Address;
use crate::link::data::{Segment, edges};
use crate::link::layout::Layout;
use crate::link::resolve::Resolver;
use crate::link::side::Side;
use crate::link::slots::Slots;
use crate::link::symbols::Symbols;
use crate::link::{InitTable, LinkError};
use crate::linking::Target;

/// Bytes of the C structure `{ const struct record *records; uint32_t count; }`, and of a record.
const SIZE: usize = 8;

/// Bytes of the base that change.
pub(crate) struct Patch {
    /// Where in the base's bytes.
    pub(crate) position: usize,
    pub(crate) bytes: [u8; SIZE],
    /// What the first four of them lead to.
    pub(crate) symbol: u32,
}

/// Writes the lists after all modules.
pub(crate) struct Lists<'l, 'a> {
    pub(crate) base: &'l Base<'a>,
    pub(crate) sides: &'l [Side<'a>],
    pub(crate) layout: &'l Layout,
    pub(crate) slots: &'l mut Slots,
    pub(crate) symbols: &'l mut Symbols,
}

impl Lists<'_, '_> {
    /// The data segment with all lists, if any has a record, and the bytes that lead there.
    pub(crate) fn write(
        &mut self,
        resolver: &Resolver<'_, '_>,
        lists: &[InitTable],
    ) -> Result<(Option<Segment>, Vec<Patch>), LinkError> {
        let mut segment = Segment {
            name: "records".to_owned(),
            address: self.layout.memory.next_multiple_of(4) as u32,
            bytes: Vec::new(),
            edges: Vec::new(),
        };
        let mut patches: Vec<Patch> = Vec::new();
        for list in lists {
            let position = self.position(list).map_err(|problem| fail(list, problem))?;
            if patches
                .iter()
                .any(|patch| patch.position.abs_diff(position) < SIZE)
            {
                return Err(fail(list, "is there twice".to_owned()));
            }
            if list.records.is_empty() {
                continue;
            }
            let (at, symbol) = self.records(resolver, list, &mut segment)?;
            let mut bytes = [0; SIZE];
            bytes[..4].copy_from_slice(&segment.address.wrapping_add(at).to_le_bytes());
            bytes[4..].copy_from_slice(&(list.records.len() as u32).to_le_bytes());
            patches.push(Patch {
                position,
                bytes,
                symbol,
            });
        }
        Ok(((!segment.bytes.is_empty()).then_some(segment), patches))
    }

    /// Where the list's symbol is in the base's bytes.
    fn position(&self, list: &InitTable) -> Result<usize, String> {
        let linking = &self.base.linking;
        let symbol = linking.find(&list.symbol).map_err(|problem| match problem {
            Error::SymbolName { problem, .. } => problem,
            other => other.to_string(),
        })?;
        let Target::Data {
            segment,
            offset,
            size,
        } = linking.symbols[symbol].target
        else {
            return Err("is no data".to_owned());
        };
        if (size as usize) < SIZE {
            return Err(format!("has {size} bytes in the base, and needs {SIZE}"));
        }
        let position = self.base.module.data[segment as usize].range.start + offset as usize;
        match self.base.module.bytes.get(position..position + SIZE) {
            Some([0, 0, 0, 0, 0, 0, 0, 0]) => Ok(position),
            _ => Err("is not zero in the base".to_owned()),
        }
    }

    /// Writes the texts and the records of a list. Gives the offset of the records, and their symbol.
    fn records(
        &mut self,
        resolver: &Resolver<'_, '_>,
        list: &InitTable,
        segment: &mut Segment,
    ) -> Result<(u32, u32), LinkError> {
        let mut fields = Vec::new();
        for record in &list.records {
            if record.text.contains('\0') {
                return Err(fail(list, format!("has the text {:?}, with a NUL", record.text)));
            }
            let Some(side) = self.sides.get(record.module) else {
                return Err(fail(list, format!("names the module number {}", record.module)));
            };
            let Some(function) = side.exported_function(&record.function) else {
                return Err(fail(
                    list,
                    format!(
                        "names the function `{}`, which the module `{}` does not export",
                        record.function, side.name
                    ),
                ));
            };
            let function = resolver.function_index(record.module, function);
            let slot = Address {
                value: self.slots.slot(function)?,
                symbols: vec![self.symbols.function(function)],
                is_slot: true,
            };
            let text = self.data(segment, &format!("{}.text", list.symbol), |bytes| {
                bytes.extend(record.text.as_bytes());
                bytes.push(0);
            });
            fields.push((text, slot));
        }
        segment.bytes.resize(segment.bytes.len().next_multiple_of(4), 0);
        let at = segment.bytes.len();
        for (text, slot) in &fields {
            for address in [text, slot] {
                segment.edges.extend(edges(segment.bytes.len(), address));
                segment.bytes.extend(address.value.to_le_bytes());
            }
        }
        let size = (segment.bytes.len() - at) as u32;
        let name = format!("{}.records", list.symbol);
        let symbol = self
            .symbols
            .data(&name, self.layout.data, at as u32, size, SymbolFlags::empty());
        Ok((at as u32, symbol))
    }

    fn data(&mut self, segment: &mut Segment, name: &str, write: impl FnOnce(&mut Vec<u8>)) -> Address {
        let at = segment.bytes.len() as u32;
        write(&mut segment.bytes);
        let size = segment.bytes.len() as u32 - at;
        let symbol = self
            .symbols
            .data(name, self.layout.data, at, size, SymbolFlags::empty());
        Address {
            value: segment.address.wrapping_add(at),
            symbols: vec![symbol],
            is_slot: false,
        }
    }
}

fn fail(list: &InitTable, problem: String) -> LinkError {
    LinkError::List {
        symbol: list.symbol.clone(),
        problem,
    }
}
