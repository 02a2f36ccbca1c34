//! Notes the uses in a file that lead to the interpreter's compiler: `eval` and similar builtins,
//! functions of the standard library that hand text to them, and the type constructors of `typing`,
//! which compile an annotation that is a string.
//!
//! Each use is a fact, with whether it can still occur after the module's top level has run. A use in a
//! function can, and so can one that the top level keeps as a value under another name. A call or a
//! decorator at the top level cannot.

use ruff_python_ast::{self as ast, Expr};

use crate::bindings::Meaning;
use crate::facts::{BUILTINS, DECORATORS, DELETES_MODULES, TEXT};
use crate::import::When;
use crate::input::Owner;
use crate::statements::Scanner;

/// What happens with an expression's value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Position {
    /// Anything.
    #[default]
    Value,
    /// It is called.
    Called,
    /// It decorates, or the call of it does.
    Decorates,
    /// It is the base of a class, or another of its arguments.
    Inherited,
    /// It is part of a type: an annotation, a subscript, the argument of `isinstance`.
    Type,
}

/// Names of `typing` that make a type of their arguments, and compile those that are strings.
const FORMS: &[&str] = &[
    "Annotated",
    "AsyncContextManager",
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "Awaitable",
    "Callable",
    "ChainMap",
    "ClassVar",
    "Collection",
    "Concatenate",
    "Container",
    "ContextManager",
    "Coroutine",
    "Counter",
    "DefaultDict",
    "Deque",
    "Dict",
    "Final",
    "FrozenSet",
    "Generator",
    "Generic",
    "IO",
    "ItemsView",
    "Iterable",
    "Iterator",
    "KeysView",
    "List",
    "Mapping",
    "MappingView",
    "Match",
    "MutableMapping",
    "MutableSequence",
    "MutableSet",
    "NotRequired",
    "Optional",
    "OrderedDict",
    "ParamSpec",
    "Pattern",
    "Protocol",
    "ReadOnly",
    "Required",
    "Reversible",
    "Sequence",
    "Set",
    "SupportsAbs",
    "SupportsRound",
    "Tuple",
    "Type",
    "TypeAliasType",
    "TypeGuard",
    "TypeIs",
    "TypeVar",
    "TypeVarTuple",
    "Union",
    "Unpack",
    "ValuesView",
];

/// Functions that have the same name as a watched one.
const OTHERS: &[&str] = &["atexit.register", "codecs.register"];

impl<'a> Scanner<'a> {
    /// Notes a fact. `over` says that a use at the top level ends with the top level.
    fn use_fact(&mut self, fact: &str, over: bool) {
        if self.unevaluated || !self.input.rules.watched.contains(fact) {
            return;
        }
        let lasts = self.context.when == When::Call || self.later > 0 || !over;
        let uses = &mut self.scan.units[self.context.unit].uses;
        *uses.entry(fact.to_owned()).or_default() |= lasts;
    }

    /// Notes the use of a name or attribute.
    pub(crate) fn use_name(&mut self, expr: &'a Expr, name: &str, position: Position) {
        let dotted = self.constants.dotted_name(expr);
        let path = dotted.as_deref().unwrap_or(name);
        // The last two parts: the module and the name in it.
        let tail = path
            .rmatch_indices('.')
            .nth(1)
            .map_or(path, |(at, _)| &path[at + 1..]);
        let real = path.rsplit('.').next().unwrap_or(path);
        let names = match OTHERS.contains(&path) {
            true => &[][..],
            false => &[name, real],
        };
        for &name in names {
            let over = match DECORATORS.contains(&name) {
                true => position == Position::Decorates,
                false => position != Position::Value,
            };
            self.use_fact(name, over);
        }
        self.use_fact(tail, position != Position::Value);
        let builtin = match expr {
            Expr::Name(id) => !self.constants.bindings.is_bound(&id.id),
            _ => matches!(path.rsplit_once('.'), Some(("builtins" | "__builtins__", _))),
        };
        if builtin {
            let fact = format!("builtin {real}");
            if expr.is_name_expr() || BUILTINS.contains(&fact.as_str()) {
                self.mention_fact(&fact);
            }
            self.use_fact(&fact, position == Position::Called);
        }
        if self.is_form(expr, real, dotted.as_deref()) {
            let harmless = matches!(position, Position::Called | Position::Inherited | Position::Type);
            if !harmless {
                self.use_fact(TEXT, false);
            }
        }
    }

    /// Notes a string, which may be an attribute's name.
    pub(crate) fn use_text(&mut self, word: &str) {
        self.use_fact(word, false);
    }

    /// Notes that a name is imported under another one, which other files may use.
    pub(crate) fn use_renamed(&mut self, name: &str) {
        if self.input.owner == Owner::Program {
            self.use_fact(name, false);
        }
    }

    /// Notes what a call uses besides the function.
    pub(crate) fn use_call(&mut self, call: &'a ast::ExprCall) {
        let dotted = self.constants.dotted_name(&call.func);
        let arguments = &call.arguments;
        if dotted.as_deref() == Some("getattr")
            && let Some(Expr::StringLiteral(name)) = arguments.args.get(1)
        {
            let fact = format!("builtin {}", name.value.to_str());
            if BUILTINS.contains(&fact.as_str()) {
                self.mention_fact(&fact);
                self.use_fact(&fact, false);
            }
        }
        let name = last(&call.func);
        if let Some(name) = name
            && self.is_form(&call.func, name, dotted.as_deref())
        {
            let types = arguments.args.iter().skip(1);
            let mut types = types.chain(arguments.keywords.iter().map(|keyword| &keyword.value));
            if !types.all(|argument| self.is_plain(argument)) {
                self.use_fact(TEXT, true);
            }
        }
    }

    /// Notes a subscript.
    pub(crate) fn use_subscript(&mut self, subscript: &'a ast::ExprSubscript) {
        let Some(name) = last(&subscript.value) else {
            return;
        };
        let dotted = self.constants.dotted_name(&subscript.value);
        let has_text = if self.is_form(&subscript.value, name, dotted.as_deref()) {
            !self.is_plain_slice(name, &subscript.slice)
        } else {
            // The name looks like that of a generic class of the program.
            let letters = || name.trim_start_matches('_').chars();
            letters().next().is_some_and(char::is_uppercase)
                && letters().any(char::is_lowercase)
                && name != "Literal"
                && holds_text(&subscript.slice)
        };
        if has_text {
            self.use_fact(TEXT, true);
        }
    }

    /// Notes `del sys.modules[...]`: a module that is imported again runs again.
    pub(crate) fn use_delete(&mut self, delete: &ast::StmtDelete) {
        for target in &delete.targets {
            if let Expr::Subscript(subscript) = target
                && self.constants.dotted_name(&subscript.value).as_deref() == Some("sys.modules")
            {
                self.use_fact(DELETES_MODULES, false);
            }
        }
    }

    /// Whether the expression may be one of [`FORMS`].
    fn is_form(&self, expr: &Expr, name: &str, dotted: Option<&str>) -> bool {
        let bindings = self.constants.bindings;
        let is_others = |module: &str| {
            let top = module.split('.').next().unwrap_or(module);
            // In the stdlib, a relative import is not one of `typing`.
            (top.is_empty() && self.input.owner == Owner::Stdlib)
                || (top != "typing" && self.input.rules.stdlib_names.contains(top))
        };
        FORMS.contains(&name)
            && match (dotted, expr) {
                (Some(path), Expr::Name(id)) if !bindings.is_bound(&id.id) => {
                    path == name && bindings.stars().iter().any(|module| !is_others(module))
                }
                (Some(path), _) => !is_others(path),
                // One of several imports.
                (None, Expr::Name(id)) => bindings.is_imported(&id.id),
                (None, _) => false,
            }
    }

    fn is_plain_slice(&self, name: &str, slice: &Expr) -> bool {
        match (name, slice) {
            ("Literal", _) => true,
            ("Annotated", Expr::Tuple(tuple)) => tuple.elts.first().is_none_or(|kind| self.is_plain(kind)),
            _ => self.is_plain(slice),
        }
    }

    /// Whether a part of a type is certainly not a string.
    fn is_plain(&self, expr: &Expr) -> bool {
        // Each part of a type takes a part of the stack.
        if self.constants.bindings.is_too_deep() {
            return false;
        }
        match expr {
            Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_) => true,
            Expr::Name(name) => {
                let bindings = self.constants.bindings;
                match bindings.meaning(&name.id) {
                    Some(Meaning::Imported(_)) => true,
                    Some(Meaning::Assigned(value)) => {
                        matches!(value, Expr::Call(_) | Expr::Subscript(_))
                    }
                    Some(Meaning::EachOf(_)) => false,
                    None => !bindings.is_bound(&name.id) || bindings.is_class(&name.id),
                }
            }
            Expr::Attribute(attribute) => {
                let root = root(&attribute.value);
                self.constants.dotted_name(expr).is_some()
                    || root.is_some_and(|name| self.constants.bindings.is_class(name))
            }
            Expr::Subscript(subscript) => {
                let name = last(&subscript.value).unwrap_or_default();
                self.is_plain(&subscript.value) && self.is_plain_slice(name, &subscript.slice)
            }
            Expr::Tuple(tuple) => tuple.elts.iter().all(|part| self.is_plain(part)),
            Expr::List(list) => list.elts.iter().all(|part| self.is_plain(part)),
            Expr::Starred(starred) => self.is_plain(&starred.value),
            Expr::BinOp(union) if union.op == ast::Operator::BitOr => {
                self.is_plain(&union.left) && self.is_plain(&union.right)
            }
            _ => false,
        }
    }

    /// Walks a decorator.
    pub(crate) fn walk_decorator(&mut self, decorator: &'a ast::Decorator) {
        match &decorator.expression {
            Expr::Call(call) => self.walk_call(call, Position::Decorates),
            other => self.walk_positioned(other, Position::Decorates),
        }
    }

    /// Walks a class's bases and keywords.
    pub(crate) fn walk_bases(&mut self, arguments: &'a ast::Arguments) {
        for base in &arguments.args {
            self.walk_positioned(base, Position::Inherited);
        }
        for keyword in &arguments.keywords {
            self.walk_positioned(&keyword.value, Position::Inherited);
        }
    }

    /// Walks an annotation. That of a function's variable is never evaluated.
    pub(crate) fn walk_annotation(&mut self, annotation: &'a Expr, of_variable: bool) {
        let outer = self.unevaluated;
        self.unevaluated |= self.defers_annotations || (of_variable && self.context.is_function());
        self.walk_positioned(annotation, Position::Type);
        self.unevaluated = outer;
    }

    /// Walks a declaration.
    pub(crate) fn walk_declaration(&mut self, declaration: &'a ast::StmtAnnAssign) {
        if let Some(value) = &declaration.value {
            self.walk_expression(value);
        }
        self.walk_annotation(&declaration.annotation, true);
        self.walk_expression(&declaration.target);
    }

    /// Notes `from __future__ import annotations`.
    pub(crate) fn note_future(&mut self, names: &[ast::Alias]) {
        self.defers_annotations |= names.iter().any(|alias| alias.name.as_str() == "annotations");
    }

    /// Walks an expression in a known position.
    pub(crate) fn walk_positioned(&mut self, expr: &'a Expr, position: Position) {
        self.position = position;
        self.walk_expression(expr);
        self.position = Position::Value;
    }
}

/// Gives the last part of a dotted expression.
fn last(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// Gives the first name of a dotted expression.
pub(crate) fn root(mut expr: &Expr) -> Option<&str> {
    while let Expr::Attribute(attribute) = expr {
        expr = &attribute.value;
    }
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        _ => None,
    }
}

/// Whether a subscript holds a string, itself or as one of several.
fn holds_text(slice: &Expr) -> bool {
    match slice {
        Expr::StringLiteral(_) | Expr::FString(_) => true,
        Expr::Tuple(tuple) => tuple.elts.iter().any(holds_text),
        Expr::List(list) => list.elts.iter().any(holds_text),
        Expr::BinOp(sum) => holds_text(&sum.left) || holds_text(&sum.right),
        _ => false,
    }
}
