//! Walks the expressions of a file: names whose mention decides something, and names that only `site`
//! defines. `import_calls.rs` notes the calls that import modules.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt};

use pywasm_target::is_identifier;

use crate::bindings::DEEPEST;
use crate::import_calls::names_a_codec;
use crate::input::Owner;
use crate::names::NameId;
use crate::scan::{Submodules, Unit};
use crate::statements::{COMMAND_LINES, Scanner};
use crate::uses::Position;

/// The names that `site` adds to the builtins.
const SITE_NAMES: &[&str] = &["copyright", "credits", "exit", "help", "license", "quit"];

impl<'a> Scanner<'a> {
    /// Walks an expression.
    pub(crate) fn walk_expression(&mut self, expr: &'a Expr) {
        self.visit_expr(expr);
    }

    /// Walks the expressions of a statement that holds no other statements.
    pub(crate) fn walk_expressions(&mut self, stmt: &'a Stmt) {
        visitor::walk_stmt(self, stmt);
    }

    /// Walks a call.
    pub(crate) fn walk_call(&mut self, call: &'a ast::ExprCall, position: Position) {
        self.note_call(call);
        self.use_call(call);
        self.walk_positioned(&call.func, position);
        // A check of a type does not make one.
        let function = self.constants.dotted_name(&call.func);
        match function.as_deref() {
            Some("isinstance" | "issubclass" | "typing.cast") => {
                self.walk_each(&call.arguments.args, Position::Type);
            }
            _ => self.visit_arguments(&call.arguments),
        }
    }

    fn walk_each(&mut self, parts: &'a [Expr], position: Position) {
        for part in parts {
            let position = match position {
                Position::Type => Position::Type,
                _ => Position::Value,
            };
            self.walk_positioned(part, position);
        }
    }

    /// Walks a pattern.
    pub(crate) fn walk_pattern(&mut self, pattern: &'a ast::Pattern) {
        self.visit_pattern(pattern);
    }

    /// Walks a function's parameters. Their defaults run with the definition of the function, and one
    /// that is called `encoding` names a codec.
    pub(crate) fn walk_parameters(&mut self, parameters: &'a ast::Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default
                && names_a_codec(parameter.parameter.name.as_str())
            {
                self.note_codec(default);
            }
        }
        self.visit_parameters(parameters);
    }

    /// Notes the value of a name. One that is called `encoding` names a codec.
    pub(crate) fn note_named_value(&mut self, target: &Expr, value: &Expr) {
        let name = match target {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return,
        };
        if names_a_codec(name) {
            self.note_codec(value);
        }
    }

    /// Notes that the file uses this name.
    pub(crate) fn mention(&mut self, name: &str) {
        let interesting = self.input.rules.interesting.contains(name);
        let unit = self.unit();
        unit.names.push(NameId::new(name));
        if interesting {
            unit.mentions.insert(name.to_owned());
        }
    }

    /// Notes a fact that decides something and is not a name: `builtin exec`, `syntax type parameters`.
    pub(crate) fn mention_fact(&mut self, fact: &str) {
        if self.input.rules.interesting.contains(fact) {
            self.unit().mentions.insert(fact.to_owned());
        }
    }

    fn unit(&mut self) -> &mut Unit {
        &mut self.scan.units[self.context.unit]
    }

    /// Notes all parts of a dotted name.
    pub(crate) fn mention_path(&mut self, path: &str) {
        for part in path.split(['.', ':']).filter(|part| is_identifier(part)) {
            self.mention(part);
        }
    }

    /// Notes a whole dotted name if its last part is the usual name of a module's command line.
    pub(crate) fn mention_command_line(&mut self, path: &str) {
        if path
            .rsplit('.')
            .next()
            .is_some_and(|last| COMMAND_LINES.contains(&last))
        {
            self.unit().names.push(NameId::new(path));
        }
    }
}

impl<'a> Visitor<'a> for Scanner<'a> {
    // `statements.rs` walks statements; expressions hold none.
    fn visit_stmt(&mut self, _: &'a Stmt) {}

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        let position = std::mem::take(&mut self.position);
        match expr {
            Expr::Name(name) => {
                if matches!(name.ctx, ExprContext::Load) {
                    self.mention(name.id.as_str());
                    self.knows_its_folder |= matches!(name.id.as_str(), "__file__" | "__path__");
                    self.use_name(expr, name.id.as_str(), position);
                    match self.constants.dotted_name(expr) {
                        // It is an import's.
                        Some(path) if path.contains('.') => self.mention_command_line(&path),
                        _ => {
                            let path = format!("{}.{}", self.input.name, name.id);
                            self.mention_command_line(&path);
                        }
                    }
                    if SITE_NAMES.contains(&name.id.as_str())
                        && !self.constants.bindings.is_bound(&name.id)
                        && self.scan.site.is_none()
                    {
                        let line = self.line(name);
                        self.scan.site = Some((name.id.to_string(), line));
                    }
                }
            }
            Expr::Attribute(attribute) => {
                self.mention(attribute.attr.as_str());
                self.note_docstring(attribute);
                self.use_name(expr, attribute.attr.as_str(), position);
                let attr = attribute.attr.as_str();
                if COMMAND_LINES.contains(&attr)
                    && let Some(path) = self.constants.dotted_name(expr)
                {
                    self.mention_command_line(&path);
                }
                if attr.starts_with("path")
                    && let Some(path) = self.constants.dotted_name(expr)
                {
                    self.mention_fact(&path);
                }
                if attr == "__path__"
                    || (attr == "modules"
                        && self.constants.dotted_name(expr).as_deref() == Some("sys.modules"))
                {
                    self.scan.submodules = Submodules::AlsoMade;
                }
                self.visit_expr(&attribute.value);
            }
            Expr::StringLiteral(literal) => {
                let line = self.line(literal);
                self.note_text(literal.value.to_str(), line);
                self.mention_text(literal.value.to_str());
            }
            Expr::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().collect();
                self.note_data(&bytes);
            }
            Expr::Call(call) => self.walk_call(call, Position::Called),
            Expr::Subscript(subscript) => {
                self.use_subscript(subscript);
                self.walk_positioned(&subscript.value, Position::Type);
                self.walk_positioned(&subscript.slice, Position::Type);
            }
            Expr::Compare(compare) => {
                self.walk_positioned(&compare.left, Position::Type);
                self.walk_each(&compare.comparators, Position::Type);
            }
            Expr::Tuple(tuple) => self.walk_each(&tuple.elts, position),
            Expr::Set(set) => self.walk_each(&set.elts, position),
            Expr::List(list) => self.walk_each(&list.elts, position),
            Expr::BinOp(union) if union.op == ast::Operator::BitOr => {
                self.walk_positioned(&union.left, Position::Type);
                self.walk_positioned(&union.right, Position::Type);
            }
            Expr::Generator(_) => {
                self.later += 1;
                visitor::walk_expr(self, expr);
                self.later -= 1;
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.walk_parameters(parameters);
                }
                let deferred = self.deferred_context();
                let outer = std::mem::replace(&mut self.context, deferred);
                self.visit_expr(&lambda.body);
                self.context = outer;
            }
            Expr::If(choice) => {
                self.visit_expr(&choice.test);
                let truth = self.constants.truth(&choice.test);
                if truth != Some(false) {
                    self.visit_expr(&choice.body);
                }
                if truth != Some(true) {
                    self.visit_expr(&choice.orelse);
                }
            }
            Expr::BoolOp(bool_op) => {
                let decides = bool_op.op == ast::BoolOp::Or;
                for operand in &bool_op.values {
                    self.visit_expr(operand);
                    if self.constants.truth(operand) == Some(decides) {
                        break;
                    }
                }
            }
            _ => visitor::walk_expr(self, expr),
        }
        self.depth -= 1;
    }

    fn visit_annotation(&mut self, annotation: &'a Expr) {
        self.walk_annotation(annotation, false);
    }

    fn visit_pattern(&mut self, pattern: &'a ast::Pattern) {
        if self.depth < DEEPEST {
            self.depth += 1;
            visitor::walk_pattern(self, pattern);
            self.depth -= 1;
        }
    }

    fn visit_interpolated_string_element(&mut self, element: &'a ast::InterpolatedStringElement) {
        if let ast::InterpolatedStringElement::Interpolation(part) = element
            && let Some(spec) = &part.format_spec
            && spec
                .elements
                .literals()
                .any(|literal| literal.value.contains('z'))
        {
            self.mention_fact("format z");
        }
        visitor::walk_interpolated_string_element(self, element);
    }
}

impl Scanner<'_> {
    /// Notes a string, which can be an attribute's name for `getattr`.
    fn mention_text(&mut self, text: &str) {
        if self.input.owner == Owner::Program && self.constants.bindings.runs_text() {
            // It may be code: each of its words may be a name.
            for word in text
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|word| is_identifier(word))
            {
                self.mention(word);
                self.use_text(word);
            }
        } else if text.len() < 100 {
            self.mention_path(text);
            text.split(['.', ':']).for_each(|word| self.use_text(word));
        }
        if self.input.owner == Owner::Program && text.len() < 100 {
            self.mention_fact(&format!("text {text}"));
        }
        if text.contains("\\N{") {
            self.mention_fact("text named character");
        }
        // The format `z` of PEP 682, in `format(x, "z.2f")` or `"{:z.2f}".format(x)`.
        if text.len() < 1000 && text.contains('z') {
            let spec = |text: &str| text.len() < 12 && text.contains(|c: char| c.is_ascii_digit());
            if spec(text) || text.contains('{') {
                self.mention_fact("format z");
            }
        }
    }
}
