//! Walks the expressions of a file: imports by call, codecs by name, names whose mention decides
//! something, and names that only `site` brings.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt};
use ruff_text_size::Ranged;

use pywasm_target::is_identifier;

use crate::bindings::DEEPEST;
use crate::import::{Form, ImportTarget, Line, OnFailure};
use crate::input::{ImportFunction, Owner};
use crate::names::NameId;
use crate::scan::{ComputedImport, Submodules, Unit};
use crate::statements::{COMMAND_LINES, Scanner};
use crate::uses::Position;

/// The names that `site` adds to the builtins.
const SITE_NAMES: &[&str] = &["copyright", "credits", "exit", "help", "license", "quit"];

/// Functions that import the module that an argument names, and the argument's position and
/// name. A name that they compute themselves is no concern of the resolver's, so only the first
/// two are warned about.
const IMPORTERS: &[(&str, usize, &str, NamedThing)] = &[
    ("importlib.import_module", 0, "name", NamedThing::Module),
    ("__import__", 0, "name", NamedThing::Module),
    ("runpy.run_module", 0, "mod_name", NamedThing::Main),
    ("pkgutil.resolve_name", 0, "name", NamedThing::Object),
    ("importlib.util.find_spec", 0, "name", NamedThing::IfThere),
    ("pkgutil.find_loader", 0, "fullname", NamedThing::IfThere),
    ("pkgutil.get_data", 0, "package", NamedThing::Package),
    ("importlib.resources.files", 0, "anchor", NamedThing::Package),
    ("importlib.resources.open_text", 0, "anchor", NamedThing::Package),
    (
        "importlib.resources.open_binary",
        0,
        "anchor",
        NamedThing::Package,
    ),
    ("importlib.resources.read_text", 0, "anchor", NamedThing::Package),
    (
        "importlib.resources.read_binary",
        0,
        "anchor",
        NamedThing::Package,
    ),
    ("importlib.resources.path", 0, "anchor", NamedThing::Package),
    ("importlib.resources.contents", 0, "anchor", NamedThing::Package),
    (
        "importlib.resources.is_resource",
        0,
        "anchor",
        NamedThing::Package,
    ),
];

/// What an argument of such a function names.
#[derive(Debug, Clone, Copy, PartialEq)]
enum NamedThing {
    /// A module that is imported.
    Module,
    /// A module or a package with a `__main__`, that is run.
    Main,
    /// `module:attribute`, or a dotted path of both.
    Object,
    /// A module that is only looked for.
    IfThere,
    /// A package whose files are read.
    Package,
}

/// Functions that take a codec's name, by the last part of their names, and its position.
const CODEC_METHODS: &[(&str, usize)] = &[("encode", 0), ("decode", 0)];

/// The same for functions that are known by their whole names.
const CODEC_FUNCTIONS: &[(&str, usize)] = &[
    ("codecs.lookup", 0),
    ("codecs.getencoder", 0),
    ("codecs.getdecoder", 0),
    ("codecs.getreader", 0),
    ("codecs.getwriter", 0),
    ("codecs.getincrementalencoder", 0),
    ("codecs.getincrementaldecoder", 0),
    ("codecs.encode", 1),
    ("codecs.decode", 1),
    ("codecs.iterencode", 1),
    ("codecs.iterdecode", 1),
    ("codecs.open", 2),
    ("codecs.EncodedFile", 1),
    ("open", 3),
    ("io.open", 3),
    ("io.TextIOWrapper", 1),
    ("str", 1),
    ("bytes", 1),
    ("bytearray", 1),
];

impl<'a> Scanner<'a> {
    /// Walks an expression.
    pub(crate) fn expression(&mut self, expr: &'a Expr) {
        self.visit_expr(expr);
    }

    /// Walks the expressions of a statement that holds no other statements.
    pub(crate) fn expressions_of(&mut self, stmt: &'a Stmt) {
        visitor::walk_stmt(self, stmt);
    }

    /// Walks a call.
    pub(crate) fn called(&mut self, call: &'a ast::ExprCall, position: Position) {
        self.call(call);
        self.use_call(call);
        self.positioned(&call.func, position);
        // What only asks for a type makes none.
        let function = self.constants.dotted(&call.func);
        match function.as_deref() {
            Some("isinstance" | "issubclass" | "typing.cast") => {
                self.each(&call.arguments.args, Position::Type);
            }
            _ => self.visit_arguments(&call.arguments),
        }
    }

    fn each(&mut self, parts: &'a [Expr], position: Position) {
        for part in parts {
            let position = match position {
                Position::Type => Position::Type,
                _ => Position::Value,
            };
            self.positioned(part, position);
        }
    }

    /// Walks a pattern.
    pub(crate) fn pattern(&mut self, pattern: &'a ast::Pattern) {
        self.visit_pattern(pattern);
    }

    /// Walks a function's parameters: their defaults run where the function is defined, and one
    /// that is called `encoding` names a codec.
    pub(crate) fn parameters(&mut self, parameters: &'a ast::Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default
                && names_a_codec(parameter.parameter.name.as_str())
            {
                self.codec(default);
            }
        }
        self.visit_parameters(parameters);
    }

    /// A name that gets a value: one that is called `encoding` names a codec.
    pub(crate) fn named_value(&mut self, target: &Expr, value: &Expr) {
        let name = match target {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return,
        };
        if names_a_codec(name) {
            self.codec(value);
        }
    }

    /// Notes that the file uses this name.
    pub(crate) fn mention(&mut self, name: &str) {
        let interesting = self.input.interesting.contains(name);
        let unit = self.unit();
        unit.names.push(NameId::new(name));
        if interesting {
            unit.mentions.insert(name.to_owned());
        }
    }

    /// Notes something that decides and is no name: `builtin exec`, `syntax type parameters`.
    pub(crate) fn mention_fact(&mut self, fact: &str) {
        if self.input.interesting.contains(fact) {
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

    /// Notes the whole of a dotted name whose last part is that of many modules' command lines.
    pub(crate) fn mention_command_line(&mut self, path: &str) {
        if path
            .rsplit('.')
            .next()
            .is_some_and(|last| COMMAND_LINES.contains(&last))
        {
            self.unit().names.push(NameId::new(path));
        }
    }

    fn codec(&mut self, expr: &Expr) {
        let line = self.line(expr);
        for name in self.constants.texts(expr).unwrap_or_default() {
            self.scan.codecs.push((name, line, self.context.gates.clone()));
        }
    }

    fn call(&mut self, call: &'a ast::ExprCall) {
        let arguments = &call.arguments;
        for keyword in &arguments.keywords {
            if keyword.arg.as_ref().is_some_and(|name| names_a_codec(name)) {
                self.codec(&keyword.value);
            }
        }
        let dotted = self.constants.dotted(&call.func);
        let known = dotted
            .as_deref()
            .map(|name| name.strip_prefix("builtins.").unwrap_or(name));
        let function = known.and_then(|name| CODEC_FUNCTIONS.iter().find(|(function, _)| *function == name));
        let method = match call.func.as_ref() {
            Expr::Attribute(method) => CODEC_METHODS
                .iter()
                .find(|(name, _)| *name == method.attr.as_str()),
            _ => None,
        };
        if let Some((_, position)) = function.or(method)
            && let Some(name) = arguments.args.get(*position)
        {
            self.codec(name);
        }
        self.computed_argument(call);
        let known = known.map(|name| match name {
            "importlib.__import__" => "__import__",
            other => other,
        });
        let Some(known) = known else { return };
        let importer = IMPORTERS.iter().find(|entry| entry.0 == known).copied();
        let importer = importer.or_else(|| {
            let is_known = |function: &&ImportFunction| function.names.iter().any(|name| name == known);
            let hooked = self.input.functions.iter().find(is_known)?;
            Some((
                known,
                hooked.position,
                hooked.keyword.as_str(),
                NamedThing::Package,
            ))
        });
        if let Some((name, position, keyword, named_thing)) = importer {
            let argument = arguments.args.get(position).or_else(|| {
                let named =
                    |given: &&ast::Keyword| given.arg.as_ref().is_some_and(|name| name.as_str() == keyword);
                arguments.keywords.iter().find(named).map(|given| &given.value)
            });
            if let Some(argument) = argument {
                self.import_call(call, name, argument, named_thing);
            }
        }
    }

    /// A call by a name that a table knows, whose first argument only a run can tell.
    fn computed_argument(&mut self, call: &ast::ExprCall) {
        let name = match call.func.as_ref() {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return,
        };
        let fact = format!("computed {name}");
        if self.input.interesting.contains(&fact)
            && let Some(argument) = call.arguments.args.first()
            && self.constants.texts(argument).is_err()
        {
            self.mention_fact(&fact);
        }
    }

    fn import_call(&mut self, call: &ast::ExprCall, function: &str, name: &Expr, named_thing: NamedThing) {
        let line = self.line(call);
        let texts = match self.constants.texts(name) {
            Ok(texts) => texts,
            Err(prefix) => {
                if named_thing == NamedThing::Module {
                    let range = call.range();
                    self.scan.computed.push(ComputedImport {
                        start: range.start().to_usize(),
                        end: range.end().to_usize(),
                        prefix: self.anchor(call, &prefix).unwrap_or(prefix),
                    });
                }
                return;
            }
        };
        for text in texts {
            let Some(module) = self.anchor(call, &text) else {
                continue;
            };
            match named_thing {
                NamedThing::Module if function == "__import__" => self.dunder_import(call, module, line),
                NamedThing::Module | NamedThing::Package => {
                    self.import(ImportTarget::Module(module), line, Form::Call);
                }
                NamedThing::Main => {
                    let names = vec!["__main__".to_owned()];
                    self.import(
                        ImportTarget::Names {
                            module,
                            names,
                            star: false,
                        },
                        line,
                        Form::Call,
                    );
                }
                NamedThing::Object => {
                    let (module, names) = match module.split_once(':') {
                        Some((module, _)) => (module.to_owned(), Vec::new()),
                        None => match module.rsplit_once('.') {
                            Some((module, name)) => (module.to_owned(), vec![name.to_owned()]),
                            None => (module, Vec::new()),
                        },
                    };
                    self.import(
                        ImportTarget::Names {
                            module,
                            names,
                            star: false,
                        },
                        line,
                        Form::Call,
                    );
                }
                NamedThing::IfThere => {
                    let outer = std::mem::replace(&mut self.context.on_failure, OnFailure::Continue);
                    self.import(ImportTarget::Module(module), line, Form::Call);
                    self.context.on_failure = outer;
                }
            }
        }
    }

    /// `__import__(name, globals, locals, fromlist, level)`.
    fn dunder_import(&mut self, call: &ast::ExprCall, module: String, line: Line) {
        let argument = |position: usize, keyword: &str| {
            call.arguments.args.get(position).or_else(|| {
                let named =
                    |given: &&ast::Keyword| given.arg.as_ref().is_some_and(|name| name.as_str() == keyword);
                call.arguments
                    .keywords
                    .iter()
                    .find(named)
                    .map(|given| &given.value)
            })
        };
        let level = match argument(4, "level") {
            Some(Expr::NumberLiteral(number)) => match &number.value {
                ast::Number::Int(int) => int.as_u8().map_or(0, u32::from),
                _ => 0,
            },
            _ => 0,
        };
        let names: Vec<String> = match argument(3, "fromlist") {
            Some(Expr::List(list)) => list
                .elts
                .iter()
                .flat_map(|name| self.constants.texts(name).unwrap_or_default())
                .collect(),
            Some(Expr::Tuple(tuple)) => tuple
                .elts
                .iter()
                .flat_map(|name| self.constants.texts(name).unwrap_or_default())
                .collect(),
            _ => Vec::new(),
        };
        let star = names.iter().any(|name| name == "*");
        let names = names.into_iter().filter(|name| name != "*").collect();
        if let Some(module) = self.input.absolute(level, &module) {
            self.import(ImportTarget::Names { module, names, star }, line, Form::Call);
        }
    }

    /// The absolute name for `import_module(".name", package)`; `None` if the package is not
    /// known. Other names are absolute already.
    fn anchor(&self, call: &ast::ExprCall, name: &str) -> Option<String> {
        let dots = name.len() - name.trim_start_matches('.').len();
        if dots == 0 {
            return Some(name.to_owned());
        }
        let argument = call.arguments.args.get(1).or_else(|| {
            let named =
                |given: &&ast::Keyword| given.arg.as_ref().is_some_and(|name| name.as_str() == "package");
            call.arguments
                .keywords
                .iter()
                .find(named)
                .map(|given| &given.value)
        })?;
        let input = &self.input;
        let own = match argument {
            Expr::Name(name) if name.id == "__name__" => Some(input.name.to_owned()),
            Expr::Name(name) if name.id == "__package__" => input.absolute(1, ""),
            Expr::Attribute(spec) if spec.attr.as_str() == "parent" => input.absolute(1, ""),
            _ => None,
        };
        let mut package = match own {
            Some(package) => package,
            None => self.constants.texts(argument).ok()?.into_iter().next()?,
        };
        for _ in 1..dots {
            package = package.rsplit_once('.')?.0.to_owned();
        }
        let rest = &name[dots..];
        Some(if rest.is_empty() {
            package
        } else {
            format!("{package}.{rest}")
        })
    }
}

/// Whether a variable or parameter of this name holds a codec's name.
fn names_a_codec(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("encoding") || name.contains("charset") || name.contains("codec")
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
                    self.use_name(expr, name.id.as_str(), position);
                    match self.constants.dotted(expr) {
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
                self.use_name(expr, attribute.attr.as_str(), position);
                let attr = attribute.attr.as_str();
                if COMMAND_LINES.contains(&attr)
                    && let Some(path) = self.constants.dotted(expr)
                {
                    self.mention_command_line(&path);
                }
                if attr.starts_with("path")
                    && let Some(path) = self.constants.dotted(expr)
                {
                    self.mention_fact(&path);
                }
                if attr == "__path__"
                    || (attr == "modules" && self.constants.dotted(expr).as_deref() == Some("sys.modules"))
                {
                    self.scan.submodules = Submodules::AlsoMade;
                }
                self.visit_expr(&attribute.value);
            }
            Expr::StringLiteral(literal) => self.mention_text(literal.value.to_str()),
            Expr::Call(call) => self.called(call, Position::Called),
            Expr::Subscript(subscript) => {
                self.use_subscript(subscript);
                self.positioned(&subscript.value, Position::Type);
                self.positioned(&subscript.slice, Position::Type);
            }
            Expr::Compare(compare) => {
                self.positioned(&compare.left, Position::Type);
                self.each(&compare.comparators, Position::Type);
            }
            Expr::Tuple(tuple) => self.each(&tuple.elts, position),
            Expr::Set(set) => self.each(&set.elts, position),
            Expr::List(list) => self.each(&list.elts, position),
            Expr::BinOp(union) if union.op == ast::Operator::BitOr => {
                self.positioned(&union.left, Position::Type);
                self.positioned(&union.right, Position::Type);
            }
            Expr::Generator(_) => {
                self.later += 1;
                visitor::walk_expr(self, expr);
                self.later -= 1;
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.parameters(parameters);
                }
                let deferred = self.deferred();
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
        self.annotation(annotation, false);
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
    /// A string can be an attribute's name, for `getattr`.
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
