//! Notes the calls that import modules by name, and the codecs that calls name.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;

use crate::import::{Form, ImportTarget, Line, OnFailure};
use crate::input::ImportFunction;
use crate::scan::ComputedImport;
use crate::statements::Scanner;

/// Functions that import the module that an argument names, with the argument's position and name. Only
/// the first two cause warnings about computed names.
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
    /// An object: `module:attribute`, or a dotted path of both.
    Object,
    /// A module that is only looked for.
    IfThere,
    /// A package whose files are read.
    Package,
}

/// Functions that take a codec's name, by the last part of their names, and its position.
const CODEC_METHODS: &[(&str, usize)] = &[("encode", 0), ("decode", 0)];

/// The same for functions by their whole names.
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

/// Whether a call has no more than a codec and what to do about errors.
fn takes_a_codec(arguments: &ast::Arguments) -> bool {
    let is_known = |keyword: &ast::Keyword| {
        let name = keyword.arg.as_ref().map(ast::Identifier::as_str);
        matches!(name, Some("encoding" | "errors"))
    };
    arguments.args.len() <= 2 && arguments.keywords.iter().all(is_known)
}

/// Whether the value cannot be a name.
fn is_data(value: &Expr) -> bool {
    value.is_dict_expr()
        || value.is_list_expr()
        || value.is_set_expr()
        || value.is_tuple_expr()
        || value.is_number_literal_expr()
        || value.is_bytes_literal_expr()
        || value.is_list_comp_expr()
        || value.is_dict_comp_expr()
}

/// What is always UTF-8 in an artifact.
const UTF_8: &[&str] = &[
    "locale.getencoding",
    "locale.getpreferredencoding",
    "sys.getdefaultencoding",
    "sys.getfilesystemencoding",
    "sys.stderr.encoding",
    "sys.stdin.encoding",
    "sys.stdout.encoding",
];

impl<'a> Scanner<'a> {
    fn is_utf_8(&self, expr: &Expr) -> bool {
        let named = match expr {
            Expr::Call(call) => self.constants.dotted_name(&call.func),
            other => self.constants.dotted_name(other),
        };
        named.is_some_and(|name| UTF_8.contains(&name.as_str()))
    }

    /// Notes the codec that an expression names.
    pub(crate) fn note_codec(&mut self, expr: &Expr) {
        let line = self.line(expr);
        let Ok(names) = self.constants.texts(expr) else {
            if !expr.is_none_literal_expr() && !self.is_utf_8(expr) {
                self.scan.dynamics.computed_codec.get_or_insert(line);
                let is_argument =
                    matches!(expr, Expr::Name(name) if self.parameter(name.id.as_str()).is_some());
                if !is_argument {
                    let range = (expr.range().start().to_usize(), expr.range().end().to_usize());
                    self.scan.dynamics.unknown_codec.get_or_insert(range);
                }
            }
            return;
        };
        for name in names {
            self.scan.codecs.push((name, line, self.context.gates.clone()));
        }
    }

    /// Notes what a call imports, and the codec that it names.
    pub(crate) fn note_call(&mut self, call: &'a ast::ExprCall) {
        let arguments = &call.arguments;
        for keyword in &arguments.keywords {
            if keyword.arg.as_ref().is_some_and(|name| names_a_codec(name)) {
                self.note_codec(&keyword.value);
            }
        }
        let dotted = self.constants.dotted_name(&call.func);
        let known = dotted
            .as_deref()
            .map(|name| name.strip_prefix("builtins.").unwrap_or(name));
        self.note_dynamic_call(call, known);
        self.note_documented_call(call, known);
        let function = known.and_then(|name| CODEC_FUNCTIONS.iter().find(|(function, _)| *function == name));
        let method = match call.func.as_ref() {
            Expr::Attribute(method) => CODEC_METHODS
                .iter()
                .find(|(name, _)| *name == method.attr.as_str()),
            _ => None,
        };
        // A method of that name of something else, such as `jwt.encode(payload, key)`.
        let is_other = |name: &Expr| known.is_some() && self.constants.texts(name).is_err() || is_data(name);
        let method =
            method.filter(|_| takes_a_codec(arguments) && !arguments.args.first().is_some_and(is_other));
        if let Some((_, position)) = function.or(method)
            && let Some(name) = arguments.args.get(*position)
        {
            self.note_codec(name);
        }
        self.note_computed_argument(call);
        let known = known.map(|name| match name {
            "importlib.__import__" => "__import__",
            other => other,
        });
        let Some(known) = known else { return };
        let importer = IMPORTERS.iter().find(|entry| entry.0 == known).copied();
        let importer = importer.or_else(|| {
            let is_known = |function: &&ImportFunction| function.names.iter().any(|name| name == known);
            let function = self.input.rules.functions.iter().find(is_known)?;
            Some((
                known,
                function.position,
                function.keyword.as_str(),
                NamedThing::Package,
            ))
        });
        if let Some((name, position, keyword, named_thing)) = importer
            && let Some(argument) = argument(call, position, keyword)
        {
            self.note_import_call(call, name, argument, named_thing);
        }
    }

    /// Notes a call by a name that a table knows, if its first argument is known only at run time.
    fn note_computed_argument(&mut self, call: &ast::ExprCall) {
        let name = match call.func.as_ref() {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return,
        };
        let fact = format!("computed {name}");
        if self.input.rules.interesting.contains(&fact)
            && let Some(argument) = call.arguments.args.first()
            && self.constants.texts(argument).is_err()
        {
            self.mention_fact(&fact);
        }
    }

    /// Notes the imports of a call whose argument names a module.
    fn note_import_call(
        &mut self,
        call: &ast::ExprCall,
        function: &str,
        name: &Expr,
        named_thing: NamedThing,
    ) {
        let line = self.line(call);
        let texts = match self.constants.texts(name) {
            Ok(texts) => texts,
            Err(prefix) => {
                if let Expr::Name(parameter) = name
                    && matches!(
                        named_thing,
                        NamedThing::Module | NamedThing::Object | NamedThing::Main
                    )
                {
                    let taker = self.parameter(parameter.id.as_str());
                    self.scan.dynamics.takers.extend(taker);
                }
                if named_thing == NamedThing::Module {
                    let range = call.range();
                    self.scan.computed.push(ComputedImport {
                        start: range.start().to_usize(),
                        end: range.end().to_usize(),
                        line,
                        prefix: self.make_prefix(call, function, prefix),
                    });
                }
                return;
            }
        };
        for text in texts {
            let Some(module) = self.make_absolute(call, &text) else {
                continue;
            };
            match named_thing {
                NamedThing::Module if function == "__import__" => self.note_dunder_import(call, module, line),
                NamedThing::Module | NamedThing::Package => {
                    self.note_import(ImportTarget::Module(module), line, Form::Call);
                }
                NamedThing::Main => {
                    let target = names_target(module, vec!["__main__".to_owned()]);
                    self.note_import(target, line, Form::Call);
                }
                NamedThing::Object => self.note_import(object_target(&module), line, Form::Call),
                NamedThing::IfThere => {
                    let outer = std::mem::replace(&mut self.context.on_failure, OnFailure::Continue);
                    self.note_import(ImportTarget::Module(module), line, Form::Call);
                    self.context.on_failure = outer;
                }
            }
        }
    }

    /// Makes the absolute start of a name from the start that is known.
    fn make_prefix(&self, call: &ast::ExprCall, function: &str, prefix: String) -> String {
        if function == "__import__" {
            let level = level(call);
            return match self.input.absolute_name(level, "") {
                Some(package) if level > 0 => format!("{package}.{prefix}"),
                _ => prefix,
            };
        }
        let is_only_dots = !prefix.is_empty() && prefix.bytes().all(|byte| byte == b'.');
        match self.make_absolute(call, &prefix) {
            // A dot follows the package, and the rest of the name the dot.
            Some(package) if is_only_dots => format!("{package}."),
            Some(prefix) => prefix,
            None => String::new(),
        }
    }

    /// Notes a call of `__import__(name, globals, locals, fromlist, level)`.
    fn note_dunder_import(&mut self, call: &ast::ExprCall, module: String, line: Line) {
        let level = level(call);
        let elements = match argument(call, 3, "fromlist") {
            Some(Expr::List(list)) => &list.elts[..],
            Some(Expr::Tuple(tuple)) => &tuple.elts[..],
            _ => &[],
        };
        let texts = elements.iter().map(|name| self.constants.texts(name));
        let mut names: Vec<String> = texts.flat_map(Result::unwrap_or_default).collect();
        let star = names.iter().any(|name| name == "*");
        names.retain(|name| name != "*");
        if let Some(module) = self.input.absolute_name(level, &module) {
            self.note_import(ImportTarget::Names { module, names, star }, line, Form::Call);
        }
    }

    /// Makes the absolute name for `import_module(".name", package)`. `None` if the package is not
    /// known. Other names are already absolute.
    fn make_absolute(&self, call: &ast::ExprCall, name: &str) -> Option<String> {
        let dots = name.len() - name.trim_start_matches('.').len();
        if dots == 0 {
            return Some(name.to_owned());
        }
        let argument = argument(call, 1, "package")?;
        let input = &self.input;
        let own = match argument {
            Expr::Name(name) if name.id == "__name__" => Some(input.name.to_owned()),
            Expr::Name(name) if name.id == "__package__" => input.absolute_name(1, ""),
            Expr::Attribute(spec) if spec.attr.as_str() == "parent" => input.absolute_name(1, ""),
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

/// Gives the level of a call of `__import__`.
fn level(call: &ast::ExprCall) -> u32 {
    match argument(call, 4, "level") {
        Some(Expr::NumberLiteral(number)) => match &number.value {
            ast::Number::Int(int) => int.as_u8().map_or(0, u32::from),
            _ => 0,
        },
        _ => 0,
    }
}

/// Finds an argument of a call by its position or its name.
fn argument<'c>(call: &'c ast::ExprCall, position: usize, keyword: &str) -> Option<&'c Expr> {
    let arguments = &call.arguments;
    let is_named = |given: &&ast::Keyword| given.arg.as_ref().is_some_and(|name| name.as_str() == keyword);
    let by_name = || arguments.keywords.iter().find(is_named).map(|given| &given.value);
    arguments.args.get(position).or_else(by_name)
}

fn names_target(module: String, names: Vec<String>) -> ImportTarget {
    ImportTarget::Names {
        module,
        names,
        star: false,
    }
}

/// Makes the target for an object: `module:attribute`, or a dotted path of both.
fn object_target(path: &str) -> ImportTarget {
    if let Some((module, _)) = path.split_once(':') {
        return names_target(module.to_owned(), Vec::new());
    }
    match path.rsplit_once('.') {
        Some((module, name)) => names_target(module.to_owned(), vec![name.to_owned()]),
        None => names_target(path.to_owned(), Vec::new()),
    }
}

/// Whether a variable or parameter of this name holds a codec's name.
pub(crate) fn names_a_codec(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("encoding") || name.contains("charset") || name.contains("codec")
}
