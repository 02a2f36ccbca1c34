//! Evaluates the linker-made functions of a shared module: what they do, which of them no longer
//! need to run, and which functions run at the start.
//!
//! `__wasm_apply_data_relocs` and a start function are evaluated if they are
//! straight-line code that stores known values. If they are anything else, they
//! run at the start, before the module's constructors.

use std::collections::BTreeSet;

use wasm_encoder::{ConstExpr, Encode};
use wasmparser::{Operator, ValType};

use crate::link::LinkError;
use crate::link::side::Side;
use crate::link::value::{Effects, Value, effects, expression};

/// What is known of a module before it runs.
pub(crate) struct Evaluation {
    /// For each global what reading it gives; none for the stack pointer.
    pub(crate) globals: Vec<Option<Reading>>,
    /// Bytes after `__memory_base` that hold a value, in order.
    pub(crate) stores: Vec<(u32, Value)>,
    /// Functions that have nothing left to do.
    pub(crate) emptied: BTreeSet<u32>,
    /// Functions to call at the start, in order.
    pub(crate) start: Vec<u32>,
    /// Encodings of the globals that the linked module needs.
    pub(crate) added_globals: Vec<Vec<u8>>,
}

/// What reading a global gives.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reading {
    Constant(Value),
    /// A global that changes, or of another type than i32: its place among the added ones.
    Added(u32),
}

/// Evaluates what can be evaluated.
pub(crate) fn evaluate(side: &Side<'_>) -> Result<Evaluation, LinkError> {
    let uses = Uses::new(side)?;
    let mut values = initial_values(side);
    let mut evaluated = Evaluation {
        globals: Vec::new(),
        stores: Vec::new(),
        emptied: BTreeSet::new(),
        start: Vec::new(),
        added_globals: Vec::new(),
    };
    let relocations = side.exported_function("__wasm_apply_data_relocs");
    for function in side.module.start.into_iter().chain(relocations) {
        if !side.is_procedure(function) {
            return Err(
                side.unsupported("has a start function that is imported or has parameters or results")
            );
        }
        let body = side.module.body(function);
        let found = body.and_then(|body| effects(body, &values));
        match found.filter(|effects| !uses.referred.contains(&function) && can_apply(side, effects)) {
            Some(effects) => {
                for (global, value) in effects.sets {
                    values[global as usize] = Some(value);
                }
                evaluated.stores.extend(effects.stores);
                evaluated.emptied.insert(function);
            }
            None => evaluated.start.push(function),
        }
    }
    let constructors = side
        .exported_function("__wasm_call_ctors")
        .or_else(|| side.exported_function("_initialize"));
    if let Some(constructors) = constructors {
        if !side.is_procedure(constructors) {
            return Err(side.unsupported("has constructors that take parameters or give results"));
        }
        if !is_empty(side, constructors)? {
            evaluated.start.push(constructors);
        }
    }
    let uses = Uses::without(side, &evaluated.emptied)?;
    evaluated.read_globals(side, &values, &uses)?;
    Ok(evaluated)
}

/// The values of globals at the start.
fn initial_values(side: &Side<'_>) -> Vec<Option<Value>> {
    let imports = side.globals.iter().zip(0..).map(|(import, index)| {
        let is_address = matches!(import.module, "GOT.mem" | "GOT.func");
        import.base().or(is_address.then_some(Value::Import(index, 0)))
    });
    let mut values: Vec<Option<Value>> = imports.collect();
    for global in &side.module.globals[side.globals.len()..] {
        let init = global.init.as_ref().filter(|_| global.value_type == ValType::I32);
        values.push(init.and_then(|init| expression(init, &values)));
    }
    values
}

/// The effects are on what is the module's own.
fn can_apply(side: &Side<'_>, effects: &Effects) -> bool {
    let own = side.globals.len();
    effects.sets.iter().all(|(global, _)| *global as usize >= own)
        && effects
            .stores
            .iter()
            .all(|(offset, _)| side.segment_at(*offset).is_some())
}

fn is_empty(side: &Side<'_>, function: u32) -> Result<bool, LinkError> {
    let Some(body) = side.module.body(function) else {
        return Ok(false);
    };
    let mut operators = body
        .get_operators_reader()
        .map_err(|source| side.invalid(source))?;
    let first = operators.read().map_err(|source| side.invalid(source))?;
    Ok(matches!(first, Operator::End) && operators.eof())
}

impl Evaluation {
    fn read_globals(
        &mut self,
        side: &Side<'_>,
        values: &[Option<Value>],
        uses: &Uses,
    ) -> Result<(), LinkError> {
        for (index, value) in values.iter().enumerate() {
            let global = index as u32;
            let is_own = index >= side.globals.len();
            let is_set = uses.set.contains(&global);
            if !is_own && is_set && value.is_some() {
                return Err(side.unsupported("changes an address that it imports"));
            }
            let reading = match value {
                Some(value) if !is_set => Some(Reading::Constant(*value)),
                _ if !is_own => None,
                _ if !is_set && !uses.read.contains(&global) => Some(Reading::Constant(Value::Number(0))),
                Some(Value::Number(number)) => Some(self.add(changing_number(*number))),
                Some(_) => return Err(side.unsupported("changes a global that holds an address")),
                None => Some(self.add(plain_global(side, index)?)),
            };
            self.globals.push(reading);
        }
        Ok(())
    }

    fn add(&mut self, encoding: Vec<u8>) -> Reading {
        self.added_globals.push(encoding);
        Reading::Added(self.added_globals.len() as u32 - 1)
    }
}

fn changing_number(number: u32) -> Vec<u8> {
    let mut encoding = Vec::new();
    wasm_encoder::GlobalType {
        val_type: wasm_encoder::ValType::I32,
        mutable: true,
        shared: false,
    }
    .encode(&mut encoding);
    ConstExpr::i32_const(number as i32).encode(&mut encoding);
    encoding
}

/// The encoding of a global that starts from a number.
fn plain_global(side: &Side<'_>, index: usize) -> Result<Vec<u8>, LinkError> {
    let global = &side.module.globals[index];
    let mut operators = match &global.init {
        Some(init) => init.get_operators_reader(),
        None => return Err(side.unsupported("imports a global that cannot be linked")),
    };
    let is_number = matches!(
        operators.read(),
        Ok(Operator::I32Const { .. }
            | Operator::I64Const { .. }
            | Operator::F32Const { .. }
            | Operator::F64Const { .. }
            | Operator::V128Const { .. })
    ) && matches!(operators.read(), Ok(Operator::End));
    match is_number {
        true => Ok(side.module.bytes[global.encoding.clone()].to_vec()),
        false => Err(side.unsupported(format!(
            "has the global {index}, whose initial value is not a number"
        ))),
    }
}

/// What the code of a module names.
#[derive(Default)]
struct Uses {
    read: BTreeSet<u32>,
    set: BTreeSet<u32>,
    /// Functions that code calls, or whose address is taken.
    referred: BTreeSet<u32>,
}

impl Uses {
    fn new(side: &Side<'_>) -> Result<Self, LinkError> {
        Self::without(side, &BTreeSet::new())
    }

    fn without(side: &Side<'_>, emptied: &BTreeSet<u32>) -> Result<Self, LinkError> {
        let mut uses = Self::default();
        for element in &side.elements {
            uses.referred.extend(&element.functions);
        }
        for (function, body) in (side.module.imported_functions..).zip(&side.module.bodies) {
            if emptied.contains(&function) {
                continue;
            }
            let operators = body
                .get_operators_reader()
                .map_err(|source| side.invalid(source))?;
            for operator in operators {
                match operator.map_err(|source| side.invalid(source))? {
                    Operator::GlobalGet { global_index } => uses.read.insert(global_index),
                    Operator::GlobalSet { global_index } => uses.set.insert(global_index),
                    Operator::Call { function_index }
                    | Operator::ReturnCall { function_index }
                    | Operator::RefFunc { function_index } => uses.referred.insert(function_index),
                    _ => continue,
                };
            }
        }
        Ok(uses)
    }
}
