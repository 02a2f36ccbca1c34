//! Collects the names that the top level of a file binds, and those that it exports.

use std::collections::BTreeSet;

use ruff_python_ast::{self as ast, Expr, Pattern, Stmt};

use crate::bindings::DEEPEST;
use crate::scan::UnseenNames;

/// The names that the top level of a file binds.
#[derive(Default)]
pub(crate) struct TopLevel {
    /// The names.
    pub(crate) names: BTreeSet<String>,
    /// The literal elements of `__all__`.
    pub(crate) exports: Vec<String>,
    /// How it may bind more names.
    pub(crate) unseen_names: BTreeSet<UnseenNames>,
}

impl TopLevel {
    /// Collects the names.
    pub(crate) fn collect(body: &[Stmt]) -> Self {
        let mut top = Self::default();
        top.collect_block(body);
        top
    }

    fn collect_block(&mut self, body: &[Stmt]) {
        for stmt in body {
            match stmt {
                Stmt::FunctionDef(function) => {
                    if function.name.as_str() == "__getattr__" {
                        self.unseen_names.insert(UnseenNames::OpenEnded);
                    }
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
                        if alias.name.as_str() == "*" {
                            self.unseen_names.insert(UnseenNames::Star);
                        }
                        let name = alias.asname.as_ref().unwrap_or(&alias.name);
                        self.names.insert(name.to_string());
                    }
                }
                Stmt::Assign(assign) => {
                    for target in &assign.targets {
                        self.bind_target(target, Some(&assign.value), 0);
                    }
                }
                Stmt::AnnAssign(assign) => self.bind_target(&assign.target, assign.value.as_deref(), 0),
                Stmt::AugAssign(assign) => self.bind_target(&assign.target, Some(&assign.value), 0),
                Stmt::If(stmt) => {
                    self.collect_block(&stmt.body);
                    stmt.elif_else_clauses
                        .iter()
                        .for_each(|clause| self.collect_block(&clause.body));
                }
                Stmt::Try(stmt) => {
                    self.collect_block(&stmt.body);
                    for ast::ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                        self.names.extend(handler.name.iter().map(ToString::to_string));
                        self.collect_block(&handler.body);
                    }
                    self.collect_block(&stmt.orelse);
                    self.collect_block(&stmt.finalbody);
                }
                Stmt::With(stmt) => {
                    let targets = stmt.items.iter().filter_map(|item| item.optional_vars.as_deref());
                    targets.for_each(|target| self.bind_target(target, None, 0));
                    self.collect_block(&stmt.body);
                }
                Stmt::For(stmt) => {
                    self.bind_target(&stmt.target, None, 0);
                    self.collect_block(&stmt.body);
                    self.collect_block(&stmt.orelse);
                }
                Stmt::While(stmt) => {
                    self.collect_block(&stmt.body);
                    self.collect_block(&stmt.orelse);
                }
                Stmt::Match(stmt) => {
                    for case in &stmt.cases {
                        self.bind_pattern(&case.pattern, 0);
                        self.collect_block(&case.body);
                    }
                }
                Stmt::TypeAlias(alias) => self.bind_target(&alias.name, None, 0),
                // `globals()[...] = ...`, `exec`: anything may be bound.
                Stmt::Expr(stmt) => self.note_call(&stmt.value),
                _ => {}
            }
        }
    }

    fn bind_target(&mut self, target: &Expr, value: Option<&Expr>, depth: u32) {
        if depth >= DEEPEST {
            return;
        }
        match target {
            Expr::Name(name) => {
                if name.id == "__all__" {
                    self.add_exports(value, 0);
                }
                self.names.insert(name.id.to_string());
            }
            Expr::Tuple(tuple) => tuple
                .elts
                .iter()
                .for_each(|target| self.bind_target(target, None, depth + 1)),
            Expr::List(list) => list
                .elts
                .iter()
                .for_each(|target| self.bind_target(target, None, depth + 1)),
            Expr::Starred(starred) => self.bind_target(&starred.value, None, depth + 1),
            Expr::Subscript(_) => {
                self.unseen_names.insert(UnseenNames::OpenEnded);
            }
            _ => {}
        }
    }

    fn bind_pattern(&mut self, pattern: &Pattern, depth: u32) {
        if depth >= DEEPEST {
            return;
        }
        let mut parts: Vec<&Pattern> = Vec::new();
        let name = match pattern {
            Pattern::MatchAs(part) => {
                parts.extend(part.pattern.as_deref());
                part.name.as_ref()
            }
            Pattern::MatchStar(part) => part.name.as_ref(),
            Pattern::MatchMapping(mapping) => {
                parts.extend(&mapping.patterns);
                mapping.rest.as_ref()
            }
            Pattern::MatchSequence(sequence) => {
                parts.extend(&sequence.patterns);
                None
            }
            Pattern::MatchOr(choice) => {
                parts.extend(&choice.patterns);
                None
            }
            Pattern::MatchClass(class) => {
                parts.extend(&class.arguments.patterns);
                parts.extend(class.arguments.keywords.iter().map(|keyword| &keyword.pattern));
                None
            }
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => None,
        };
        self.names.extend(name.map(ToString::to_string));
        for part in parts {
            self.bind_pattern(part, depth + 1);
        }
    }

    fn note_call(&mut self, expr: &Expr) {
        let Expr::Call(call) = expr else { return };
        let is_open_ended = match call.func.as_ref() {
            Expr::Name(name) => matches!(name.id.as_str(), "exec" | "setattr"),
            Expr::Attribute(method) => match method.value.as_ref() {
                Expr::Name(name) if name.id == "__all__" => {
                    let values = call.arguments.args.iter();
                    values.for_each(|value| self.add_exports(Some(value), 0));
                    false
                }
                _ => method.attr.as_str() == "update",
            },
            _ => false,
        };
        if is_open_ended {
            self.unseen_names.insert(UnseenNames::OpenEnded);
        }
    }

    fn add_exports(&mut self, value: Option<&Expr>, depth: u32) {
        if depth >= DEEPEST {
            return;
        }
        let depth = depth + 1;
        match value {
            Some(Expr::List(list)) => list
                .elts
                .iter()
                .for_each(|name| self.add_exports(Some(name), depth)),
            Some(Expr::Tuple(tuple)) => tuple
                .elts
                .iter()
                .for_each(|name| self.add_exports(Some(name), depth)),
            Some(Expr::BinOp(sum)) => {
                // A sum of thousands of lists leans to the left.
                let mut left = sum.left.as_ref();
                self.add_exports(Some(&sum.right), depth);
                while let Expr::BinOp(sum) = left {
                    self.add_exports(Some(&sum.right), depth);
                    left = &sum.left;
                }
                self.add_exports(Some(left), depth);
            }
            Some(Expr::StringLiteral(name)) => self.exports.push(name.value.to_str().to_owned()),
            _ => {}
        }
    }
}
