//! Notes whose docstrings a file reads: attributes `__doc__` and calls that print documentation come in,
//! dotted names of objects go out.

use ruff_python_ast::{self as ast, Expr, ExprContext};

use crate::input::Owner;
use crate::statements::Scanner;

/// Functions that show the docstring of their first argument.
const READERS: &[&str] = &[
    "help",
    "inspect.getdoc",
    "pydoc.doc",
    "pydoc.getdoc",
    "pydoc.render_doc",
];

/// The attribute.
const DOC: &str = "__doc__";

impl Scanner<'_> {
    /// Notes `X.__doc__`. A class's own methods read that of the class, which is the program's, as are functions
    /// and classes of the file.
    pub(crate) fn note_docstring(&mut self, attribute: &ast::ExprAttribute) {
        if attribute.attr.as_str() != DOC || !matches!(attribute.ctx, ExprContext::Load) {
            return;
        }
        let is_own = match attribute.value.as_ref() {
            Expr::Name(name) => {
                matches!(name.id.as_str(), "self" | "cls" | "__class__")
                    || self.constants.is_defined(&name.id)
            }
            _ => false,
        };
        if !is_own {
            self.note_documented(Some(&attribute.value));
        }
    }

    /// Notes a call that shows documentation, and `getattr(X, "__doc__")`.
    pub(crate) fn note_documented_call(&mut self, call: &ast::ExprCall, dotted: Option<&str>) {
        let Some(dotted) = dotted else { return };
        let arguments = &call.arguments;
        let reads = READERS.contains(&dotted)
            || dotted == "getattr"
                && matches!(arguments.args.get(1), Some(Expr::StringLiteral(name)) if name.value.to_str() == DOC);
        if reads {
            self.note_documented(arguments.args.first());
        }
    }

    fn note_documented(&mut self, object: Option<&Expr>) {
        if self.input.owner != Owner::Program {
            return;
        }
        let name = match object {
            Some(Expr::StringLiteral(name)) => Some(name.value.to_str().to_owned()),
            Some(object) => self.constants.dotted_name(object),
            None => None,
        };
        self.scan.dynamics.documented.insert(name);
    }
}
