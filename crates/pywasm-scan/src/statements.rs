//! Walks the statements of a file: which imports there are, in which order they run, and under which
//! circumstances: at import or in a function, caught or not, only on some systems. `try_statement.rs`
//! walks the statements that catch failures, and `expressions.rs` the expressions.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_source_file::LineIndex;
use ruff_text_size::Ranged;

use crate::constants::Constants;
use crate::import::{Condition, Form, Import, ImportTarget, Line, OnFailure, When};
use crate::input::ScanInput;
use crate::names::NameId;
use crate::scan::{Scan, Unit};
use crate::try_statement::is_import_error;
use crate::uses::Position;

/// The fact that a file has generic classes or functions by syntax.
const TYPE_PARAMETERS: &str = "syntax type parameters";

/// The circumstances under which the current statement runs.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) when: When,
    pub(crate) on_failure: OnFailure,
    pub(crate) condition: Condition,
    pub(crate) after: Vec<(usize, usize)>,
    pub(crate) instead: Vec<usize>,
    /// The `try` whose body this is, as long as nothing in between is conditional.
    pub(crate) attempt: Option<usize>,
    pub(crate) in_class: bool,
    /// The functions that have to be used for it to run, with the classes around them.
    pub(crate) gates: Vec<NameId>,
    /// The same names and those of the classes whose body this is, which runs at once.
    pub(crate) scope: Vec<NameId>,
    /// The number of the unit that takes the names.
    pub(crate) unit: usize,
}

impl Context {
    /// The context of a file's first statement.
    pub(crate) fn top_level() -> Self {
        Self {
            when: When::Load,
            on_failure: OnFailure::Raise,
            condition: Condition::Always,
            after: Vec::new(),
            instead: Vec::new(),
            attempt: None,
            in_class: false,
            gates: Vec::new(),
            scope: Vec::new(),
            unit: 0,
        }
    }

    /// Whether this is a function's own body, and not that of a class in it.
    pub(crate) fn is_function(&self) -> bool {
        self.when == When::Call && !self.in_class
    }
}

/// The walker of one file.
pub(crate) struct Scanner<'a> {
    pub(crate) input: ScanInput<'a>,
    pub(crate) constants: Constants<'a>,
    pub(crate) lines: LineIndex,
    pub(crate) scan: Scan,
    pub(crate) context: Context,
    /// How deep the current expression is nested.
    pub(crate) depth: u32,
    /// What happens with the expression that is walked next.
    pub(crate) position: Position,
    /// Whether the current expression is never evaluated.
    pub(crate) unevaluated: bool,
    /// Whether no annotation of the file is evaluated.
    pub(crate) defers_annotations: bool,
    /// How many generators and the like are around the expression, which run later.
    pub(crate) later: u32,
    /// The functions around the current statement, from the outermost.
    pub(crate) functions: Vec<&'a ast::StmtFunctionDef>,
    /// The first call that lists some folder.
    pub(crate) lists: Option<Line>,
    /// Whether the file uses its own path.
    pub(crate) knows_its_folder: bool,
}

impl<'a> Scanner<'a> {
    pub(crate) fn line(&self, ranged: &impl Ranged) -> Line {
        Line::from_index(self.lines.line_index(ranged.range().start()))
    }

    /// Notes an import in the current context.
    pub(crate) fn note_import(&mut self, target: ImportTarget, line: Line, form: Form) {
        let after = self.requirements();
        if let Some(attempt) = self.context.attempt {
            self.scan.try_bodies[attempt].imports.push(target.clone());
        }
        let context = &self.context;
        self.scan.imports.push(Import {
            target,
            line,
            form,
            when: context.when,
            on_failure: context.on_failure,
            condition: context.condition,
            after,
            instead: context.instead.clone(),
            gates: context.gates.clone(),
        });
    }

    /// Lists the imports that have to succeed for the current statement to run.
    pub(crate) fn requirements(&self) -> Vec<(usize, usize)> {
        let mut after = self.context.after.clone();
        if let Some(attempt) = self.context.attempt {
            let done = self.scan.try_bodies[attempt].imports.len();
            if done > 0 {
                after.push((attempt, done));
            }
        }
        after
    }

    /// Walks with another context.
    pub(crate) fn within<T>(&mut self, context: Context, walk: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.context, context);
        let result = walk(self);
        self.context = outer;
        result
    }

    /// Makes the context of something that may not run.
    pub(crate) fn conditional_context(&self) -> Context {
        Context {
            condition: Condition::Unknown,
            after: self.requirements(),
            attempt: None,
            ..self.context.clone()
        }
    }

    /// Makes the context of a function's body. It runs later, so an enclosing `try` does not catch its
    /// failures.
    pub(crate) fn deferred_context(&self) -> Context {
        Context {
            when: When::Call,
            on_failure: OnFailure::Raise,
            condition: Condition::Always,
            after: self.requirements(),
            attempt: None,
            in_class: false,
            instead: self.context.instead.clone(),
            gates: self.context.gates.clone(),
            scope: self.context.scope.clone(),
            unit: self.context.unit,
        }
    }

    /// Walks statements. Returns whether control never gets past them.
    pub(crate) fn walk_block(&mut self, body: &'a [Stmt]) -> bool {
        for stmt in body {
            if self.walk_statement(stmt) {
                return true;
            }
        }
        false
    }

    fn walk_statement(&mut self, stmt: &'a Stmt) -> bool {
        match stmt {
            Stmt::Import(import) => {
                let line = self.line(import);
                for alias in &import.names {
                    self.mention_path(alias.name.as_str());
                    self.note_import(
                        ImportTarget::Module(alias.name.to_string()),
                        line,
                        Form::Statement,
                    );
                }
                false
            }
            Stmt::ImportFrom(import) => {
                self.note_import_from(import);
                false
            }
            Stmt::FunctionDef(function) => {
                self.walk_function(function);
                false
            }
            Stmt::ClassDef(class) => {
                for decorator in &class.decorator_list {
                    self.walk_decorator(decorator);
                }
                if let Some(arguments) = &class.arguments {
                    self.walk_bases(arguments);
                }
                if class.type_params.is_some() {
                    self.mention_fact(TYPE_PARAMETERS);
                }
                let mut context = Context {
                    in_class: true,
                    ..self.context.clone()
                };
                context
                    .scope
                    .extend(gate_name(&class.name, &class.decorator_list, self));
                self.within(context, |scanner| scanner.walk_block(&class.body));
                false
            }
            Stmt::If(branch) => self.walk_branch(branch),
            Stmt::Try(stmt) => self.walk_try(stmt),
            Stmt::With(with) => {
                self.walk_with(with);
                false
            }
            Stmt::For(stmt) => {
                self.walk_expression(&stmt.iter);
                self.walk_expression(&stmt.target);
                let maybe = self.conditional_context();
                self.within(maybe, |scanner| scanner.walk_block(&stmt.body));
                self.within(self.conditional_context(), |scanner| {
                    scanner.walk_block(&stmt.orelse)
                });
                false
            }
            Stmt::While(stmt) => {
                self.walk_expression(&stmt.test);
                match self.constants.truth(&stmt.test) {
                    Some(false) => return self.walk_block(&stmt.orelse),
                    Some(true) => {
                        self.walk_block(&stmt.body);
                    }
                    None => {
                        self.within(self.conditional_context(), |scanner| {
                            scanner.walk_block(&stmt.body)
                        });
                    }
                }
                self.within(self.conditional_context(), |scanner| {
                    scanner.walk_block(&stmt.orelse)
                });
                false
            }
            Stmt::Match(stmt) => {
                self.walk_expression(&stmt.subject);
                for case in &stmt.cases {
                    self.walk_pattern(&case.pattern);
                    if let Some(guard) = &case.guard {
                        self.walk_expression(guard);
                    }
                    self.within(self.conditional_context(), |scanner| {
                        scanner.walk_block(&case.body)
                    });
                }
                false
            }
            Stmt::TypeAlias(alias) => {
                self.mention_fact(TYPE_PARAMETERS);
                self.later += 1;
                self.walk_expression(&alias.value);
                self.later -= 1;
                false
            }
            Stmt::Delete(delete) => {
                self.use_delete(delete);
                self.walk_expressions(stmt);
                false
            }
            Stmt::Raise(raise) => {
                self.walk_expressions(stmt);
                if let Some(exception) = &raise.exc {
                    self.note_refusal(exception);
                }
                true
            }
            Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => {
                self.walk_expressions(stmt);
                true
            }
            Stmt::Assert(assert) => {
                self.walk_expressions(stmt);
                self.constants.truth(&assert.test) == Some(false)
            }
            Stmt::Assign(assign) if assign.targets.iter().any(is_all) => {
                self.walk_exports(&assign.value);
                false
            }
            Stmt::AugAssign(assign) if is_all(&assign.target) => false,
            Stmt::Assign(assign) => {
                self.note_lazy_attributes(assign);
                for target in &assign.targets {
                    self.note_named_value(target, &assign.value);
                }
                self.walk_expressions(stmt);
                false
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.note_named_value(&assign.target, value);
                }
                self.walk_declaration(assign);
                false
            }
            Stmt::AugAssign(assign) => {
                self.note_named_value(&assign.target, &assign.value);
                self.walk_expressions(stmt);
                false
            }
            Stmt::Expr(expr) => {
                // A docstring mentions nothing, and neither does `__all__.extend(...)`.
                let mute = match expr.value.as_ref() {
                    Expr::StringLiteral(_) => true,
                    Expr::Call(call) => {
                        matches!(call.func.as_ref(), Expr::Attribute(method) if is_all(&method.value))
                    }
                    _ => false,
                };
                if !mute {
                    self.walk_expressions(stmt);
                }
                is_exit(stmt, &self.constants)
            }
            _ => {
                self.walk_expressions(stmt);
                false
            }
        }
    }

    fn note_import_from(&mut self, import: &'a ast::StmtImportFrom) {
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        // Of `six.moves.queue`, the program uses the name `queue` of `six.moves`.
        if import.level == 0 {
            for part in module.split('.').skip(1) {
                self.mention_fact(part);
            }
        }
        let mut star = false;
        let mut names = Vec::new();
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                star = true;
            } else {
                self.mention(alias.name.as_str());
                if alias.asname.as_ref().is_some_and(|name| *name != alias.name) {
                    self.use_renamed(alias.name.as_str());
                }
                names.push(alias.name.to_string());
            }
        }
        if import.level == 0 && module == "__future__" {
            self.note_future(&import.names);
            // The compiler reads the statement, and it also imports the module.
            self.note_import(
                ImportTarget::Module("__future__".to_owned()),
                self.line(import),
                Form::Statement,
            );
            return;
        }
        let target = match self.input.absolute_name(import.level, module) {
            Some(module) => {
                for name in &names {
                    self.mention_command_line(&format!("{module}.{name}"));
                }
                if star {
                    self.mention_fact(&format!("star {module}"));
                }
                ImportTarget::Names { module, names, star }
            }
            None => ImportTarget::Beyond(format!("{}{module}", ".".repeat(import.level as usize))),
        };
        self.note_import(target, self.line(import), Form::Statement);
    }

    fn walk_function(&mut self, function: &'a ast::StmtFunctionDef) {
        for decorator in &function.decorator_list {
            self.walk_decorator(decorator);
        }
        self.walk_parameters(&function.parameters);
        if function.type_params.is_some() {
            self.mention_fact(TYPE_PARAMETERS);
        }
        if let Some(returns) = &function.returns {
            self.walk_annotation(returns, false);
        }
        let mut context = self.deferred_context();
        context
            .scope
            .extend(gate_name(&function.name, &function.decorator_list, self));
        if context.scope != context.gates {
            context.gates.clone_from(&context.scope);
            context.unit = self.scan.units.len();
            self.scan.units.push(Unit {
                gates: context.gates.clone(),
                ..Unit::default()
            });
        }
        self.functions.push(function);
        self.within(context, |scanner| scanner.walk_block(&function.body));
        self.functions.pop();
    }

    fn walk_branch(&mut self, branch: &'a ast::StmtIf) -> bool {
        let mut clauses: Vec<(Option<&'a Expr>, &'a [Stmt])> = vec![(Some(&branch.test), &branch.body)];
        clauses.extend(
            branch
                .elif_else_clauses
                .iter()
                .map(|clause| (clause.test.as_ref(), &clause.body[..])),
        );
        // As long as all conditions so far are false, it is certain which body runs.
        let mut certain = true;
        let mut all_stop = true;
        for (test, body) in clauses {
            let truth = match test {
                None => Some(true),
                Some(test) => {
                    self.walk_expression(test);
                    self.constants.truth(test)
                }
            };
            if truth == Some(false) {
                continue;
            }
            let last = truth == Some(true);
            let stops = if certain && last {
                self.walk_block(body)
            } else {
                self.within(self.conditional_context(), |scanner| scanner.walk_block(body))
            };
            all_stop &= stops;
            certain = false;
            if last {
                return all_stop;
            }
        }
        false
    }

    /// Notes that the import of the module fails, if this exception shows it.
    fn note_refusal(&mut self, exception: &Expr) {
        let context = &self.context;
        if context.when == When::Call
            || context.condition != Condition::Always
            || context.on_failure == OnFailure::Continue
            || context.in_class
        {
            return;
        }
        let (kind, arguments) = match exception {
            Expr::Call(call) => (call.func.as_ref(), &call.arguments.args[..]),
            other => (other, &[][..]),
        };
        if matches!(kind, Expr::Name(name) if is_import_error(&name.id)) {
            let text = arguments.first().and_then(|text| self.constants.texts(text).ok());
            let text = text
                .and_then(|texts| texts.into_iter().next())
                .unwrap_or_default();
            self.scan.refuses = Some(text);
        }
    }
}

/// Gives the name that the program has to use for a function or class to count as used. `None` if it
/// needs no name: Python itself calls methods such as `__init__`, and a decorator may keep its argument.
fn gate_name(name: &str, decorators: &[ast::Decorator], scanner: &Scanner<'_>) -> Option<NameId> {
    let harmless = |decorator: &ast::Decorator| {
        let function = match &decorator.expression {
            Expr::Call(call) => call.func.as_ref(),
            other => other,
        };
        let name = match function {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => "",
        };
        HARMLESS_DECORATORS.contains(&name)
    };
    if (name.starts_with("__") && name.ends_with("__")) || !decorators.iter().all(harmless) {
        return None;
    }
    if COMMAND_LINES.contains(&name) && scanner.context.scope.is_empty() {
        return Some(NameId::new(&format!("{}.{name}", scanner.input.name)));
    }
    Some(NameId::new(name))
}

/// Decorators that return the function or a wrapper of it, and do not keep it anywhere else.
const HARMLESS_DECORATORS: &[&str] = &[
    "_check_name",
    "_deprecated",
    "abstractmethod",
    "asynccontextmanager",
    "cache",
    "cached_property",
    "classmethod",
    "contextmanager",
    "coroutine",
    "dataclass",
    "deleter",
    "deprecated",
    "final",
    "getter",
    "lru_cache",
    "overload",
    "property",
    "recursive_repr",
    "setter",
    "staticmethod",
    "total_ordering",
    "wraps",
];

/// Functions that modules have for `python -m MODULE`. Programs have functions of these names too, so
/// the module's name has to be there as well.
pub(crate) const COMMAND_LINES: &[&str] = &[
    "_demo", "_main", "_script", "_test", "demo", "main", "test", "usage",
];

fn is_all(target: &Expr) -> bool {
    matches!(target, Expr::Name(name) if name.id == "__all__")
}

/// Whether the statement is a call of `sys.exit` or its like.
pub(crate) fn is_exit(stmt: &Stmt, constants: &Constants<'_>) -> bool {
    let Stmt::Expr(stmt) = stmt else { return false };
    let Expr::Call(call) = stmt.value.as_ref() else {
        return false;
    };
    let name = constants.dotted_name(&call.func);
    matches!(name.as_deref(), Some("sys.exit" | "exit" | "quit" | "os._exit"))
}
