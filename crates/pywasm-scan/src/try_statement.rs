//! Walks `try` and `with contextlib.suppress`: which imports are in them, whether the program catches
//! their failure, and which imports run only after others have succeeded or failed.

use ruff_python_ast::{self as ast, Expr, Stmt};

use crate::constants::Constants;
use crate::import::{Condition, OnFailure, TryBody};
use crate::statements::{Context, Scanner, is_exit};

impl<'a> Scanner<'a> {
    pub(crate) fn walk_try(&mut self, stmt: &'a ast::StmtTry) -> bool {
        let handlers: Vec<&ast::ExceptHandlerExceptHandler> = stmt
            .handlers
            .iter()
            .map(|ast::ExceptHandler::ExceptHandler(handler)| handler)
            .collect();
        let catches = handlers.iter().any(|handler| {
            catches_import_error(handler.type_.as_deref()) && !fails_again(&handler.body, &self.constants)
        });
        let number = self.scan.try_bodies.len();
        let mut stops;
        if catches {
            let only_imports = stmt
                .body
                .iter()
                .all(|inner| matches!(inner, Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::Pass(_)));
            self.scan.try_bodies.push(TryBody {
                imports: Vec::new(),
                only_imports,
            });
            let context = Context {
                on_failure: OnFailure::Continue,
                after: self.requirements(),
                attempt: Some(number),
                ..self.context.clone()
            };
            stops = self.within(context, |scanner| scanner.walk_block(&stmt.body));
        } else {
            stops = self.walk_block(&stmt.body);
        }
        if !stops {
            let mut context = self.context.clone();
            if catches {
                context.after = self.requirements();
                let done = self.scan.try_bodies[number].imports.len();
                if done > 0 {
                    context.after.push((number, done));
                }
                // `else` does not catch its own failure, and runs only if the body succeeded.
                context.attempt = None;
                if done == 0 {
                    context.condition = Condition::Unknown;
                }
            }
            stops = self.within(context, |scanner| scanner.walk_block(&stmt.orelse));
        }
        for handler in handlers {
            if let Some(kind) = &handler.type_ {
                self.walk_expression(kind);
            }
            let mut context = self.conditional_context();
            if catches && catches_import_error(handler.type_.as_deref()) {
                context.instead.push(number);
                context.condition = self.context.condition.max(Condition::AfterFailure);
            }
            stops &= self.within(context, |scanner| scanner.walk_block(&handler.body));
        }
        self.walk_block(&stmt.finalbody) || stops
    }

    /// Walks a `with`. Control may get past it however its body ends: any context manager may swallow an exception.
    pub(crate) fn walk_with(&mut self, with: &'a ast::StmtWith) {
        let mut suppresses = false;
        for item in &with.items {
            self.walk_expression(&item.context_expr);
            if let Some(target) = &item.optional_vars {
                self.walk_expression(target);
            }
            if let Expr::Call(call) = &item.context_expr
                && self.constants.dotted_name(&call.func).as_deref() == Some("contextlib.suppress")
            {
                suppresses |= call
                    .arguments
                    .args
                    .iter()
                    .any(|kind| catches_import_error(Some(kind)));
            }
        }
        if !suppresses {
            self.walk_block(&with.body);
            return;
        }
        let number = self.scan.try_bodies.len();
        self.scan.try_bodies.push(TryBody::default());
        let context = Context {
            on_failure: OnFailure::Continue,
            after: self.requirements(),
            attempt: Some(number),
            ..self.context.clone()
        };
        self.within(context, |scanner| scanner.walk_block(&with.body));
    }
}

pub(crate) fn is_import_error(name: &str) -> bool {
    matches!(name, "ImportError" | "ModuleNotFoundError")
}

/// Whether `except KIND` catches the import of a module that does not exist.
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

/// Whether a handler ends in its own exception or exit, so that the program still needs the import.
fn fails_again(body: &[Stmt], constants: &Constants<'_>) -> bool {
    match body.last() {
        Some(Stmt::Raise(_)) => true,
        Some(stmt) => is_exit(stmt, constants),
        None => false,
    }
}
