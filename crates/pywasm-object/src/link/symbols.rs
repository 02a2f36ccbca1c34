//! Lists the symbols that the shared modules add to those of the base.
//!
//! Each function gets a symbol. Data gets the symbols that the module itself has
//! if it was linked with `--emit-relocs`. Otherwise nothing says where one datum
//! ends and the next begins: the compiler folds `array[i - 1]` into an address
//! before the array, so the constants in the code do not tell either. Then each
//! data segment is one symbol, and lives or leaves as a whole.
//!
//! All are local and named `MODULE:NAME`, so that they never stand for a name of the base.

use std::collections::{BTreeSet, HashMap};

use wasm_encoder::Encode;
use wasmparser::SymbolFlags;

use crate::link::base::Base;
use crate::link::layout::Layout;
use crate::link::side::Side;
use crate::linking::Target;

const FUNCTION: u8 = 0;
const DATA: u8 = 1;

/// Symbols of the linked module.
pub(crate) struct Symbols {
    next: u32,
    /// Encoded symbols after the base's.
    pub(crate) added: Vec<u8>,
    /// How many those are.
    pub(crate) count: u32,
    functions: HashMap<u32, u32>,
    /// For each module.
    pub(crate) sides: Vec<SideSymbols>,
}

/// The data symbols of a module.
#[derive(Default)]
pub(crate) struct SideSymbols {
    /// All of them.
    pub(crate) all: Vec<u32>,
    /// By the module's own symbol index.
    pub(crate) by_index: HashMap<u32, u32>,
    /// By name and offset after `__memory_base`.
    by_name: HashMap<(String, u32), u32>,
}

impl SideSymbols {
    /// What an exported address stands for.
    pub(crate) fn exported(&self, name: &str, offset: u32) -> Vec<u32> {
        match self.by_name.get(&(name.to_owned(), offset)) {
            Some(&symbol) => vec![symbol],
            None => self.all.clone(),
        }
    }
}

/// Names all that the modules define.
pub(crate) fn symbols(base: &Base<'_>, sides: &[Side<'_>], layout: &Layout) -> Symbols {
    let mut symbols = Symbols {
        next: base.linking.symbols.len() as u32,
        added: Vec::new(),
        count: 0,
        functions: base.function_symbols.clone(),
        sides: Vec::new(),
    };
    for (side, place) in sides.iter().zip(&layout.places) {
        let imported = side.module.imported_functions;
        let kept = kept(side);
        for index in 0..side.module.bodies.len() as u32 {
            let own = imported + index;
            let is_kept = kept.contains(&own) && !side.exports.values().any(|export| *export == own);
            let name = format!("{}:{}", side.name, side.function_name(own));
            symbols.add_function(place.functions + index, &name, is_kept);
        }
        let data = symbols.add_data(side, place.data);
        symbols.sides.push(data);
    }
    symbols
}

/// Functions that the compiler was instructed to keep.
fn kept(side: &Side<'_>) -> BTreeSet<u32> {
    let all = side.linking.iter().flat_map(|linking| &linking.symbols);
    all.filter(|symbol| symbol.flags.contains(SymbolFlags::NO_STRIP))
        .filter_map(|symbol| match symbol.target {
            Target::Function(function) => Some(function),
            _ => None,
        })
        .collect()
}

impl Symbols {
    /// The symbol of a function.
    pub(crate) fn function(&mut self, function: u32) -> u32 {
        match self.functions.get(&function) {
            Some(&symbol) => symbol,
            None => self.add_function(function, &format!("function {function}"), false),
        }
    }

    /// A new symbol for bytes of a data segment.
    pub(crate) fn data(
        &mut self,
        name: &str,
        segment: u32,
        offset: u32,
        size: u32,
        flags: SymbolFlags,
    ) -> u32 {
        self.added.push(DATA);
        (flags | SymbolFlags::BINDING_LOCAL)
            .bits()
            .encode(&mut self.added);
        name.encode(&mut self.added);
        segment.encode(&mut self.added);
        offset.encode(&mut self.added);
        size.encode(&mut self.added);
        self.take_index()
    }

    fn add_function(&mut self, function: u32, name: &str, is_kept: bool) -> u32 {
        let mut flags = SymbolFlags::BINDING_LOCAL;
        flags.set(SymbolFlags::NO_STRIP, is_kept);
        self.added.push(FUNCTION);
        flags.bits().encode(&mut self.added);
        function.encode(&mut self.added);
        name.encode(&mut self.added);
        let symbol = self.take_index();
        self.functions.insert(function, symbol);
        symbol
    }

    fn take_index(&mut self) -> u32 {
        self.count += 1;
        self.next += 1;
        self.next - 1
    }

    fn add_data(&mut self, side: &Side<'_>, first_segment: u32) -> SideSymbols {
        let mut symbols = SideSymbols::default();
        let Some(linking) = &side.linking else {
            for (number, segment) in side.segments.iter().enumerate() {
                if !segment.range.is_empty() {
                    let name = format!("{}:data {number}", side.name);
                    let size = segment.range.len() as u32;
                    let index = first_segment + number as u32;
                    symbols
                        .all
                        .push(self.data(&name, index, 0, size, SymbolFlags::empty()));
                }
            }
            return symbols;
        };
        for (index, symbol) in linking.symbols.iter().enumerate() {
            let Target::Data {
                segment,
                offset,
                size,
            } = symbol.target
            else {
                continue;
            };
            let name = format!("{}:{}", side.name, symbol.name);
            let flags = symbol.flags & SymbolFlags::NO_STRIP;
            let added = self.data(&name, first_segment + segment, offset, size, flags);
            symbols.all.push(added);
            symbols.by_index.insert(index as u32, added);
            // The module's segments are as many as its data segments, which the symbol was checked against.
            let start = side.segments[segment as usize].offset;
            let key = (symbol.name.to_owned(), start.wrapping_add(offset));
            symbols.by_name.entry(key).or_insert(added);
        }
        symbols
    }
}
