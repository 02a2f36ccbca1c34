//! Defines the values of constant expressions, and compares them.

use ruff_python_ast::CmpOp;

/// A value that is known before the program runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Bool(bool),
    Number(i64),
    Text(String),
    Tuple(Vec<Value>),
    /// `sys.builtin_module_names`, which has `posix` and not `nt`.
    BuiltinNames,
}

impl Value {
    /// Whether the value counts as true.
    pub(crate) fn truth(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0,
            Self::Text(text) => !text.is_empty(),
            Self::Tuple(values) => !values.is_empty(),
            Self::BuiltinNames => true,
        }
    }

    /// Gives the value as a number, if it is one.
    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Self::Bool(value) => Some(i64::from(*value)),
            Self::Number(value) => Some(*value),
            _ => None,
        }
    }
}

/// Compares two values. `None` if the result is not known.
pub(crate) fn compare_values(op: CmpOp, left: &Value, right: &Value) -> Option<bool> {
    Some(match op {
        CmpOp::Eq | CmpOp::Is => equal(left, right),
        CmpOp::NotEq | CmpOp::IsNot => !equal(left, right),
        CmpOp::Lt => order(left, right)?.is_lt(),
        CmpOp::LtE => order(left, right)?.is_le(),
        CmpOp::Gt => order(left, right)?.is_gt(),
        CmpOp::GtE => order(left, right)?.is_ge(),
        CmpOp::In => contains(right, left)?,
        CmpOp::NotIn => !contains(right, left)?,
    })
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

fn contains(container: &Value, element: &Value) -> Option<bool> {
    match (container, element) {
        (Value::Tuple(values), element) => Some(values.iter().any(|value| equal(value, element))),
        (Value::BuiltinNames, Value::Text(name)) => match name.as_str() {
            "posix" => Some(true),
            "nt" => Some(false),
            _ => None,
        },
        (Value::Text(text), Value::Text(part)) => Some(text.contains(part.as_str())),
        _ => None,
    }
}

fn order(left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Tuple(left), Value::Tuple(right)) => {
            for (left, right) in left.iter().zip(right) {
                if !equal(left, right) {
                    return order(left, right);
                }
            }
            Some(left.len().cmp(&right.len()))
        }
        _ => Some(left.number()?.cmp(&right.number()?)),
    }
}
