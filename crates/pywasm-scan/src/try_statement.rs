//! Reads `try` and `with contextlib.suppress`: which imports stand in them, whether their failure is
//! caught, and which imports run only after others have succeeded or failed.

use ruff_python_ast::{self as ast, Expr, Stmt};

use crate::constants::Constants;
use crate::import::{Condition, OnFailure, TryBody};
use crate::statements::{Context, Scanner, is_exit};

impl<'a> Scanner<'a> {
    pub(crate) fn try_statement(&mut self, stmt: &'a ast::StmtTry) -> bool {
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
            stops = self.within(context, |scanner| scanner.block(&stmt.body));
        } else {
            stops = self.block(&stmt.body);
        }
        if !stops {
            let mut context = self.context.clone();
            if catches {
                context.after = self.requirements();
                let done = self.scan.try_bodies[number].imports.len();
                if done > 0 {
                    context.after.push((number, done));
                }
                // Its own failure is not caught, but it only runs where the body worked.
                context.attempt = None;
                if done == 0 {
                    context.condition = Condition::Unknown;
                }
            }
            stops = self.within(context, |scanner| scanner.block(&stmt.orelse));
        }
        for handler in handlers {
            if let Some(kind) = &handler.type_ {
                self.expression(kind);
            }
            let mut context = self.maybe();
            if catches && catches_import_error(handler.type_.as_deref()) {
                context.instead.push(number);
                context.condition = self.context.condition.max(Condition::AfterFailure);
            }
            stops &= self.within(context, |scanner| scanner.block(&handler.body));
        }
        self.block(&stmt.finalbody) || stops
    }

    pub(crate) fn with(&mut self, with: &'a ast::StmtWith) -> bool {
        let mut suppresses = false;
        for item in &with.items {
            self.expression(&item.context_expr);
            if let Some(target) = &item.optional_vars {
                self.expression(target);
            }
            if let Expr::Call(call) = &item.context_expr
                && self.constants.dotted(&call.func).as_deref() == Some("contextlib.suppress")
            {
                suppresses |= call
                    .arguments
                    .args
                    .iter()
                    .any(|kind| catches_import_error(Some(kind)));
            }
        }
        if !suppresses {
            return self.block(&with.body);
        }
        let number = self.scan.try_bodies.len();
        self.scan.try_bodies.push(TryBody::default());
        let context = Context {
            on_failure: OnFailure::Continue,
            after: self.requirements(),
            attempt: Some(number),
            ..self.context.clone()
        };
        self.within(context, |scanner| scanner.block(&with.body));
        false
    }
}

pub(crate) fn is_import_error(name: &str) -> bool {
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
