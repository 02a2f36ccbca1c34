//! Evaluates straight-line code that the linker wrote into a shared module. The result is what it
//! stores, as values that depend only on where the module will be.
//!
//! `wasm-ld -shared` puts each pointer in the module's data, and each address in
//! a global, into a function that a dynamic linker calls:
//! `*(__memory_base + n) = __table_base + m`. The link has decided on those
//! bases, so the stores become data and the function becomes empty.

use wasmparser::{ConstExpr, FunctionBody, Operator, OperatorsReader};

/// A 32-bit value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Number(u32),
    /// That many bytes after `__memory_base`.
    Memory(u32),
    /// That many slots after `__table_base`.
    Table(u32),
    /// The imported global of that index (a `GOT` entry), and what is added to it.
    Import(u32, u32),
}

impl Value {
    fn plus(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => Some(Self::Number(a.wrapping_add(b))),
            (Self::Memory(a), Self::Number(b)) | (Self::Number(b), Self::Memory(a)) => {
                Some(Self::Memory(a.wrapping_add(b)))
            }
            (Self::Table(a), Self::Number(b)) | (Self::Number(b), Self::Table(a)) => {
                Some(Self::Table(a.wrapping_add(b)))
            }
            (Self::Import(global, a), Self::Number(b)) | (Self::Number(b), Self::Import(global, a)) => {
                Some(Self::Import(global, a.wrapping_add(b)))
            }
            _ => None,
        }
    }
}

/// What a function does.
#[derive(Default)]
pub(crate) struct Effects {
    /// Offset after `__memory_base`, and the four bytes stored there, in order.
    pub(crate) stores: Vec<(u32, Value)>,
    /// Globals that it sets, in order.
    pub(crate) sets: Vec<(u32, Value)>,
}

/// The value of a constant expression, given those of the globals; none if it is of another shape.
pub(crate) fn expression(expression: &ConstExpr<'_>, globals: &[Option<Value>]) -> Option<Value> {
    let (stack, _) = run(expression.get_operators_reader(), globals.to_vec())?;
    match stack.as_slice() {
        [value] => Some(*value),
        _ => None,
    }
}

/// The effects of a function without parameters; none if it does anything else.
pub(crate) fn effects(body: &FunctionBody<'_>, globals: &[Option<Value>]) -> Option<Effects> {
    let (stack, effects) = run(body.get_operators_reader().ok()?, globals.to_vec())?;
    stack.is_empty().then_some(effects)
}

fn run(mut operators: OperatorsReader<'_>, mut globals: Vec<Option<Value>>) -> Option<(Vec<Value>, Effects)> {
    let mut stack: Vec<Value> = Vec::new();
    let mut effects = Effects::default();
    loop {
        match operators.read().ok()? {
            Operator::I32Const { value } => stack.push(Value::Number(value as u32)),
            Operator::GlobalGet { global_index } => {
                stack.push((*globals.get(global_index as usize)?)?);
            }
            Operator::GlobalSet { global_index } => {
                let value = stack.pop()?;
                *globals.get_mut(global_index as usize)? = Some(value);
                effects.sets.push((global_index, value));
            }
            Operator::I32Add => {
                let (b, a) = (stack.pop()?, stack.pop()?);
                stack.push(a.plus(b)?);
            }
            Operator::I32Store { memarg } => {
                let (value, address) = (stack.pop()?, stack.pop()?);
                let offset = u32::try_from(memarg.offset).ok()?;
                let Value::Memory(at) = address.plus(Value::Number(offset))? else {
                    return None;
                };
                effects.stores.push((at, value));
            }
            Operator::Nop => {}
            Operator::End => return operators.eof().then_some((stack, effects)),
            _ => return None,
        }
    }
}
