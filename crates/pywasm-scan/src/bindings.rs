//! Collects what the names of a file stand for, regardless of scopes: a name counts as known only if the
//! whole file gives it one meaning.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt};

use crate::names::NameMap;
use crate::uses::root;

/// What a name stands for everywhere in the file.
#[derive(Debug, Clone)]
pub(crate) enum Meaning<'a> {
    /// An import: the dotted name of the module or of the attribute in it.
    Imported(String),
    /// The only assignment of that name in the file.
    Assigned(&'a Expr),
    /// The variable of the only loop with that name, which runs over these.
    EachOf(&'a [Expr]),
}

/// The names that a file binds.
#[derive(Debug, Default)]
pub(crate) struct Bindings<'a> {
    /// `None` for a name whose meaning is not known.
    names: NameMap<'a, Option<Meaning<'a>>>,
    /// Those that a class statement binds.
    classes: BTreeSet<&'a str>,
    /// Those that one statement binds: of a function or class without decorators.
    definitions: BTreeSet<&'a str>,
    /// Those that an import binds.
    imports: BTreeSet<&'a str>,
    /// Modules from which the file imports all names.
    stars: Vec<&'a str>,
    /// Names that a function binds for the module, or a `:=` expression.
    globals: BTreeSet<&'a str>,
    /// Attributes that it sets, each with the name that the path to it starts with.
    attributes: BTreeSet<(&'a str, &'a str)>,
    depth: u32,
    too_deep: bool,
    runs_text: bool,
    binds_unseen: bool,
}

/// The scan does not look into expressions that are nested deeper than this.
pub(crate) const DEEPEST: u32 = 1500;

impl<'a> Bindings<'a> {
    /// Collects the names of a file.
    pub(crate) fn collect(body: &'a [Stmt]) -> Self {
        let mut bindings = Self::default();
        bindings.visit_body(body);
        bindings
    }

    /// Gives what the file binds the name to: nothing, something unknown, or one meaning.
    pub(crate) fn get(&self, name: &str) -> Option<Option<&Meaning<'a>>> {
        self.names.get(name).map(Option::as_ref)
    }

    /// Gives the one meaning of the name.
    pub(crate) fn meaning(&self, name: &str) -> Option<&Meaning<'a>> {
        self.names.get(name)?.as_ref()
    }

    /// Whether the file binds the name anywhere.
    pub(crate) fn is_bound(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Whether a class of the file has the name.
    pub(crate) fn is_class(&self, name: &str) -> bool {
        self.classes.contains(name)
    }

    /// Whether the name is that of a function or class of the file, and of nothing else.
    pub(crate) fn is_defined(&self, name: &str) -> bool {
        self.definitions.contains(name)
    }

    /// Whether an import of the file binds the name.
    pub(crate) fn is_imported(&self, name: &str) -> bool {
        self.imports.contains(name)
    }

    /// The modules from which the file imports all names, without the dots of relative ones.
    pub(crate) fn stars(&self) -> &[&'a str] {
        &self.stars
    }

    /// Whether a name that the file binds has letters beyond ASCII.
    pub(crate) fn has_foreign_letters(&self) -> bool {
        self.names.keys().any(|name| !name.is_ascii())
    }

    /// Whether the file has expressions or patterns that are nested too deep for the scan.
    pub(crate) fn is_too_deep(&self) -> bool {
        self.too_deep
    }

    /// Whether the file may hand text to `exec`, `eval` or `compile`.
    pub(crate) fn runs_text(&self) -> bool {
        self.runs_text
    }

    /// Whether the file may bind names of its own module in a way that its statements do not show:
    /// through `globals()`, `sys.modules`, `exec` and similar.
    pub(crate) fn binds_unseen(&self) -> bool {
        self.binds_unseen
    }

    /// Names that functions bind for the module with `global`, and all that `:=` binds.
    pub(crate) fn globals(&self) -> &BTreeSet<&'a str> {
        &self.globals
    }

    /// Lists the attributes that the file sets on its imports: they may be names of another module.
    pub(crate) fn attributes_of_imports(&self) -> impl Iterator<Item = &'a str> {
        let imported = |(root, name): &(&'a str, &'a str)| self.is_imported(root).then_some(*name);
        self.attributes.iter().filter_map(imported)
    }

    /// Notes an expression that binds names of a module without a statement.
    fn notice_unseen(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                self.binds_unseen |= matches!(name.id.as_str(), "globals" | "locals" | "global_enum");
            }
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                self.binds_unseen |= matches!(name, "modules" | "__path__" | "global_enum");
                if attribute.ctx == ExprContext::Store
                    && let Some(root) = root(&attribute.value)
                {
                    self.attributes.insert((root, name));
                }
            }
            Expr::Named(named) => {
                if let Expr::Name(name) = named.target.as_ref() {
                    self.globals.insert(name.id.as_str());
                }
            }
            Expr::Call(call) => self.binds_unseen |= reaches_the_module(call),
            _ => {}
        }
    }

    fn descend(&mut self, walk: impl FnOnce(&mut Self)) {
        if self.depth >= DEEPEST {
            self.too_deep = true;
            return;
        }
        self.depth += 1;
        walk(self);
        self.depth -= 1;
    }

    fn bind_unknown(&mut self, name: &'a str) {
        self.names.insert(name, None);
        self.definitions.remove(name);
    }

    fn bind_definition(&mut self, name: &'a str, decorators: &[ast::Decorator]) {
        let is_first = !self.is_bound(name);
        self.bind_unknown(name);
        if is_first && decorators.is_empty() {
            self.definitions.insert(name);
        }
    }

    fn bind_import(&mut self, name: &'a str, dotted: String) {
        self.imports.insert(name);
        match self.names.get(name) {
            None => {
                self.names.insert(name, Some(Meaning::Imported(dotted)));
            }
            Some(Some(Meaning::Imported(same))) if *same == dotted => {}
            Some(_) => self.bind_unknown(name),
        }
    }

    fn bind_assignment(&mut self, target: &'a Expr, value: &'a Expr) {
        match target {
            Expr::Name(name) => {
                let meaning = match self.names.contains_key(name.id.as_str()) {
                    true => None,
                    false => Some(Meaning::Assigned(value)),
                };
                self.names.insert(name.id.as_str(), meaning);
                self.definitions.remove(name.id.as_str());
            }
            other => self.visit_expr(other),
        }
    }
}

impl<'a> Visitor<'a> for Bindings<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.name.as_str();
                    match &alias.asname {
                        Some(asname) => self.bind_import(asname.as_str(), name.to_owned()),
                        None => {
                            let top = name.split('.').next().unwrap_or(name);
                            self.bind_import(top, top.to_owned());
                        }
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    if name == "*" {
                        self.stars.push(module);
                    }
                    let dotted = format!("{}{module}.{}", ".".repeat(import.level as usize), alias.name);
                    self.bind_import(name, dotted);
                }
            }
            Stmt::Assign(ast::StmtAssign { targets, value, .. }) => {
                self.visit_expr(value);
                for target in targets {
                    // `sys.modules["x"] = y` makes a module, and binds nothing in this one.
                    if !is_entry_of_modules(target) {
                        self.bind_assignment(target, value);
                    }
                }
            }
            Stmt::AnnAssign(ast::StmtAnnAssign {
                target,
                value: Some(value),
                ..
            }) => {
                self.visit_expr(value);
                self.bind_assignment(target, value);
            }
            Stmt::For(ast::StmtFor {
                target,
                iter,
                body,
                orelse,
                ..
            }) => {
                self.visit_expr(iter);
                let elements = match iter.as_ref() {
                    Expr::Tuple(tuple) => Some(tuple.elts.as_slice()),
                    Expr::List(list) => Some(list.elts.as_slice()),
                    Expr::Set(set) => Some(set.elts.as_slice()),
                    _ => None,
                };
                match (target.as_ref(), elements) {
                    (Expr::Name(name), Some(elements)) if !self.names.contains_key(name.id.as_str()) => {
                        self.names
                            .insert(name.id.as_str(), Some(Meaning::EachOf(elements)));
                    }
                    _ => self.visit_expr(target),
                }
                self.visit_body(body);
                self.visit_body(orelse);
            }
            // A declaration without a value binds nothing.
            Stmt::AnnAssign(_) => {}
            Stmt::Global(global) => self
                .globals
                .extend(global.names.iter().map(ast::Identifier::as_str)),
            Stmt::Expr(statement) => {
                // A call whose result is not used, and that gets the module's name.
                if let Expr::Call(call) = statement.value.as_ref() {
                    self.binds_unseen |= call.arguments.args.iter().any(is_own_name);
                }
                visitor::walk_stmt(self, stmt);
            }
            Stmt::FunctionDef(function) => {
                self.bind_definition(function.name.as_str(), &function.decorator_list);
                visitor::walk_stmt(self, stmt);
            }
            Stmt::ClassDef(class) => {
                self.bind_definition(class.name.as_str(), &class.decorator_list);
                self.classes.insert(class.name.as_str());
                visitor::walk_stmt(self, stmt);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.notice_unseen(expr);
        if let Expr::Name(name) = expr {
            if matches!(name.ctx, ExprContext::Store) {
                self.bind_unknown(name.id.as_str());
            }
            self.runs_text |= matches!(name.id.as_str(), "compile" | "eval" | "exec");
        }
        self.descend(|bindings| visitor::walk_expr(bindings, expr));
    }

    fn visit_parameter(&mut self, parameter: &'a ast::Parameter) {
        self.bind_unknown(parameter.name.as_str());
        visitor::walk_parameter(self, parameter);
    }

    fn visit_except_handler(&mut self, handler: &'a ast::ExceptHandler) {
        let ast::ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.bind_unknown(name.as_str());
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a ast::Pattern) {
        let name = match pattern {
            ast::Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            ast::Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            ast::Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind_unknown(name.as_str());
        }
        self.descend(|bindings| visitor::walk_pattern(bindings, pattern));
    }
}

/// Whether a call may bind names of its own module.
fn reaches_the_module(call: &ast::ExprCall) -> bool {
    let name = match call.func.as_ref() {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    let arguments = &call.arguments.args;
    match name {
        "exec" => arguments.len() < 2,
        "vars" => arguments.is_empty(),
        "setattr" => {
            !matches!(arguments.first(), Some(Expr::Name(name)) if matches!(name.id.as_str(), "self" | "cls"))
        }
        "__import__" | "import_module" => arguments.first().is_some_and(is_own_name),
        _ => false,
    }
}

fn is_own_name(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if name.id == "__name__")
}

/// Whether this is `sys.modules["x"]`, with a literal name.
fn is_entry_of_modules(target: &Expr) -> bool {
    let Expr::Subscript(subscript) = target else {
        return false;
    };
    subscript.slice.is_string_literal_expr()
        && matches!(subscript.value.as_ref(), Expr::Attribute(modules) if modules.attr.as_str() == "modules")
}
