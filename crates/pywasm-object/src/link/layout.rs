//! Decides where each shared module goes.
//!
//! Nothing of the base moves. Each index space goes on after the base's, in
//! the plan's order. The data goes after the base's initial memory, which is
//! where `sbrk` starts from, so the heap grows after it.

use std::collections::HashMap;

use wasmparser::FuncType;

use crate::link::LinkError;
use crate::link::base::Base;
use crate::link::side::Side;
use crate::memory::{PAGE, check_pages, own_memory};

/// Engines and the validator refuse larger tables.
pub(crate) const MOST_SLOTS: u64 = 10_000_000;

/// Where one module goes.
pub(crate) struct ModulePlace {
    /// Its `__memory_base`.
    pub(crate) memory: u32,
    /// Its `__table_base`.
    pub(crate) table: u32,
    /// Index of the first function that it defines.
    pub(crate) functions: u32,
    /// Index of its first data segment.
    pub(crate) data: u32,
    /// Index of its first element segment.
    pub(crate) elements: u32,
    /// The types of the linked module, by its own type index.
    pub(crate) types: Vec<u32>,
}

/// Where everything goes.
pub(crate) struct Layout {
    pub(crate) places: Vec<ModulePlace>,
    /// Types after those of the base.
    pub(crate) types: Vec<FuncType>,
    /// Functions up to here are the base's and the modules'.
    pub(crate) functions: u32,
    /// Data segments up to here are the base's and the modules'.
    pub(crate) data: u32,
    /// The memory up to here is the base's and the modules'.
    pub(crate) memory: u64,
    /// Table slots up to here are the base's and the modules'.
    pub(crate) table: u32,
}

/// Places the modules after the base.
pub(crate) fn layout(base: &Base<'_>, sides: &[Side<'_>]) -> Result<Layout, LinkError> {
    let memory = own_memory(&base.module).map_err(LinkError::Base)?;
    let mut types = Types::new(base);
    let mut memory_end = memory.initial * PAGE;
    let mut table_end = base.table.map_or(0, |table| table.initial);
    let mut functions = u64::from(base.module.function_count());
    let mut data = base.module.data.len() as u64;
    let mut elements = base.module.elements.len() as u64;
    let mut places = Vec::new();
    for side in sides {
        let place_memory = memory_end.next_multiple_of(1 << side.needs.memory_alignment);
        let place_table = table_end.next_multiple_of(1 << side.needs.table_alignment);
        places.push(ModulePlace {
            memory: place_memory as u32,
            table: place_table as u32,
            functions: functions as u32,
            data: data as u32,
            elements: elements as u32,
            types: side.types.iter().map(|ty| types.index(ty.as_ref())).collect(),
        });
        memory_end = place_memory + u64::from(side.needs.memory_size);
        check_pages(&memory, memory_end.div_ceil(PAGE)).map_err(|_| {
            side.unsupported(format!(
                "needs {} bytes of memory, which the base does not have",
                side.needs.memory_size
            ))
        })?;
        if side.needs.table_size > 0 {
            table_end = place_table + u64::from(side.needs.table_size);
        }
        if table_end > MOST_SLOTS {
            return Err(side.unsupported(format!(
                "needs {} table slots, but the limit is {MOST_SLOTS}",
                side.needs.table_size
            )));
        }
        if base.table.is_none() && side.module.table_count > 0 {
            let problem = "it has no function table of its own of the plain kind, and modules need one";
            return Err(LinkError::BaseLacks(problem.to_owned()));
        }
        functions += side.module.bodies.len() as u64;
        data += side.segments.len() as u64;
        elements += side.elements.len() as u64;
    }
    Ok(Layout {
        places,
        types: types.added,
        functions: functions as u32,
        data: data as u32,
        memory: memory_end,
        table: table_end as u32,
    })
}

/// The types of the linked module.
pub(crate) struct Types {
    known: HashMap<FuncType, u32>,
    next: u32,
    /// Those after the base's.
    pub(crate) added: Vec<FuncType>,
}

impl Types {
    pub(crate) fn new(base: &Base<'_>) -> Self {
        let mut known = HashMap::new();
        for (index, ty) in base.types.iter().enumerate() {
            if let Some(ty) = ty {
                known.entry(ty.clone()).or_insert(index as u32);
            }
        }
        Self {
            known,
            next: base.types.len() as u32,
            added: Vec::new(),
        }
    }

    pub(crate) fn index(&mut self, ty: Option<&FuncType>) -> u32 {
        // Modules with types of another kind were refused.
        let Some(ty) = ty else {
            return u32::MAX;
        };
        if let Some(&index) = self.known.get(ty) {
            return index;
        }
        let index = self.next;
        self.next += 1;
        self.known.insert(ty.clone(), index);
        self.added.push(ty.clone());
        index
    }
}
