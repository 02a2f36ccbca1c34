//! One file's text becomes what the resolver wants to know of it: its imports in the order of
//! the source, each with the circumstances under which it runs. Statements are walked here,
//! expressions in `expressions.rs`. Nothing is looked up on disk.

use std::collections::BTreeSet;

use ruff_python_ast::{self as ast, Expr, PythonVersion, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextSize};

use crate::bindings::Bindings;
use crate::constants::Constants;
use crate::names::NameId;
use crate::target::Target;

/// What an import statement or call asks for; names are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A module and, through it, its parents.
    Module(String),
    /// Names of a module, which may be its submodules; `star` for `*`.
    Names { module: String, names: Vec<String>, star: bool },
    /// A relative import that leaves the package; the text as written.
    Beyond(String),
}

/// One import.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) wanted: Wanted,
    pub(crate) line: u32,
    /// The file asks for it by a call, not by a statement.
    pub(crate) dynamic: bool,
    /// It runs when a function is called, not when the module is imported.
    pub(crate) lazy: bool,
    /// Something catches its failure.
    pub(crate) optional: bool,
    /// It stands under a condition that only a run can decide.
    pub(crate) conditional: bool,
    /// It runs only after the first so many imports of these attempts succeeded.
    pub(crate) after: Vec<(usize, usize)>,
    /// It runs only if one of the imports of these attempts failed.
    pub(crate) instead: Vec<usize>,
    /// It runs only if all of these names are used somewhere: those of the functions and classes
    /// that it stands in.
    pub(crate) gates: Vec<NameId>,
}

impl Import {
    /// Whether the module cannot be imported without it.
    pub(crate) fn is_certain(&self) -> bool {
        !self.lazy && !self.optional && !self.conditional && self.instead.is_empty()
    }
}

/// The body of a `try` that catches a failed import.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attempt {
    /// What it surely imports, in order.
    pub(crate) imports: Vec<Wanted>,
    /// Whether it does nothing else.
    pub(crate) only_imports: bool,
}

/// The names that a piece of a file mentions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unit {
    /// The names that have to be used for it to run.
    pub(crate) gates: Vec<NameId>,
    /// All names in it, each once.
    pub(crate) names: Vec<NameId>,
    /// Those among them that decide something.
    pub(crate) mentions: BTreeSet<String>,
}

/// An import whose name only a run can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Computed {
    pub(crate) line: u32,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// What the name starts with.
    pub(crate) prefix: String,
}

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) imports: Vec<Import>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) computed: Vec<Computed>,
    /// Codecs used by name, with the line and the gates.
    pub(crate) codecs: Vec<(String, u32, Vec<NameId>)>,
    /// What it mentions; the first unit is what runs when it is imported.
    pub(crate) units: Vec<Unit>,
    /// The first use of a name that `site` adds to the builtins.
    pub(crate) site: Option<(String, u32)>,
    /// The literal elements of `__all__`.
    pub(crate) exports: Vec<String>,
    /// Names that its top level binds; only the entry's are asked for.
    pub(crate) bound: BTreeSet<String>,
    /// It ends in `raise ImportError` when imported; the text of the exception.
    pub(crate) refuses: Option<String>,
    /// It touches `sys.modules` or `__path__`, so it can make modules that no file holds.
    pub(crate) makes_modules: bool,
    /// It has `from x import *` or a `__getattr__`, so any name may be in it.
    pub(crate) open_ended: bool,
}

/// A syntax error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxFault {
    pub(crate) message: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The file that is scanned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The module's name.
    pub(crate) name: &'a str,
    pub(crate) is_package: bool,
    /// Whether it runs as `__main__`.
    pub(crate) is_main: bool,
    /// Whether it was started as a script, which has no package to be relative to.
    pub(crate) is_script: bool,
    pub(crate) target: Target,
    /// The names whose mention decides something.
    pub(crate) interesting: &'a BTreeSet<String>,
}

impl Subject<'_> {
    /// The absolute name of a relative import; `None` if it leaves the package.
    pub(crate) fn absolute(&self, level: u32, module: &str) -> Option<String> {
        if level == 0 {
            return Some(module.to_owned());
        }
        let up = if self.is_package { level - 1 } else { level };
        let mut package = self.name;
        for _ in 0..up {
            package = package.rsplit_once('.')?.0;
        }
        if self.is_script {
            return None;
        }
        Some(if module.is_empty() { package.to_owned() } else { format!("{package}.{module}") })
    }
}

/// Scans a file. A file with syntax errors gives all of them, in order.
pub(crate) fn scan(text: &str, subject: Subject<'_>) -> Result<Scan, Vec<SyntaxFault>> {
    check_nesting(text).map_err(|fault| vec![fault])?;
    let (major, minor, _) = subject.target.python;
    let options = ParseOptions::from(Mode::Module)
        .with_target_version(PythonVersion { major, minor });
    let Some(parsed) = parse_unchecked(text, options).try_into_module() else {
        return Ok(Scan::default());
    };
    let mut faults: Vec<SyntaxFault> = Vec::new();
    for error in parsed.errors() {
        let (start, end) = (error.location.start().to_usize(), error.location.end().to_usize());
        faults.push(SyntaxFault { message: error.error.to_string(), start, end });
    }
    for error in parsed.unsupported_syntax_errors() {
        let (start, end) = (error.range.start().to_usize(), error.range.end().to_usize());
        faults.push(SyntaxFault { message: error.to_string(), start, end });
    }
    if !faults.is_empty() {
        faults.sort_by_key(|fault| fault.start);
        return Err(faults);
    }
    let body = &parsed.syntax().body;
    let bindings = Bindings::of(body);
    let constants =
        Constants { target: subject.target, bindings: &bindings, is_main: subject.is_main };
    let mut scanner = Scanner {
        subject,
        constants,
        lines: Lines::of(text),
        scan: Scan { units: vec![Unit::default()], ..Scan::default() },
        context: Context::default(),
        depth: 0,
    };
    scanner.top_level(body);
    let stops = scanner.block(body);
    let mut scan = scanner.scan;
    for unit in &mut scan.units {
        unit.names.sort_unstable();
        unit.names.dedup();
    }
    if !stops {
        scan.refuses = None;
    }
    Ok(scan)
}

/// CPython's own limit on nested brackets, and one on brackets' siblings that nest the tree
/// without any: both keep a hostile file from exhausting the stack.
const MOST_BRACKETS: usize = 200;

fn check_nesting(text: &str) -> Result<(), SyntaxFault> {
    // Cheap and rough: brackets in strings count too, so the limit is far above CPython's, and
    // the true one is left to the compiler.
    let mut open = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MOST_BRACKETS * 1000 {
            let message = "too many nested brackets".to_owned();
            return Err(SyntaxFault { message, start: at, end: at + 1 });
        }
    }
    Ok(())
}

/// The fact that a file has generic classes or functions by syntax.
const TYPE_PARAMETERS: &str = "syntax type parameters";

/// Under which circumstances the statement at hand runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    pub(crate) lazy: bool,
    pub(crate) optional: bool,
    pub(crate) conditional: bool,
    after: Vec<(usize, usize)>,
    instead: Vec<usize>,
    /// The attempt whose body this is, as long as nothing in between is conditional.
    attempt: Option<usize>,
    in_class: bool,
    /// The functions that have to be used, with the classes around them.
    pub(crate) gates: Vec<NameId>,
    /// The same with the classes whose body this is: their bodies run at once.
    scope: Vec<NameId>,
    /// Number of the unit that takes the names.
    pub(crate) unit: usize,
}

/// The walker of one file.
pub(crate) struct Scanner<'a> {
    pub(crate) subject: Subject<'a>,
    pub(crate) constants: Constants<'a>,
    pub(crate) lines: Lines,
    pub(crate) scan: Scan,
    pub(crate) context: Context,
    /// How deep expressions are nested at the moment.
    pub(crate) depth: u32,
}

impl<'a> Scanner<'a> {
    pub(crate) fn line(&self, ranged: &impl Ranged) -> u32 {
        self.lines.of_offset(ranged.range().start())
    }

    /// Notes an import at the place where the walk is.
    pub(crate) fn import(&mut self, wanted: Wanted, line: u32, dynamic: bool) {
        let after = self.requirements();
        if let Some(attempt) = self.context.attempt {
            self.scan.attempts[attempt].imports.push(wanted.clone());
        }
        let context = &self.context;
        self.scan.imports.push(Import {
            wanted,
            line,
            dynamic,
            lazy: context.lazy,
            optional: context.optional,
            conditional: context.conditional,
            after,
            instead: context.instead.clone(),
            gates: context.gates.clone(),
        });
    }

    fn requirements(&self) -> Vec<(usize, usize)> {
        let mut after = self.context.after.clone();
        if let Some(attempt) = self.context.attempt {
            let done = self.scan.attempts[attempt].imports.len();
            if done > 0 {
                after.push((attempt, done));
            }
        }
        after
    }

    /// Walks with another context.
    fn within<T>(&mut self, context: Context, walk: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.context, context);
        let result = walk(self);
        self.context = outer;
        result
    }

    /// The context of something that may not run.
    fn maybe(&self) -> Context {
        Context {
            conditional: true,
            after: self.requirements(),
            attempt: None,
            ..self.context.clone()
        }
    }

    /// The context of a function's body: it runs some time after, so an enclosing `try` does not
    /// catch what fails in it.
    pub(crate) fn deferred(&self) -> Context {
        Context {
            lazy: true,
            optional: false,
            conditional: false,
            after: self.requirements(),
            attempt: None,
            in_class: false,
            instead: self.context.instead.clone(),
            gates: self.context.gates.clone(),
            scope: self.context.scope.clone(),
            unit: self.context.unit,
        }
    }

    /// Walks statements; whether control surely does not get past them.
    fn block(&mut self, body: &'a [Stmt]) -> bool {
        for stmt in body {
            if self.statement(stmt) {
                return true;
            }
        }
        false
    }

    fn statement(&mut self, stmt: &'a Stmt) -> bool {
        match stmt {
            Stmt::Import(import) => {
                let line = self.line(import);
                for alias in &import.names {
                    self.mention_path(alias.name.as_str());
                    self.import(Wanted::Module(alias.name.to_string()), line, false);
                }
                false
            }
            Stmt::ImportFrom(import) => {
                self.import_from(import);
                false
            }
            Stmt::FunctionDef(function) => {
                self.function(function);
                false
            }
            Stmt::ClassDef(class) => {
                for decorator in &class.decorator_list {
                    self.expression(&decorator.expression);
                }
                if let Some(arguments) = &class.arguments {
                    self.arguments(arguments);
                }
                if class.type_params.is_some() {
                    self.mention_fact(TYPE_PARAMETERS);
                }
                let mut context = Context { in_class: true, ..self.context.clone() };
                context.scope.extend(gate(&class.name, &class.decorator_list, self));
                self.within(context, |scanner| scanner.block(&class.body));
                false
            }
            Stmt::If(branch) => self.branch(branch),
            Stmt::Try(attempt) => self.attempt(attempt),
            Stmt::With(with) => self.with(with),
            Stmt::For(stmt) => {
                self.expression(&stmt.iter);
                self.expression(&stmt.target);
                let maybe = self.maybe();
                self.within(maybe, |scanner| scanner.block(&stmt.body));
                self.within(self.maybe(), |scanner| scanner.block(&stmt.orelse));
                false
            }
            Stmt::While(stmt) => {
                self.expression(&stmt.test);
                match self.constants.truth(&stmt.test) {
                    Some(false) => return self.block(&stmt.orelse),
                    Some(true) => {
                        self.block(&stmt.body);
                    }
                    None => {
                        self.within(self.maybe(), |scanner| scanner.block(&stmt.body));
                    }
                }
                self.within(self.maybe(), |scanner| scanner.block(&stmt.orelse));
                false
            }
            Stmt::Match(stmt) => {
                self.expression(&stmt.subject);
                for case in &stmt.cases {
                    self.pattern(&case.pattern);
                    if let Some(guard) = &case.guard {
                        self.expression(guard);
                    }
                    self.within(self.maybe(), |scanner| scanner.block(&case.body));
                }
                false
            }
            Stmt::TypeAlias(alias) => {
                self.mention_fact(TYPE_PARAMETERS);
                self.expression(&alias.value);
                false
            }
            Stmt::Raise(raise) => {
                self.expressions_of(stmt);
                if let Some(exception) = &raise.exc {
                    self.refusal(exception);
                }
                true
            }
            Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => {
                self.expressions_of(stmt);
                true
            }
            Stmt::Assert(assert) => {
                self.expressions_of(stmt);
                self.constants.truth(&assert.test) == Some(false)
            }
            Stmt::Assign(assign) if assign.targets.iter().any(is_all) => false,
            Stmt::AugAssign(assign) if is_all(&assign.target) => false,
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.named_value(target, &assign.value);
                }
                self.expressions_of(stmt);
                false
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.named_value(&assign.target, value);
                }
                self.expressions_of(stmt);
                false
            }
            Stmt::AugAssign(assign) => {
                self.named_value(&assign.target, &assign.value);
                self.expressions_of(stmt);
                false
            }
            Stmt::Expr(expr) => {
                // A docstring mentions nothing, and neither does `__all__.extend(...)`.
                let mute = match expr.value.as_ref() {
                    Expr::StringLiteral(_) => true,
                    Expr::Call(call) => matches!(call.func.as_ref(), Expr::Attribute(method) if is_all(&method.value)),
                    _ => false,
                };
                if !mute {
                    self.expressions_of(stmt);
                }
                is_exit(stmt, &self.constants)
            }
            _ => {
                self.expressions_of(stmt);
                false
            }
        }
    }

    fn import_from(&mut self, import: &'a ast::StmtImportFrom) {
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        let mut star = false;
        let mut names = Vec::new();
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                star = true;
            } else {
                self.mention(alias.name.as_str());
                names.push(alias.name.to_string());
            }
        }
        if import.level == 0 && module == "__future__" {
            // The compiler reads it, and the module is imported all the same.
            self.import(Wanted::Module("__future__".to_owned()), self.line(import), false);
            return;
        }
        let wanted = match self.subject.absolute(import.level, module) {
            Some(module) => {
                for name in &names {
                    self.mention_command_line(&format!("{module}.{name}"));
                }
                Wanted::Names { module, names, star }
            }
            None => Wanted::Beyond(format!("{}{module}", ".".repeat(import.level as usize))),
        };
        self.import(wanted, self.line(import), false);
    }

    fn function(&mut self, function: &'a ast::StmtFunctionDef) {
        for decorator in &function.decorator_list {
            self.expression(&decorator.expression);
        }
        self.parameters(&function.parameters);
        if function.type_params.is_some() {
            self.mention_fact(TYPE_PARAMETERS);
        }
        if let Some(returns) = &function.returns {
            self.expression(returns);
        }
        let mut context = self.deferred();
        context.scope.extend(gate(&function.name, &function.decorator_list, self));
        if context.scope != context.gates {
            context.gates.clone_from(&context.scope);
            context.unit = self.scan.units.len();
            self.scan.units.push(Unit { gates: context.gates.clone(), ..Unit::default() });
        }
        self.within(context, |scanner| scanner.block(&function.body));
    }

    fn branch(&mut self, branch: &'a ast::StmtIf) -> bool {
        let mut clauses: Vec<(Option<&'a Expr>, &'a [Stmt])> =
            vec![(Some(&branch.test), &branch.body)];
        clauses.extend(
            branch.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body[..])),
        );
        // Until one condition is unknown, all before were false, so what runs is certain.
        let mut certain = true;
        let mut all_stop = true;
        for (test, body) in clauses {
            let truth = match test {
                None => Some(true),
                Some(test) => {
                    self.expression(test);
                    self.constants.truth(test)
                }
            };
            if truth == Some(false) {
                continue;
            }
            let last = truth == Some(true);
            let stops = if certain && last {
                self.block(body)
            } else {
                self.within(self.maybe(), |scanner| scanner.block(body))
            };
            all_stop &= stops;
            certain = false;
            if last {
                return all_stop;
            }
        }
        false
    }

    fn attempt(&mut self, attempt: &'a ast::StmtTry) -> bool {
        let handlers: Vec<&ast::ExceptHandlerExceptHandler> = attempt
            .handlers
            .iter()
            .map(|ast::ExceptHandler::ExceptHandler(handler)| handler)
            .collect();
        let catches = handlers.iter().any(|handler| {
            catches_import_error(handler.type_.as_deref()) && !fails_again(&handler.body, &self.constants)
        });
        let number = self.scan.attempts.len();
        let mut stops;
        if catches {
            let only_imports = attempt
                .body
                .iter()
                .all(|stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::Pass(_)));
            self.scan.attempts.push(Attempt { imports: Vec::new(), only_imports });
            let context = Context {
                optional: true,
                after: self.requirements(),
                attempt: Some(number),
                ..self.context.clone()
            };
            stops = self.within(context, |scanner| scanner.block(&attempt.body));
        } else {
            stops = self.block(&attempt.body);
        }
        if !stops {
            let mut context = self.context.clone();
            if catches {
                context.after = self.requirements();
                let done = self.scan.attempts[number].imports.len();
                if done > 0 {
                    context.after.push((number, done));
                }
                // Its own failure is not caught, but it only runs where the body worked.
                context.attempt = None;
                context.conditional |= done == 0;
            }
            stops = self.within(context, |scanner| scanner.block(&attempt.orelse));
        }
        for handler in handlers {
            if let Some(kind) = &handler.type_ {
                self.expression(kind);
            }
            let mut context = self.maybe();
            if catches && catches_import_error(handler.type_.as_deref()) {
                context.instead.push(number);
            }
            stops &= self.within(context, |scanner| scanner.block(&handler.body));
        }
        self.block(&attempt.finalbody) || stops
    }

    fn with(&mut self, with: &'a ast::StmtWith) -> bool {
        let mut suppresses = false;
        for item in &with.items {
            self.expression(&item.context_expr);
            if let Some(target) = &item.optional_vars {
                self.expression(target);
            }
            if let Expr::Call(call) = &item.context_expr
                && self.constants.dotted(&call.func).as_deref() == Some("contextlib.suppress")
            {
                suppresses |=
                    call.arguments.args.iter().any(|kind| catches_import_error(Some(kind)));
            }
        }
        if !suppresses {
            return self.block(&with.body);
        }
        let number = self.scan.attempts.len();
        self.scan.attempts.push(Attempt::default());
        let context = Context {
            optional: true,
            after: self.requirements(),
            attempt: Some(number),
            ..self.context.clone()
        };
        self.within(context, |scanner| scanner.block(&with.body));
        false
    }

    /// Notes that the module refuses to be imported, if this exception says so.
    fn refusal(&mut self, exception: &Expr) {
        let context = &self.context;
        if context.lazy || context.conditional || context.optional || context.in_class {
            return;
        }
        let (kind, arguments) = match exception {
            Expr::Call(call) => (call.func.as_ref(), &call.arguments.args[..]),
            other => (other, &[][..]),
        };
        if matches!(kind, Expr::Name(name) if is_import_error(&name.id)) {
            let text = arguments.first().and_then(|text| self.constants.texts(text).ok());
            let text = text.and_then(|texts| texts.into_iter().next()).unwrap_or_default();
            self.scan.refuses = Some(text);
        }
    }

    /// What the top level binds, exports, and may bind unseen.
    fn top_level(&mut self, body: &'a [Stmt]) {
        let mut bound = TopLevel::default();
        bound.block(body);
        self.scan.bound = bound.names;
        self.scan.open_ended = bound.open_ended;
        self.scan.exports = bound.exports;
    }
}

/// Collects the names that the top level of a file binds.
#[derive(Default)]
struct TopLevel {
    names: BTreeSet<String>,
    exports: Vec<String>,
    open_ended: bool,
}

impl TopLevel {
    fn block(&mut self, body: &[Stmt]) {
        for stmt in body {
            match stmt {
                Stmt::FunctionDef(function) => {
                    self.open_ended |= function.name.as_str() == "__getattr__";
                    self.names.insert(function.name.to_string());
                }
                Stmt::ClassDef(class) => {
                    self.names.insert(class.name.to_string());
                }
                Stmt::Import(import) => {
                    for alias in &import.names {
                        let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                        let top = name.split('.').next().unwrap_or(name);
                        self.names.insert(top.to_owned());
                    }
                }
                Stmt::ImportFrom(import) => {
                    for alias in &import.names {
                        self.open_ended |= alias.name.as_str() == "*";
                        let name = alias.asname.as_ref().unwrap_or(&alias.name);
                        self.names.insert(name.to_string());
                    }
                }
                Stmt::Assign(assign) => {
                    for target in &assign.targets {
                        self.target(target, Some(&assign.value));
                    }
                }
                Stmt::AnnAssign(assign) => self.target(&assign.target, assign.value.as_deref()),
                Stmt::AugAssign(assign) => self.target(&assign.target, Some(&assign.value)),
                Stmt::If(stmt) => {
                    self.block(&stmt.body);
                    stmt.elif_else_clauses.iter().for_each(|clause| self.block(&clause.body));
                }
                Stmt::Try(stmt) => {
                    self.block(&stmt.body);
                    for ast::ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                        self.block(&handler.body);
                    }
                    self.block(&stmt.orelse);
                    self.block(&stmt.finalbody);
                }
                Stmt::With(stmt) => self.block(&stmt.body),
                Stmt::For(stmt) => {
                    self.target(&stmt.target, None);
                    self.block(&stmt.body);
                }
                Stmt::While(stmt) => self.block(&stmt.body),
                // `globals()[...] = ...`, `exec`: anything may be bound.
                Stmt::Expr(stmt) => self.call(&stmt.value),
                _ => {}
            }
        }
    }

    fn target(&mut self, target: &Expr, value: Option<&Expr>) {
        match target {
            Expr::Name(name) => {
                if name.id == "__all__" {
                    self.export(value);
                }
                self.names.insert(name.id.to_string());
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.target(target, None)),
            Expr::List(list) => list.elts.iter().for_each(|target| self.target(target, None)),
            Expr::Starred(starred) => self.target(&starred.value, None),
            Expr::Subscript(_) => self.open_ended = true,
            _ => {}
        }
    }

    fn call(&mut self, expr: &Expr) {
        let Expr::Call(call) = expr else { return };
        match call.func.as_ref() {
            Expr::Name(name) => self.open_ended |= matches!(name.id.as_str(), "exec" | "setattr"),
            Expr::Attribute(method) => match method.value.as_ref() {
                Expr::Name(name) if name.id == "__all__" => {
                    call.arguments.args.iter().for_each(|value| self.export(Some(value)));
                }
                _ => self.open_ended |= method.attr.as_str() == "update",
            },
            _ => {}
        }
    }

    fn export(&mut self, value: Option<&Expr>) {
        match value {
            Some(Expr::List(list)) => list.elts.iter().for_each(|name| self.export(Some(name))),
            Some(Expr::Tuple(tuple)) => tuple.elts.iter().for_each(|name| self.export(Some(name))),
            Some(Expr::BinOp(sum)) => {
                self.export(Some(&sum.left));
                self.export(Some(&sum.right));
            }
            Some(Expr::StringLiteral(name)) => self.exports.push(name.value.to_str().to_owned()),
            _ => {}
        }
    }
}

/// The name that has to be used for a function or class of a module to be used. None where a name
/// is not needed: Python itself calls `__init__` and its like, and a decorator may keep what it
/// gets.
fn gate(name: &str, decorators: &[ast::Decorator], scanner: &Scanner<'_>) -> Option<NameId> {
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
        return Some(NameId::of(&format!("{}.{name}", scanner.subject.name)));
    }
    Some(NameId::of(name))
}

/// Decorators that give back the function or a wrapper of it, and keep it nowhere else.
const HARMLESS_DECORATORS: &[&str] = &[
    "_deprecated", "abstractmethod", "asynccontextmanager", "cache", "cached_property",
    "classmethod", "contextmanager", "coroutine", "dataclass", "deleter", "deprecated", "final",
    "getter", "lru_cache", "overload", "property", "recursive_repr", "setter", "staticmethod",
    "total_ordering", "wraps",
];

/// Functions that modules have for `python -m MODULE`. Programs have functions of these names as
/// well, so here the module's name has to go with it.
pub(crate) const COMMAND_LINES: &[&str] =
    &["_demo", "_main", "_script", "_test", "demo", "main", "test", "usage"];

fn is_import_error(name: &str) -> bool {
    matches!(name, "ImportError" | "ModuleNotFoundError")
}

/// Whether `except KIND` catches a module that is not there.
fn catches_import_error(kind: Option<&Expr>) -> bool {
    match kind {
        None => true,
        Some(Expr::Name(name)) => {
            is_import_error(&name.id) || matches!(name.id.as_str(), "Exception" | "BaseException")
        }
        Some(Expr::Attribute(attribute)) => is_import_error(&attribute.attr),
        Some(Expr::Tuple(tuple)) => tuple.elts.iter().any(|kind| catches_import_error(Some(kind))),
        Some(_) => false,
    }
}

/// Whether a handler ends in an exception or an exit of its own, so that the import is needed
/// all the same.
fn fails_again(body: &[Stmt], constants: &Constants<'_>) -> bool {
    match body.last() {
        Some(Stmt::Raise(_)) => true,
        Some(stmt) => is_exit(stmt, constants),
        None => false,
    }
}

fn is_all(target: &Expr) -> bool {
    matches!(target, Expr::Name(name) if name.id == "__all__")
}

/// Whether the statement is a call of `sys.exit` or its like.
fn is_exit(stmt: &Stmt, constants: &Constants<'_>) -> bool {
    let Stmt::Expr(stmt) = stmt else { return false };
    let Expr::Call(call) = stmt.value.as_ref() else { return false };
    let name = constants.dotted(&call.func);
    matches!(name.as_deref(), Some("sys.exit" | "exit" | "quit" | "os._exit"))
}

/// Where each line of a file starts.
pub(crate) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    fn of_offset(&self, offset: TextSize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset.to_u32());
        u32::try_from(line).unwrap_or(u32::MAX)
    }
}
