//! Evaluates the conditions that are known before the program runs: comparisons of `sys.platform`,
//! `os.name`, `sys.version_info` and similar names, `TYPE_CHECKING`, and names that hold the result of
//! one. Anything else is unknown, which is always a safe answer.

use std::cell::Cell;

use pywasm_target::Target;
use ruff_python_ast::{
    BoolOp, CmpOp, Expr, ExprCompare, InterpolatedStringElement, Number, Operator, UnaryOp,
};

use crate::bindings::{Bindings, Meaning};
use crate::input::{FileKind, ScanInput};
use crate::platform;
use crate::value::{Value, compare_values};

/// The name that is true only for type checkers.
const TYPE_CHECKING: &str = "TYPE_CHECKING";

/// A value, and whether it comes from the platform. Only such a value is trusted when a name holds it,
/// since other code may set a name that holds a plain literal.
struct ConstantValue {
    value: Value,
    platform: bool,
}

impl ConstantValue {
    fn from_literal(value: Value) -> Option<Self> {
        Some(Self {
            value,
            platform: false,
        })
    }

    fn from_platform(value: Value) -> Option<Self> {
        Some(Self {
            value,
            platform: true,
        })
    }
}

/// Through how many names the evaluation of one condition goes.
const DEEPEST: u32 = 16;

/// How many expressions the evaluation of one condition looks at. Names that stand for several others each
/// have exponentially many.
const MOST_STEPS: u32 = 20_000;

/// Longer texts count as unknown in conditions, in bytes.
const LONGEST_WORD: usize = 4096;

/// Longer texts that are put together count as unknown, in bytes.
const LONGEST_TEXT: usize = 1 << 16;

/// How deep an evaluation is, and how many steps it may still take.
#[derive(Clone, Copy)]
struct Steps<'s> {
    depth: u32,
    left: &'s Cell<u32>,
}

impl Steps<'_> {
    /// Goes into an expression. `None` if that is too deep or too much.
    fn enter(self) -> Option<Self> {
        let left = self.left.get().checked_sub(1)?;
        self.left.set(left);
        let depth = self.depth + 1;
        (self.depth <= DEEPEST).then_some(Self { depth, ..self })
    }
}

/// The evaluator of one file.
#[derive(Clone, Copy)]
pub(crate) struct Constants<'a> {
    pub(crate) target: Target,
    pub(crate) bindings: &'a Bindings<'a>,
    /// Whether the file runs as `__main__`.
    pub(crate) is_main: bool,
    /// The file, where its own name matters.
    pub(crate) input: Option<ScanInput<'a>>,
}

impl<'a> Constants<'a> {
    /// Whether the condition holds; `None` if only a run can show it.
    pub(crate) fn truth(&self, expr: &Expr) -> Option<bool> {
        let left = &Cell::new(MOST_STEPS);
        let known = self.eval(expr, Steps { depth: 0, left });
        known.map(|known| known.value.truth())
    }

    /// Gives all texts that the expression can have, also through names and loops over literals. If they
    /// are not known, `Err` gives the text that they start with.
    pub(crate) fn texts(&self, expr: &Expr) -> Result<Vec<String>, String> {
        let left = &Cell::new(MOST_STEPS);
        self.texts_at(expr, Steps { depth: 0, left })
    }

    fn texts_at(&self, expr: &Expr, steps: Steps<'_>) -> Result<Vec<String>, String> {
        let unknown = Err(String::new());
        let Some(steps) = steps.enter() else {
            return unknown;
        };
        match expr {
            Expr::StringLiteral(literal) => Ok(vec![literal.value.to_str().to_owned()]),
            Expr::Name(name) if matches!(name.id.as_str(), "__name__" | "__package__") => self
                .own_name(name.id.as_str())
                .map_or(unknown, |name| Ok(vec![name])),
            Expr::Attribute(attribute) if attribute.attr.as_str() == "__name__" => {
                match self.dotted_name(&attribute.value) {
                    Some(dotted) if !dotted.starts_with('.') && dotted.contains('.') => Ok(vec![dotted]),
                    _ => unknown,
                }
            }
            Expr::Attribute(attribute)
                if matches!(attribute.attr.as_str(), "name" | "parent")
                    && matches!(attribute.value.as_ref(), Expr::Name(name) if name.id.as_str() == "__spec__") =>
            {
                let own = match attribute.attr.as_str() {
                    "name" => "__name__",
                    _ => "__package__",
                };
                self.own_name(own).map_or(unknown, |name| Ok(vec![name]))
            }
            Expr::Name(name) => match self.bindings.meaning(&name.id) {
                Some(Meaning::Assigned(value)) => self.texts_at(value, steps),
                Some(Meaning::EachOf(values)) => {
                    let mut texts = Vec::new();
                    for value in *values {
                        texts.extend(self.texts_at(value, steps).map_err(|_| String::new())?);
                    }
                    Ok(texts)
                }
                _ => unknown,
            },
            Expr::If(choice) => {
                let mut texts = self.texts_at(&choice.body, steps)?;
                texts.extend(self.texts_at(&choice.orelse, steps).map_err(|_| String::new())?);
                Ok(texts)
            }
            Expr::BinOp(binary) if binary.op == Operator::Add => {
                let left = self.texts_at(&binary.left, steps)?;
                join(left, self.texts_at(&binary.right, steps))
            }
            Expr::BinOp(binary) if binary.op == Operator::Mod => match binary.left.as_ref() {
                Expr::StringLiteral(format) => Err(start(format.value.to_str(), '%')),
                _ => unknown,
            },
            Expr::Call(call) => match call.func.as_ref() {
                Expr::Attribute(method) if method.attr.as_str() == "join" => {
                    let parts = match call.arguments.args.first() {
                        Some(Expr::List(list)) => &list.elts[..],
                        Some(Expr::Tuple(tuple)) => &tuple.elts[..],
                        _ => return unknown,
                    };
                    let between = self.texts_at(&method.value, steps)?;
                    let mut texts = vec![String::new()];
                    for (at, part) in parts.iter().enumerate() {
                        if at > 0 {
                            texts = join(texts, Ok(between.clone()))?;
                        }
                        texts = join(texts, self.texts_at(part, steps))?;
                    }
                    Ok(texts)
                }
                Expr::Attribute(method) if method.attr.as_str() == "format" => match method.value.as_ref() {
                    Expr::StringLiteral(format) => Err(start(format.value.to_str(), '{')),
                    _ => unknown,
                },
                _ => unknown,
            },
            Expr::FString(string) => {
                let mut texts = vec![String::new()];
                for element in string.value.elements() {
                    let next = match element {
                        InterpolatedStringElement::Literal(literal) => Ok(vec![literal.value.to_string()]),
                        InterpolatedStringElement::Interpolation(part)
                            if part.format_spec.is_none() && part.conversion.is_none() =>
                        {
                            self.texts_at(&part.expression, steps)
                        }
                        InterpolatedStringElement::Interpolation(_) => Err(String::new()),
                    };
                    texts = join(texts, next)?;
                }
                Ok(texts)
            }
            _ => unknown,
        }
    }

    /// Gives the file's `__name__` or `__package__`, if it is always the same.
    fn own_name(&self, attribute: &str) -> Option<String> {
        let input = self.input.filter(|_| !self.bindings.is_bound(attribute))?;
        match (attribute, input.kind) {
            ("__name__", _) | (_, FileKind::Package) if !self.is_main => Some(input.name.to_owned()),
            ("__name__", _) => None,
            _ => input.absolute_name(1, ""),
        }
    }

    /// Whether the name is that of a function or class of the file, and of nothing else.
    pub(crate) fn is_defined(&self, name: &str) -> bool {
        self.bindings.is_defined(name)
    }

    /// Gives the dotted name that the expression stands for, with import aliases resolved:
    /// `_sys.platform` after `import sys as _sys` is `sys.platform`.
    pub(crate) fn dotted_name(&self, expr: &Expr) -> Option<String> {
        self.dotted_name_at(expr, 0)
    }

    fn dotted_name_at(&self, expr: &Expr, depth: u32) -> Option<String> {
        match expr {
            Expr::Name(name) => match self.bindings.get(&name.id) {
                Some(Some(Meaning::Imported(dotted))) => Some(dotted.clone()),
                Some(_) => None,
                // Not bound in this file: a builtin, or one that a star import brought.
                None => Some(name.id.to_string()),
            },
            Expr::Attribute(attribute) if depth < DEEPEST => {
                let mut dotted = self.dotted_name_at(&attribute.value, depth + 1)?;
                dotted.push('.');
                dotted.push_str(&attribute.attr);
                Some(dotted)
            }
            _ => None,
        }
    }

    fn eval(&self, expr: &Expr, steps: Steps<'_>) -> Option<ConstantValue> {
        let steps = steps.enter()?;
        let deeper = |expr| self.eval(expr, steps);
        match expr {
            Expr::BooleanLiteral(literal) => ConstantValue::from_literal(Value::Bool(literal.value)),
            Expr::NumberLiteral(literal) => match &literal.value {
                Number::Int(int) => ConstantValue::from_literal(Value::Number(int.as_i64()?)),
                _ => None,
            },
            Expr::StringLiteral(literal) => {
                let text = literal.value.to_str();
                let text = (text.len() <= LONGEST_WORD).then(|| text.to_owned())?;
                ConstantValue::from_literal(Value::Text(text))
            }
            Expr::Tuple(tuple) => self.sequence(&tuple.elts, steps),
            Expr::List(list) => self.sequence(&list.elts, steps),
            Expr::Set(set) => self.sequence(&set.elts, steps),
            Expr::Name(name) => self.name(expr, &name.id, steps),
            // Nothing else has that name, whatever is before it.
            Expr::Attribute(attribute) if &*attribute.attr == TYPE_CHECKING => {
                ConstantValue::from_platform(Value::Bool(false))
            }
            Expr::Attribute(_) => {
                ConstantValue::from_platform(platform::name_value(self.target, &self.dotted_name(expr)?)?)
            }
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
                let known = deeper(&unary.operand)?;
                Some(ConstantValue {
                    value: Value::Bool(!known.value.truth()),
                    platform: known.platform,
                })
            }
            Expr::BoolOp(bool_op) => self.bool_op(bool_op.op, &bool_op.values, steps),
            Expr::BinOp(binary) => {
                let (left, right) = (deeper(&binary.left)?, deeper(&binary.right)?);
                let (a, b) = (left.value.number()?, right.value.number()?);
                let value = match binary.op {
                    Operator::Add => a.checked_add(b)?,
                    Operator::Sub => a.checked_sub(b)?,
                    Operator::Pow => a.checked_pow(u32::try_from(b).ok()?)?,
                    Operator::LShift => {
                        let b = u32::try_from(b).ok().filter(|b| *b < 62)?;
                        a.checked_mul(1i64 << b)?
                    }
                    _ => return None,
                };
                let platform = left.platform || right.platform;
                Some(ConstantValue {
                    value: Value::Number(value),
                    platform,
                })
            }
            Expr::If(choice) => {
                let test = deeper(&choice.test)?;
                let chosen = deeper(if test.value.truth() {
                    &choice.body
                } else {
                    &choice.orelse
                })?;
                Some(ConstantValue {
                    platform: chosen.platform || test.platform,
                    value: chosen.value,
                })
            }
            Expr::Compare(compare) if self.asks_for_main(compare) => {
                let same = compare.ops.first() == Some(&CmpOp::Eq);
                ConstantValue::from_platform(Value::Bool(same == self.is_main))
            }
            Expr::Compare(compare) => {
                let mut left = deeper(&compare.left)?;
                let mut platform = left.platform;
                for (op, right) in compare.ops.iter().zip(compare.comparators.iter()) {
                    let right = deeper(right)?;
                    platform |= right.platform;
                    if !compare_values(*op, &left.value, &right.value)? {
                        return Some(ConstantValue {
                            value: Value::Bool(false),
                            platform,
                        });
                    }
                    left = right;
                }
                Some(ConstantValue {
                    value: Value::Bool(true),
                    platform,
                })
            }
            Expr::Subscript(subscript) => {
                let base = deeper(&subscript.value)?;
                let value = self.subscript(&base.value, &subscript.slice, steps)?;
                Some(ConstantValue {
                    value,
                    platform: base.platform,
                })
            }
            Expr::Call(call) => self.call(call, steps),
            _ => None,
        }
    }

    fn name(&self, expr: &Expr, name: &str, steps: Steps<'_>) -> Option<ConstantValue> {
        // `TYPE_CHECKING = False` is an idiom to save the import of `typing`.
        if name == TYPE_CHECKING {
            return ConstantValue::from_platform(Value::Bool(false));
        }
        // A package's setup script sets `__NUMPY_SETUP__` and its like while it is built.
        if name.starts_with("__") && name.ends_with("_SETUP__") {
            return ConstantValue::from_platform(Value::Bool(false));
        }
        match self.bindings.meaning(name) {
            Some(Meaning::Imported(dotted)) => {
                ConstantValue::from_platform(platform::name_value(self.target, dotted)?)
            }
            Some(Meaning::Assigned(value)) => self.eval(value, steps).filter(|known| known.platform),
            Some(Meaning::EachOf(_)) => None,
            None if self.bindings.is_bound(name) => None,
            None => match name {
                "__debug__" => ConstantValue::from_platform(Value::Bool(true)),
                _ => {
                    ConstantValue::from_platform(platform::name_value(self.target, &self.dotted_name(expr)?)?)
                }
            },
        }
    }

    /// Whether the comparison is `__name__ == "__main__"` or `!=`, in either order.
    fn asks_for_main(&self, compare: &ExprCompare) -> bool {
        let ([CmpOp::Eq | CmpOp::NotEq], [right]) = (&*compare.ops, &*compare.comparators) else {
            return false;
        };
        let name = |expr: &Expr| {
            matches!(expr, Expr::Name(name) if name.id == "__name__") && !self.bindings.is_bound("__name__")
        };
        let main =
            |expr: &Expr| matches!(expr, Expr::StringLiteral(text) if text.value.to_str() == "__main__");
        (name(&compare.left) && main(right)) || (main(&compare.left) && name(right))
    }

    fn sequence(&self, elements: &[Expr], steps: Steps<'_>) -> Option<ConstantValue> {
        let mut values = Vec::with_capacity(elements.len());
        let mut platform = false;
        for element in elements {
            let known = self.eval(element, steps)?;
            platform |= known.platform;
            values.push(known.value);
        }
        Some(ConstantValue {
            value: Value::Tuple(values),
            platform,
        })
    }

    /// Evaluates `and` and `or`. One operand that decides is enough, wherever it is.
    fn bool_op(&self, op: BoolOp, operands: &[Expr], steps: Steps<'_>) -> Option<ConstantValue> {
        let decides = op == BoolOp::Or;
        let mut unknown = false;
        let mut platform = false;
        for operand in operands {
            match self.eval(operand, steps) {
                Some(known) if known.value.truth() == decides => {
                    return Some(ConstantValue {
                        value: Value::Bool(decides),
                        platform: known.platform,
                    });
                }
                Some(known) => platform |= known.platform,
                None => unknown = true,
            }
        }
        if unknown {
            None
        } else {
            Some(ConstantValue {
                value: Value::Bool(!decides),
                platform,
            })
        }
    }

    fn subscript(&self, base: &Value, slice: &Expr, steps: Steps<'_>) -> Option<Value> {
        let index = |value: Value, length: usize| {
            let number = value.number()?;
            let length = i64::try_from(length).ok()?;
            usize::try_from(if number < 0 { number + length } else { number }).ok()
        };
        if let Expr::Slice(slice) = slice {
            if slice.step.is_some() {
                return None;
            }
            let bound = |expr: &Option<Box<Expr>>, length: usize, default: usize| match expr {
                None => Some(default),
                Some(expr) => Some(index(self.eval(expr, steps)?.value, length)?.min(length)),
            };
            return match base {
                Value::Text(text) => {
                    let characters: Vec<char> = text.chars().collect();
                    let length = characters.len();
                    let (from, to) = (
                        bound(&slice.lower, length, 0)?,
                        bound(&slice.upper, length, length)?,
                    );
                    Some(Value::Text(characters.get(from..to.max(from))?.iter().collect()))
                }
                Value::Tuple(values) => {
                    let length = values.len();
                    let (from, to) = (
                        bound(&slice.lower, length, 0)?,
                        bound(&slice.upper, length, length)?,
                    );
                    Some(Value::Tuple(values.get(from..to.max(from))?.to_vec()))
                }
                _ => None,
            };
        }
        let at = self.eval(slice, steps)?.value;
        match base {
            Value::Tuple(values) => values.get(index(at, values.len())?).cloned(),
            _ => None,
        }
    }

    fn call(&self, call: &ruff_python_ast::ExprCall, steps: Steps<'_>) -> Option<ConstantValue> {
        if !call.arguments.keywords.is_empty() {
            return None;
        }
        let arguments = &call.arguments.args;
        if arguments.is_empty()
            && let Some(value) = self
                .dotted_name(&call.func)
                .and_then(|name| platform::call_value(&name))
        {
            return ConstantValue::from_platform(value);
        }
        let Expr::Attribute(method) = call.func.as_ref() else {
            return None;
        };
        let base = self.eval(&method.value, steps)?;
        let Value::Text(text) = &base.value else {
            return None;
        };
        let value = match (method.attr.as_str(), arguments.as_ref()) {
            ("lower", []) => Value::Text(text.to_lowercase()),
            ("upper", []) => Value::Text(text.to_uppercase()),
            (method @ ("startswith" | "endswith"), [affix]) => {
                let affixes = match self.eval(affix, steps)?.value {
                    Value::Tuple(values) => values,
                    single => vec![single],
                };
                let fits = |affix: &Value| match affix {
                    Value::Text(affix) if method == "startswith" => Some(text.starts_with(affix)),
                    Value::Text(affix) => Some(text.ends_with(affix)),
                    _ => None,
                };
                let mut any = false;
                for affix in &affixes {
                    any |= fits(affix)?;
                }
                Value::Bool(any)
            }
            _ => return None,
        };
        Some(ConstantValue {
            value,
            platform: base.platform,
        })
    }
}

/// More combinations than this count as unknown.
const MOST_TEXTS: usize = 256;

/// Joins each of the left texts with each of the right ones.
fn join(left: Vec<String>, right: Result<Vec<String>, String>) -> Result<Vec<String>, String> {
    let single = |suffix: &str| match left.as_slice() {
        [only] => format!("{only}{suffix}"),
        _ => String::new(),
    };
    match right {
        Err(prefix) => Err(single(&prefix)),
        Ok(right) if left.len() * right.len() > MOST_TEXTS => Err(String::new()),
        Ok(right) if longest(&left) + longest(&right) > LONGEST_TEXT => Err(String::new()),
        Ok(right) => Ok(left
            .iter()
            .flat_map(|left| right.iter().map(move |right| format!("{left}{right}")))
            .collect()),
    }
}

fn longest(texts: &[String]) -> usize {
    texts.iter().map(String::len).max().unwrap_or(0)
}

/// Gives the text before the first mark of a format.
fn start(format: &str, mark: char) -> String {
    format.split(mark).next().unwrap_or_default().to_owned()
}
