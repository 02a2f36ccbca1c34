//! Follows the imports in literal texts that the program executes: a call of `exec`, `eval` or `compile` in, the
//! imports of its text out.

use ruff_python_ast::{
    self as ast, Expr, Stmt,
    visitor::{self, Visitor},
};

use crate::{
    import::{Form, ImportTarget, Line, OnFailure},
    shallow::parse_shallow,
    statements::Scanner,
};

impl Scanner<'_> {
    /// Notes the imports in the text that the call executes, where it is known.
    pub(crate) fn note_executed(&mut self, call: &ast::ExprCall, line: Line) {
        let Some(Ok(texts)) = call.arguments.args.first().map(|text| self.constants.texts(text)) else {
            return;
        };
        for text in texts {
            let Some(parsed) = parse_shallow(text.trim_start()) else {
                continue;
            };
            let mut found = Found {
                imports: Vec::new(),
                is_inner: false,
            };
            found.visit_body(&parsed.syntax().body);
            for import in found.imports {
                let outer = self.context.on_failure;
                if import.is_inner {
                    self.context.on_failure = OnFailure::Continue;
                }
                if let Some(target) = self.executed_target(import.what) {
                    self.note_import(target, line, Form::Call);
                }
                self.context.on_failure = outer;
            }
        }
    }

    fn executed_target(&self, what: What<'_>) -> Option<ImportTarget> {
        let import = match what {
            What::Module(name) => return Some(ImportTarget::Module(name.to_owned())),
            What::From(import) => import,
        };
        let module = import.module.as_ref().map_or("", ast::Identifier::as_str);
        let names = import.names.iter().map(|alias| alias.name.as_str());
        Some(ImportTarget::Names {
            module: self.input.absolute_name(import.level, module)?,
            star: names.clone().any(|name| name == "*"),
            names: names.filter(|name| *name != "*").map(str::to_owned).collect(),
        })
    }
}

struct Found<'a> {
    imports: Vec<Executed<'a>>,
    /// Whether the current statement is within another one, which may not run it or may catch its failure.
    is_inner: bool,
}

struct Executed<'a> {
    what: What<'a>,
    is_inner: bool,
}

enum What<'a> {
    Module(&'a str),
    From(&'a ast::StmtImportFrom),
}

impl<'a> Found<'a> {
    fn push(&mut self, what: What<'a>) {
        let is_inner = self.is_inner;
        self.imports.push(Executed { what, is_inner });
    }
}

impl<'a> Visitor<'a> for Found<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.push(What::Module(&alias.name));
                }
            }
            Stmt::ImportFrom(import) => self.push(What::From(import)),
            _ => {
                let outer = self.is_inner;
                self.is_inner |= is_compound(stmt);
                visitor::walk_stmt(self, stmt);
                self.is_inner = outer;
            }
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr
            && let Some(Expr::StringLiteral(name)) = call.arguments.args.first()
            && imports_by_name(&call.func)
        {
            self.push(What::Module(name.value.to_str()));
        }
        visitor::walk_expr(self, expr);
    }
}

fn is_compound(stmt: &Stmt) -> bool {
    !matches!(
        stmt,
        Stmt::Expr(_) | Stmt::Assign(_) | Stmt::AnnAssign(_) | Stmt::AugAssign(_) | Stmt::Assert(_)
    )
}

fn imports_by_name(function: &Expr) -> bool {
    match function {
        Expr::Name(name) => matches!(name.id.as_str(), "__import__" | "import_module"),
        Expr::Attribute(attribute) => attribute.attr.as_str() == "import_module",
        _ => false,
    }
}
