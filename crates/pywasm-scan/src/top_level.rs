//! Collects the names that the top level of a file binds, and those that it exports.

use std::collections::BTreeSet;

use ruff_python_ast::{self as ast, Expr, Pattern, Stmt};

use crate::bindings::DEEPEST;
use crate::scan::UnseenNames;

/// Collects the names that the top level of a file binds.
#[derive(Default)]
pub(crate) struct TopLevel {
    /// What it binds.
    pub(crate) names: BTreeSet<String>,
    /// The literal elements of `__all__`.
    pub(crate) exports: Vec<String>,
    /// How it may bind more.
    pub(crate) unseen_names: BTreeSet<UnseenNames>,
}

impl TopLevel {
    /// Collects them.
    pub(crate) fn collect(body: &[Stmt]) -> Self {
        let mut top = Self::default();
        top.block(body);
        top
    }

    fn block(&mut self, body: &[Stmt]) {
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
                        self.target(target, Some(&assign.value));
                    }
                }
                Stmt::AnnAssign(assign) => self.target(&assign.target, assign.value.as_deref()),
                Stmt::AugAssign(assign) => self.target(&assign.target, Some(&assign.value)),
                Stmt::If(stmt) => {
                    self.block(&stmt.body);
                    stmt.elif_else_clauses
                        .iter()
                        .for_each(|clause| self.block(&clause.body));
                }
                Stmt::Try(stmt) => {
                    self.block(&stmt.body);
                    for ast::ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                        self.names.extend(handler.name.iter().map(ToString::to_string));
                        self.block(&handler.body);
                    }
                    self.block(&stmt.orelse);
                    self.block(&stmt.finalbody);
                }
                Stmt::With(stmt) => {
                    let targets = stmt.items.iter().filter_map(|item| item.optional_vars.as_deref());
                    targets.for_each(|target| self.target(target, None));
                    self.block(&stmt.body);
                }
                Stmt::For(stmt) => {
                    self.target(&stmt.target, None);
                    self.block(&stmt.body);
                    self.block(&stmt.orelse);
                }
                Stmt::While(stmt) => {
                    self.block(&stmt.body);
                    self.block(&stmt.orelse);
                }
                Stmt::Match(stmt) => {
                    for case in &stmt.cases {
                        self.pattern(&case.pattern, 0);
                        self.block(&case.body);
                    }
                }
                Stmt::TypeAlias(alias) => self.target(&alias.name, None),
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
            Expr::Subscript(_) => {
                self.unseen_names.insert(UnseenNames::OpenEnded);
            }
            _ => {}
        }
    }

    fn pattern(&mut self, pattern: &Pattern, depth: u32) {
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
            self.pattern(part, depth + 1);
        }
    }

    fn call(&mut self, expr: &Expr) {
        let Expr::Call(call) = expr else { return };
        let is_open_ended = match call.func.as_ref() {
            Expr::Name(name) => matches!(name.id.as_str(), "exec" | "setattr"),
            Expr::Attribute(method) => match method.value.as_ref() {
                Expr::Name(name) if name.id == "__all__" => {
                    let values = call.arguments.args.iter();
                    values.for_each(|value| self.export(Some(value)));
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

    fn export(&mut self, value: Option<&Expr>) {
        match value {
            Some(Expr::List(list)) => list.elts.iter().for_each(|name| self.export(Some(name))),
            Some(Expr::Tuple(tuple)) => tuple.elts.iter().for_each(|name| self.export(Some(name))),
            Some(Expr::BinOp(sum)) => {
                // A sum of thousands of lists leans to the left.
                let mut left = sum.left.as_ref();
                self.export(Some(&sum.right));
                while let Expr::BinOp(sum) = left {
                    self.export(Some(&sum.right));
                    left = &sum.left;
                }
                self.export(Some(left));
            }
            Some(Expr::StringLiteral(name)) => self.exports.push(name.value.to_str().to_owned()),
            _ => {}
        }
    }
}
