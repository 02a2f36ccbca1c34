//! Collects, by section, everything that goes after the base: the code and data of each shared
//! module, written for its place.

use crate::link::base::Base;
use crate::link::bindings::{Bindings, Stubs};
use crate::link::data::Segment;
use crate::link::evaluate::Evaluation;
use crate::link::layout::{Layout, ModulePlace};
use crate::link::side::Side;
use crate::link::slots::Slots;
use crate::link::writer::Body;
use crate::parse::SECTION_DATA_COUNT;

/// No locals, `unreachable`, `end`.
const STUB: [u8; 3] = [0, 0x00, 0x0b];

/// All that goes after the base.
pub(crate) struct Parts<'p> {
    pub(crate) layout: &'p Layout,
    pub(crate) slots: &'p Slots,
    base_globals: u32,
    /// Types of the functions.
    pub(crate) functions: Vec<u32>,
    pub(crate) globals: Vec<Vec<u8>>,
    /// Functions that the host can call, by name.
    pub(crate) exports: Vec<(&'p str, u32)>,
    /// Element segments: the first slot of those that are active, and the functions.
    pub(crate) elements: Vec<(Option<u32>, Vec<u32>)>,
    pub(crate) bodies: Vec<Body>,
    pub(crate) data: Vec<Segment>,
    /// Functions that the base calls at the start.
    pub(crate) start: Vec<u32>,
    pub(crate) names: Vec<(u32, String)>,
    /// `target_features` sections.
    pub(crate) features: Vec<&'p [u8]>,
    pub(crate) counts_data: bool,
}

impl<'p> Parts<'p> {
    pub(crate) fn new(base: &Base<'_>, layout: &'p Layout, slots: &'p Slots) -> Self {
        Self {
            layout,
            slots,
            base_globals: base.module.globals.len() as u32,
            functions: Vec::new(),
            globals: Vec::new(),
            exports: Vec::new(),
            elements: Vec::new(),
            bodies: Vec::new(),
            data: Vec::new(),
            start: Vec::new(),
            names: Vec::new(),
            features: Vec::new(),
            counts_data: false,
        }
    }

    /// Index of the next global in the linked module.
    pub(crate) fn next_global(&self) -> u32 {
        self.base_globals + self.globals.len() as u32
    }

    pub(crate) fn add(
        &mut self,
        side: &Side<'p>,
        place: &ModulePlace,
        bindings: &Bindings,
        evaluated: Evaluation,
        bodies: Vec<Body>,
        segments: Vec<Segment>,
    ) {
        let imported = side.module.imported_functions;
        let placed = |function: u32| match bindings.functions.get(function as usize) {
            Some(&imported) => imported,
            None => place.functions + (function - imported),
        };
        for (function, ty) in (0..).zip(&side.module.function_types).skip(imported as usize) {
            self.functions.push(place.types[*ty as usize]);
            let name = format!("{}:{}", side.name, side.function_name(function));
            self.names.push((placed(function), name));
        }
        for element in &side.elements {
            let slot = element.offset.map(|offset| place.table + offset);
            let functions = element
                .functions
                .iter()
                .map(|&function| placed(function))
                .collect();
            self.elements.push((slot, functions));
        }
        self.start.extend(evaluated.start.into_iter().map(placed));
        self.globals.extend(evaluated.added_globals);
        self.bodies.extend(bodies);
        self.data.extend(segments);
        self.features.extend(
            side.module
                .custom("target_features")
                .map(|section| section.custom),
        );
        self.counts_data |= side.module.section(SECTION_DATA_COUNT).is_some();
    }

    /// Adds the functions that stand for weak imports.
    pub(crate) fn add_stubs(&mut self, stubs: Stubs) {
        for (ty, number) in stubs.into_iter().zip(0..) {
            self.functions.push(ty);
            self.names
                .push((self.layout.functions + number, format!("undefined weak {number}")));
            self.bodies.push(Body {
                bytes: STUB.to_vec(),
                edges: Vec::new(),
            });
        }
    }

    pub(crate) fn memory_end(&self) -> u64 {
        let records = self
            .data
            .iter()
            .map(|segment| u64::from(segment.address) + segment.bytes.len() as u64);
        records.max().unwrap_or(0).max(self.layout.memory)
    }
}
