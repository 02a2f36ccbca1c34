//! Assigns one table slot to each function whose address is taken, in the base and in the shared
//! modules.
//!
//! A function that has a slot keeps it, so that two addresses of it are equal.

use std::collections::HashMap;

use crate::link::LinkError;
use crate::link::base::Base;
use crate::link::layout::Layout;
use crate::link::side::Side;

pub(crate) struct Slots {
    by_function: HashMap<u32, u32>,
    /// The first slot after all modules.
    pub(crate) first: u32,
    /// The functions in the slots from there on.
    pub(crate) added: Vec<u32>,
    has_table: bool,
}

impl Slots {
    /// `functions` gives the index in the linked module of a module's function.
    pub(crate) fn new(
        base: &Base<'_>,
        sides: &[Side<'_>],
        layout: &Layout,
        functions: impl Fn(usize, u32) -> u32,
    ) -> Self {
        let mut by_function = HashMap::new();
        for element in &base.module.elements {
            if let Some(first) = element.slot {
                for (&function, at) in element.functions.iter().zip(0..) {
                    by_function.entry(function).or_insert(first.wrapping_add(at));
                }
            }
        }
        for (index, side) in sides.iter().enumerate() {
            let start = layout.places[index].table;
            for element in &side.elements {
                if let Some(offset) = element.offset {
                    for (&function, at) in element.functions.iter().zip(0..) {
                        let slot = by_function.entry(functions(index, function));
                        slot.or_insert(start + offset + at);
                    }
                }
            }
        }
        Self {
            by_function,
            first: layout.table,
            added: Vec::new(),
            has_table: base.table.is_some(),
        }
    }

    /// The slot of a function; a new one if it has none.
    pub(crate) fn slot(&mut self, function: u32) -> Result<u32, LinkError> {
        if let Some(&slot) = self.by_function.get(&function) {
            return Ok(slot);
        }
        if !self.has_table {
            let problem = "it has no function table of its own of the plain kind, and modules need one";
            return Err(LinkError::BaseLacks(problem.to_owned()));
        }
        let slot = self.first + self.added.len() as u32;
        self.by_function.insert(function, slot);
        self.added.push(function);
        Ok(slot)
    }
}
