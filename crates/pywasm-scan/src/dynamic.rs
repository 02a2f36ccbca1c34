//! Notes what a file does to reach modules that no statement of it names: it lists its own folder, gives
//! its module a `__getattr__` that another package made, asks for entry points, or hands a name from
//! function to function until something imports it.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use ruff_python_ast::{self as ast, Expr};
use serde::{Deserialize, Serialize};

use crate::import::{Line, OnFailure};
use crate::input::{FileKind, Owner};
use crate::statements::Scanner;

/// One thing that a file does to reach modules that it does not name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dynamic {
    /// It lists the modules of this package.
    Lists(String),
    /// Another package made the `__getattr__` of its module.
    Attributes,
    /// It asks for the entry points of the groups that start so.
    EntryPoints(String),
}

/// A function that imports the module that one of its arguments names, or hands the name on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Taker {
    /// The function's own name.
    pub function: String,
    /// The position of the argument in a call, from 0.
    pub position: usize,
    /// The argument's name.
    pub keyword: String,
}

/// Where a call has an argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// At a position, from 0.
    Position(usize),
    /// By its name.
    Keyword(String),
}

/// An argument of a call, where it is a text or the parameter of the function around the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed<T> {
    /// The called function's own name.
    pub function: String,
    /// Where the call has it.
    pub place: Place,
    /// What is handed over.
    pub value: T,
    /// The line.
    pub line: Line,
}

impl<T> Handed<T> {
    /// Whether the function takes the argument that is meant.
    pub fn fits(&self, taker: &Taker) -> bool {
        self.function == taker.function
            && match &self.place {
                Place::Position(position) => *position == taker.position,
                Place::Keyword(keyword) => *keyword == taker.keyword,
            }
    }
}

/// What a file tells about names that it does not import itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Dynamics {
    /// What it does, with the lines.
    pub acts: Vec<(Dynamic, Line)>,
    /// Its functions that import what an argument names.
    pub takers: Vec<Taker>,
    /// Texts in calls that may name modules.
    pub texts: Vec<Handed<String>>,
    /// Parameters that its functions hand on.
    pub passed: Vec<Handed<Taker>>,
    /// Strings that may name modules, objects in them, or codecs, each with its first line.
    pub names: Vec<(String, Line)>,
    /// Dotted words in longer texts, such as a configuration in JSON. Each may name a module or an object in
    /// one.
    pub words: BTreeSet<String>,
    /// Codecs that data in the file names, as `charset=` does.
    pub charsets: Vec<String>,
    /// Modules that pickles in the file name.
    pub pickled: Vec<String>,
    /// The first use of a codec whose name only a run can tell.
    pub computed_codec: Option<Line>,
    /// The first such use for which nothing in the file can tell the name either: no argument of a function
    /// around it. Its start and end in the text.
    pub unknown_codec: Option<(usize, usize)>,
    /// The objects whose docstrings it reads, by their dotted names. `None`: only a run can tell which.
    pub documented: BTreeSet<Option<String>>,
    /// Whether a string of it ends in `.py`, so that it may look for files of this kind.
    pub looks_for_sources: bool,
}

/// Functions that list a folder, by the last part of their names.
const LISTERS: &[&str] = &["glob", "iglob", "iterdir", "listdir", "rglob", "scandir"];

/// No name of a module or codec is longer.
const LONGEST_NAME: usize = 120;

/// Longer texts are not searched for names of codecs.
const LONGEST_DATA: usize = 100_000;

impl<'a> Scanner<'a> {
    /// Notes a call that lists modules or entry points, and the names that it hands over.
    pub(crate) fn note_dynamic_call(&mut self, call: &'a ast::ExprCall, dotted: Option<&str>) {
        if self.input.owner != Owner::Program {
            return;
        }
        let line = self.line(call);
        let last = match call.func.as_ref() {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return,
        };
        match dotted {
            Some("pkgutil.iter_modules" | "pkgutil.walk_packages") => {
                let package = call.arguments.args.first().map(|path| self.listed_package(path));
                let package = package.flatten().unwrap_or_else(|| self.own_package());
                self.scan.dynamics.acts.push((Dynamic::Lists(package), line));
            }
            Some("exec" | "eval") => self.note_executed(call, line),
            Some("compile") => {
                // Something may execute the result, or only look at it.
                let outer = std::mem::replace(&mut self.context.on_failure, OnFailure::Continue);
                self.note_executed(call, line);
                self.context.on_failure = outer;
            }
            _ if last != "extend_path"
                && let Some(package) = self.handed_package(call) =>
            {
                self.scan.dynamics.acts.push((Dynamic::Lists(package), line));
            }
            _ if LISTERS.contains(&last) || dotted == Some("os.walk") => {
                self.lists.get_or_insert(line);
            }
            _ => {}
        }
        if matches!(last, "entry_points" | "iter_entry_points") {
            self.note_entry_points(call, line);
        }
        self.note_handed(call, last, line);
    }

    /// Notes what `entry_points(group=...)` asks for, if only a run can tell.
    fn note_entry_points(&mut self, call: &ast::ExprCall, line: Line) {
        let named = call.arguments.keywords.iter().find(|keyword| {
            let name = keyword.arg.as_ref().map(ast::Identifier::as_str);
            name == Some("group")
        });
        let Some(group) = named.map(|named| &named.value).or(call.arguments.args.first()) else {
            return;
        };
        if let Err(prefix) = self.constants.texts(group) {
            self.scan.dynamics.acts.push((Dynamic::EntryPoints(prefix), line));
        }
    }

    /// Notes the literal texts and the parameters that a call hands over.
    fn note_handed(&mut self, call: &ast::ExprCall, function: &str, line: Line) {
        let positional = call.arguments.args.iter().enumerate();
        let positional = positional.map(|(at, value)| (Place::Position(at), value));
        let named = call.arguments.keywords.iter().filter_map(|keyword| {
            let name = keyword.arg.as_ref()?;
            Some((Place::Keyword(name.to_string()), &keyword.value))
        });
        let mut texts = Vec::new();
        let mut passed = Vec::new();
        for (place, value) in positional.chain(named) {
            match value {
                Expr::Name(name) if self.parameter(name.id.as_str()).is_some() => {
                    passed.extend(self.parameter(name.id.as_str()).map(|taker| (place, taker)));
                }
                Expr::StringLiteral(_) | Expr::Name(_) => {
                    let values = self.constants.texts(value).unwrap_or_default();
                    let names = values.into_iter().filter(|text| is_name(text));
                    texts.extend(names.map(|text| (place.clone(), text)));
                }
                _ => {}
            }
        }
        let dynamics = &mut self.scan.dynamics;
        dynamics.texts.extend(hand(function, line, texts));
        dynamics.passed.extend(hand(function, line, passed));
    }

    /// Gives the argument of the function around this place that has the name.
    pub(crate) fn parameter(&self, name: &str) -> Option<Taker> {
        let function = self.functions.last()?;
        let parameters = &function.parameters;
        let all = parameters.posonlyargs.iter().chain(&parameters.args);
        let names: Vec<&str> = all.map(|one| one.parameter.name.as_str()).collect();
        let is_method = matches!(names.first(), Some(&("self" | "cls" | "mcs" | "klass")));
        let position = names.iter().position(|one| *one == name);
        let by_keyword = || {
            let mut named = parameters.kwonlyargs.iter();
            named.any(|one| one.parameter.name.as_str() == name)
        };
        let position = match position {
            Some(position) => position.checked_sub(usize::from(is_method))?,
            None if by_keyword() => usize::MAX,
            None => return None,
        };
        Some(Taker {
            function: function.name.to_string(),
            position,
            keyword: name.to_owned(),
        })
    }

    /// Gives the package whose `__path__`, or a folder of it, a call hands over: `register(linter, __path__[0])`.
    fn handed_package(&self, call: &ast::ExprCall) -> Option<String> {
        let named = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        let mut values = call.arguments.args.iter().chain(named);
        values.find_map(|value| match value {
            Expr::Subscript(subscript) => self.listed_package(&subscript.value),
            value => self.listed_package(value),
        })
    }

    /// Gives the package whose `__path__` an expression is.
    fn listed_package(&self, path: &Expr) -> Option<String> {
        match path {
            Expr::Attribute(attribute) if attribute.attr.as_str() == "__path__" => {
                let dotted = self.constants.dotted_name(&attribute.value)?;
                self.absolute_dotted(&dotted)
            }
            Expr::Name(name) if name.id.as_str() == "__path__" => Some(self.input.name.to_owned()),
            _ => None,
        }
    }

    /// Makes the absolute name of what an import binds.
    pub(crate) fn absolute_dotted(&self, dotted: &str) -> Option<String> {
        let rest = dotted.trim_start_matches('.');
        let level = u32::try_from(dotted.len() - rest.len()).ok()?;
        self.input.absolute_name(level, rest)
    }

    /// Gives the package that the file is in, or its own name if it is one or is in none.
    pub(crate) fn own_package(&self) -> String {
        let name = self.input.name;
        match (self.input.kind, name.rsplit_once('.')) {
            (FileKind::Module, Some((package, _))) => package.to_owned(),
            _ => name.to_owned(),
        }
    }

    /// Notes an assignment that gives the module a `__getattr__`.
    pub(crate) fn note_lazy_attributes(&mut self, assign: &ast::StmtAssign) {
        let is_getattr =
            |target: &Expr| matches!(target, Expr::Name(name) if name.id.as_str() == "__getattr__");
        let binds = |target: &Expr| match target {
            Expr::Tuple(tuple) => tuple.elts.iter().any(is_getattr),
            target => is_getattr(target),
        };
        if !self.context.in_class && self.functions.is_empty() && assign.targets.iter().any(binds) {
            let line = self.line(assign);
            self.scan.dynamics.acts.push((Dynamic::Attributes, line));
        }
    }

    /// Notes a text that may name a module, an object or a codec, or that is data with the name of a codec.
    pub(crate) fn note_text(&mut self, text: &str, line: Line) {
        if self.input.owner != Owner::Program {
            return;
        }
        let named = text.strip_prefix("ext://").unwrap_or(text);
        if is_name(named) {
            self.scan.dynamics.names.push((named.to_owned(), line));
        } else if text.len() <= LONGEST_DATA {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.'));
            let words = words.filter(|word| word.contains('.') && is_name(word));
            self.scan.dynamics.words.extend(words.map(str::to_owned));
        }
        self.scan.dynamics.looks_for_sources |= text.ends_with(".py");
        self.note_data(text.as_bytes());
    }

    /// Notes the codecs that data names, and the modules that a pickle names.
    pub(crate) fn note_data(&mut self, data: &[u8]) {
        if self.input.owner != Owner::Program || data.len() > LONGEST_DATA {
            return;
        }
        let text = String::from_utf8_lossy(data);
        self.scan.dynamics.charsets.extend(find_charsets(&text));
        let pickled = match decode_base64(data) {
            Some(bytes) => find_pickled(&bytes),
            None => find_pickled(data),
        };
        self.scan.dynamics.pickled.extend(pickled);
    }

    /// Walks the value of `__all__`, which mentions nothing if it is a list of texts.
    pub(crate) fn walk_exports(&mut self, value: &'a Expr) {
        if !matches!(value, Expr::List(_) | Expr::Tuple(_) | Expr::BinOp(_)) {
            self.walk_expression(value);
        }
    }

    /// Notes what the file does as a whole, after its last statement.
    pub(crate) fn finish_dynamics(&mut self) {
        if let Some(line) = self.lists
            && self.knows_its_folder
        {
            let package = self.own_package();
            self.scan.dynamics.acts.push((Dynamic::Lists(package), line));
        }
        let dynamics = &mut self.scan.dynamics;
        dynamics.names.sort();
        dynamics.names.dedup_by(|a, b| a.0 == b.0);
    }
}

/// Says of values, each at its place, that a call on this line hands them to a function.
fn hand<T>(function: &str, line: Line, values: Vec<(Place, T)>) -> impl Iterator<Item = Handed<T>> {
    values.into_iter().map(move |(place, value)| Handed {
        function: function.to_owned(),
        place,
        value,
        line,
    })
}

/// Whether a text can name a module, an object in one, or a codec.
fn is_name(text: &str) -> bool {
    let mut letters = text.bytes();
    !text.is_empty()
        && text.len() <= LONGEST_NAME
        && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-'))
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Finds the names of codecs in data: `charset=x` of a header, `encoding="x"` of XML, `=?x?` of a word in
/// a header, `# coding: x` in the first lines of a source.
fn find_charsets(text: &str) -> Vec<String> {
    let comments = text
        .lines()
        .take(2)
        .filter(|line| line.trim_start().starts_with('#'));
    let cookies =
        comments.filter_map(|line| line.split_once("coding:").or_else(|| line.split_once("coding=")));
    let mut found: Vec<String> = cookies
        .map(|(_, rest)| charset(rest.trim_start()).to_owned())
        .collect();
    found.retain(|name| !name.is_empty());
    for (mark, ends) in [("charset=", ""), ("encoding=", ""), ("=?", "?")] {
        for (at, _) in text.match_indices(mark) {
            let rest = text[at + mark.len()..].trim_start_matches(['"', '\'', '\\']);
            let name = charset(rest);
            let closed = ends.is_empty() || rest[name.len()..].starts_with(ends);
            if !name.is_empty() && closed {
                found.push(name.to_owned());
            }
        }
    }
    found
}

/// The name of a codec that a text begins with.
fn charset(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'));
    &text[..end.unwrap_or(text.len())]
}

/// Finds the modules that a pickle names. Every pickle since protocol 2 begins with its protocol; an older one
/// of an object begins with a name or a mark.
fn find_pickled(data: &[u8]) -> Vec<String> {
    const PROTOCOL: u8 = 0x80;
    const SHORT_TEXT: u8 = 0x8c;
    const GLOBAL: u8 = b'c';
    const MARK: u8 = b'(';
    const STOP: u8 = b'.';
    let is_new = data.first() == Some(&PROTOCOL) && data.get(1).is_some_and(|version| *version <= 5);
    let is_old = matches!(data.first(), Some(&(GLOBAL | MARK))) && data.last() == Some(&STOP);
    if !(is_new || is_old && data.contains(&b'\n')) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, code) in data.iter().enumerate().skip(if is_new { 2 } else { 0 }) {
        let text = match *code {
            SHORT_TEXT => {
                let end = data.get(at + 1).map(|length| at + 2 + usize::from(*length));
                end.and_then(|end| data.get(at + 2..end))
            }
            // Within a word, it is a letter.
            GLOBAL if at == 0 || !data[at - 1].is_ascii_alphanumeric() => {
                data[at + 1..].split(|byte| *byte == b'\n').next()
            }
            _ => None,
        };
        let text = text.and_then(|text| str::from_utf8(text).ok());
        found.extend(text.filter(|text| is_name(text)).map(str::to_owned));
    }
    found
}

/// Decodes Base64 of either alphabet without line ends. `None` if it is something else, or too short to
/// be anything but a word.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() < 16 {
        return None;
    }
    let decoded = STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text));
    decoded.ok()
}

#[cfg(test)]
mod tests {
    use super::{decode_base64, find_charsets, find_pickled};

    #[test]
    fn a_pickle_names_its_modules() {
        let text = b"gASVIgAAAAAAAACMCWZyYWN0aW9uc5SMCEZyYWN0aW9ulJOUSwFLA4aUUpQu";
        let bytes = decode_base64(text).expect("it is Base64");
        assert_eq!(find_pickled(&bytes), ["fractions", "Fraction"]);
        assert_eq!(find_pickled(b"\x80\x02cdecimal\nDecimal\nq\x00."), ["decimal"]);
        assert!(find_pickled(b"cdecimal\nDecimal\n").is_empty());
    }

    #[test]
    fn data_names_codecs() {
        let mail = "Subject: =?koi8-r?B?8A==?=\r\nContent-Type: text/plain; charset=iso-8859-2\r\n";
        assert_eq!(find_charsets(mail), ["iso-8859-2", "koi8-r"]);
        assert_eq!(
            find_charsets("<?xml version=\"1.0\" encoding='windows-1251'?>"),
            ["windows-1251"]
        );
        assert!(find_charsets("a=?b").is_empty());
        assert_eq!(
            find_charsets("#!python\n# -*- coding: cp949 -*-\na = 1"),
            ["cp949"]
        );
        assert!(find_charsets("# coding=big5").contains(&"big5".to_owned()));
        assert!(find_charsets("Content-Encoding: gzip\n").is_empty());
    }
}
