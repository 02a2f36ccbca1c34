//! Translates the functions of a shared module into code of the linked module, and notes what its
//! constants stand for.
//!
//! All code is decoded and written again, with the indices of the linked module.
//! A `global.get` of an address becomes an `i32.const` of five bytes with a
//! relocation, as `wasm-ld` writes one. Calls get no relocation: they are found
//! by reading the code.

use std::collections::HashMap;
use std::ops::Range;

use wasm_encoder::Encode;
use wasm_encoder::reencode::{Error as Failure, Reencode};
use wasmparser::{FunctionBody, Operator, RelocationEntry, RelocationType};

use crate::link::LinkError;
use crate::link::addresses::Addresses;
use crate::link::bindings::{Address, Bindings, ImportBinding};
use crate::link::evaluate::{Evaluation, Reading};
use crate::link::layout::ModulePlace;
use crate::link::side::Side;
use crate::link::value::Value;
use crate::link::writer::{Body, KnownRelocations, Writer};
use crate::linking::CODE_RELOCATIONS;
use crate::parse::SECTION_CODE;

/// No locals, `end`.
const EMPTY_BODY: [u8; 2] = [0, 0x0b];

/// The code of one module.
pub(crate) struct Translation<'t, 'a> {
    pub(crate) side: &'t Side<'a>,
    pub(crate) place: &'t ModulePlace,
    pub(crate) bindings: &'t Bindings,
    pub(crate) evaluated: &'t Evaluation,
    pub(crate) addresses: &'t Addresses<'t, 'a>,
    /// Index of the first of its globals in the linked module.
    pub(crate) first_global: u32,
}

/// Relocations of constants, by their offset in the module's bytes.
type Constants<'c> = HashMap<usize, &'c RelocationEntry>;

impl<'t> Translation<'t, '_> {
    /// The bodies of all functions that the module defines.
    pub(crate) fn bodies(&mut self) -> Result<Vec<Body>, LinkError> {
        let mut constants = self.constants()?;
        let mut bodies = Vec::new();
        for (function, body) in (self.side.module.imported_functions..).zip(&self.side.module.bodies) {
            bodies.push(match self.evaluated.emptied.contains(&function) {
                true => Body {
                    bytes: EMPTY_BODY.to_vec(),
                    edges: Vec::new(),
                },
                false => self.body(function, body, &mut constants)?,
            });
        }
        match constants.values().min_by_key(|entry| entry.offset) {
            None => Ok(bodies),
            Some(entry) => Err(self.relocation_error(entry, "is not at a constant")),
        }
    }

    fn constants(&self) -> Result<Constants<'t>, LinkError> {
        let mut constants = HashMap::new();
        let side = self.side;
        let Some(linking) = &side.linking else {
            return Ok(constants);
        };
        let section = self.side.module.section(SECTION_CODE);
        let base = section.map_or(0, |section| section.range.start);
        for entry in &linking.code {
            match entry.ty {
                RelocationType::MemoryAddrRelSleb | RelocationType::TableIndexRelSleb => {
                    constants.insert(base + entry.offset as usize, entry);
                }
                // The code itself says these.
                RelocationType::FunctionIndexLeb
                | RelocationType::TypeIndexLeb
                | RelocationType::GlobalIndexLeb
                | RelocationType::TableNumberLeb => {}
                _ => return Err(self.relocation_error(entry, "is not position-independent code")),
            }
        }
        Ok(constants)
    }

    fn relocation_error(&self, entry: &RelocationEntry, problem: &str) -> LinkError {
        self.addresses.relocation_error(CODE_RELOCATIONS, entry, problem)
    }

    fn body(
        &mut self,
        function: u32,
        body: &FunctionBody<'_>,
        constants: &mut Constants<'_>,
    ) -> Result<Body, LinkError> {
        let invalid = |source| self.side.invalid(source);
        let mut writer = Writer::new(self.known(function, &body.range()));
        let mut locals = body.get_locals_reader().map_err(invalid)?;
        locals.get_count().encode(&mut writer.bytes);
        for _ in 0..locals.get_count() {
            let (count, ty) = locals.read().map_err(invalid)?;
            count.encode(&mut writer.bytes);
            self.val_type(ty)
                .map_err(|failure| self.failed(failure))?
                .encode(&mut writer.bytes);
        }
        let operators = body
            .get_operators_reader()
            .map_err(|source| self.side.invalid(source))?;
        let operators = operators.into_iter_with_offsets().collect::<Result<Vec<_>, _>>();
        let operators = operators.map_err(|source| self.side.invalid(source))?;
        for (index, (operator, offset)) in operators.iter().enumerate() {
            match operator {
                Operator::I32Const { value } => {
                    let number = *value as u32;
                    if let Some(entry) = constants.remove(&(offset + 1)) {
                        let address = self.addresses.constant(entry, number);
                        let address = address.map_err(|problem| self.relocation_error(entry, problem))?;
                        writer.relative(&address);
                        continue;
                    }
                    if index > 0 && self.is_slot(&operators, index - 1) {
                        writer.relative(&Address {
                            value: number,
                            ..self.addresses.address(Value::Table(number))
                        });
                        continue;
                    }
                }
                Operator::GlobalGet { global_index } => {
                    let reading = self
                        .evaluated
                        .globals
                        .get(*global_index as usize)
                        .copied()
                        .flatten();
                    if let Some(Reading::Constant(value)) = reading {
                        match value {
                            Value::Memory(0) if self.is_imported(*global_index) => {
                                writer.memory_base(&self.addresses.address(value));
                            }
                            Value::Table(0) if self.is_imported(*global_index) => {
                                let is_slot = self.is_slot(&operators, index);
                                writer.table_base(&self.addresses.table(), is_slot);
                            }
                            value => writer.absolute(&self.addresses.address(value)),
                        }
                        continue;
                    }
                }
                _ => {}
            }
            let instruction = self
                .instruction(operator.clone())
                .map_err(|failure| self.failed(failure))?;
            instruction.encode(&mut writer.bytes);
        }
        Ok(writer.finish())
    }

    fn is_imported(&self, global: u32) -> bool {
        (global as usize) < self.side.globals.len()
    }

    /// At `index` is `__table_base + N`, so that N tells the slot.
    fn is_slot(&self, operators: &[(Operator<'_>, usize)], index: usize) -> bool {
        let reads_table_base = |global: u32| {
            let import = self.side.globals.get(global as usize);
            import.is_some_and(|import| import.base() == Some(Value::Table(0)))
        };
        matches!(
            operators.get(index..index + 3),
            Some([
                (Operator::GlobalGet { global_index }, _),
                (Operator::I32Const { .. }, _),
                (Operator::I32Add, _),
            ]) if reads_table_base(*global_index)
        )
    }

    /// Whether relocations say what the code does with the module's bases: memory, and table.
    ///
    /// The linker writes none for functions of its own.
    fn known(&self, function: u32, range: &Range<usize>) -> KnownRelocations {
        let name = self.side.names.get(&function);
        let Some(linking) = self
            .side
            .linking
            .as_ref()
            .filter(|_| !name.is_some_and(|name| name.starts_with("__wasm_")))
        else {
            return KnownRelocations::default();
        };
        let section = self.side.module.section(SECTION_CODE);
        let base = section.map_or(0, |section| section.range.start);
        let start = linking
            .code
            .partition_point(|entry| base + (entry.offset as usize) < range.start);
        let end = linking
            .code
            .partition_point(|entry| base + (entry.offset as usize) < range.end);
        let has = |ty| linking.code[start..end].iter().any(|entry| entry.ty == ty);
        KnownRelocations {
            memory: has(RelocationType::MemoryAddrRelSleb),
            table: has(RelocationType::TableIndexRelSleb),
        }
    }

    fn failed(&self, failure: Failure<String>) -> LinkError {
        match failure {
            Failure::ParseError(source) => self.side.invalid(source),
            Failure::UserError(problem) => self.side.unsupported(problem),
            failure => self
                .side
                .unsupported(format!("has code that cannot be relocated: {failure}")),
        }
    }
}

impl Reencode for Translation<'_, '_> {
    type Error = String;

    fn function_index(&mut self, function: u32) -> Result<u32, Failure<String>> {
        let imported = self.bindings.functions.len() as u32;
        Ok(match function.checked_sub(imported) {
            Some(own) => self.place.functions + own,
            None => self.bindings.functions[function as usize],
        })
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Failure<String>> {
        let reading = self.evaluated.globals.get(global as usize).copied().flatten();
        match (reading, self.bindings.globals.get(global as usize)) {
            (Some(Reading::Added(index)), _) => Ok(self.first_global + index),
            (_, Some(ImportBinding::Global(index))) => Ok(*index),
            _ => Err(Failure::UserError(format!(
                "changes the global {global}, which is a constant"
            ))),
        }
    }

    fn type_index(&mut self, ty: u32) -> Result<u32, Failure<String>> {
        Ok(self.place.types[ty as usize])
    }

    fn data_index(&mut self, data: u32) -> Result<u32, Failure<String>> {
        Ok(self.place.data + data)
    }

    fn element_index(&mut self, element: u32) -> Result<u32, Failure<String>> {
        Ok(self.place.elements + element)
    }
}
