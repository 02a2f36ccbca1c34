//! Parses and evaluates environment markers (PEP 508, and PEP 751 with its sets `extras` and
//! `dependency_groups`).

use pep440_rs::{Version, VersionSpecifier};
use pywasm_project::normalize;
use pywasm_target::{MARKERS, Target};

/// A marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Marker {
    Or(Vec<Marker>),
    And(Vec<Marker>),
    Compare(Value, String, Value),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Variable(String),
    Text(String),
}

/// What a marker is evaluated for: the target, and the chosen extras and groups (normalised).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) target: &'a Target,
    pub(crate) extras: &'a [String],
    pub(crate) groups: &'a [String],
}

/// How many parentheses a marker may have in each other. Each takes a part of the stack.
const DEEPEST: usize = 100;

impl Marker {
    /// Reads a marker; the error says what is wrong with the text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokenize(text)?;
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
            depth: 0,
        };
        let marker = parser.parse_or()?;
        match parser.peek() {
            None => Ok(marker),
            Some(token) => Err(format!("`{}` does not belong in the marker `{text}`", token.text)),
        }
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, scope: Scope<'_>) -> bool {
        match self {
            Self::Or(parts) => parts.iter().any(|part| part.holds(scope)),
            Self::And(parts) => parts.iter().all(|part| part.holds(scope)),
            Self::Compare(left, operator, right) => compare(left, operator, right, scope),
        }
    }
}

fn compare(left: &Value, operator: &str, right: &Value, scope: Scope<'_>) -> bool {
    // Extras are a set, and `==` tests for membership.
    for (one, other) in [(left, right), (right, left)] {
        let set = match one {
            Value::Variable(name) if name == "extra" || name == "extras" => scope.extras,
            Value::Variable(name) if name == "dependency_groups" => scope.groups,
            _ => continue,
        };
        let is_in = set.contains(&normalize(&text(other, scope)));
        return is_in != matches!(operator, "!=" | "not in");
    }
    let (a, b) = (text(left, scope), text(right, scope));
    match operator {
        "in" => return b.contains(&a),
        "not in" => return !b.contains(&a),
        _ => {}
    }
    let is_version = |value: &Value| {
        matches!(value, Value::Variable(name)
            if matches!(name.as_str(), "python_version" | "python_full_version" | "implementation_version"))
    };
    if is_version(left) || is_version(right) {
        let (version, operator, bound) = if is_version(left) {
            (&a, operator, &b)
        } else {
            (&b, mirrored(operator), &a)
        };
        let specifier = format!("{operator}{bound}").parse::<VersionSpecifier>();
        if let (Ok(version), Ok(specifier)) = (version.parse::<Version>(), specifier) {
            return specifier.contains(&version);
        }
    }
    match operator {
        "==" | "===" => a == b,
        "!=" => a != b,
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        ">=" => a >= b,
        _ => false,
    }
}

/// The operator with its sides exchanged.
fn mirrored(operator: &str) -> &str {
    match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        same => same,
    }
}

fn text(value: &Value, scope: Scope<'_>) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Variable(name) => {
            let found = scope.target.marker(name);
            found.unwrap_or_default()
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    text: String,
    is_string: bool,
}

fn tokenize(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (length, is_string) = match first {
            '\'' | '"' => match rest[1..].find(first) {
                Some(end) => (end + 2, true),
                None => return Err(format!("a quote is not closed in the marker `{text}`")),
            },
            '(' | ')' => (1, false),
            '<' | '>' | '=' | '!' | '~' => (run(rest, |c| matches!(c, '<' | '>' | '=' | '!' | '~')), false),
            c if c.is_ascii_alphabetic() => (
                run(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')),
                false,
            ),
            c => return Err(format!("`{c}` does not belong in the marker `{text}`")),
        };
        let token = &rest[..length];
        tokens.push(Token {
            text: if is_string {
                token[1..length - 1].to_owned()
            } else {
                token.to_owned()
            },
            is_string,
        });
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    /// How many parentheses are open.
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, word: &str) -> bool {
        let is_it = self
            .peek()
            .is_some_and(|token| !token.is_string && token.text == word);
        self.at += usize::from(is_it);
        is_it
    }

    fn parse_or(&mut self) -> Result<Marker, String> {
        let mut parts = vec![self.parse_and()?];
        while self.take("or") {
            parts.push(self.parse_and()?);
        }
        Ok(flatten(parts, Marker::Or))
    }

    fn parse_and(&mut self) -> Result<Marker, String> {
        let mut parts = vec![self.parse_comparison()?];
        while self.take("and") {
            parts.push(self.parse_comparison()?);
        }
        Ok(flatten(parts, Marker::And))
    }

    fn parse_comparison(&mut self) -> Result<Marker, String> {
        if self.take("(") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(format!(
                    "a marker has more than {DEEPEST} parentheses in each other"
                ));
            }
            let inner = self.parse_or()?;
            self.depth -= 1;
            return if self.take(")") {
                Ok(inner)
            } else {
                Err("a `)` is missing in a marker".to_owned())
            };
        }
        let left = self.parse_value()?;
        let operator = match self.peek() {
            _ if self.take("in") => "in".to_owned(),
            _ if self.take("not") => {
                if !self.take("in") {
                    return Err("`not` without `in` in a marker".to_owned());
                }
                "not in".to_owned()
            }
            Some(token) if !token.is_string && is_operator(&token.text) => {
                self.at += 1;
                token.text.clone()
            }
            _ => return Err("a comparison is missing in a marker".to_owned()),
        };
        Ok(Marker::Compare(left, operator, self.parse_value()?))
    }

    fn parse_value(&mut self) -> Result<Value, String> {
        let token = self.peek().ok_or("a marker ends too early")?;
        self.at += 1;
        if token.is_string {
            return Ok(Value::Text(token.text.clone()));
        }
        // The names of PEP 345, which old metadata has.
        let name = match token.text.as_str() {
            "os.name" => "os_name",
            "sys.platform" => "sys_platform",
            "platform.machine" => "platform_machine",
            "platform.version" => "platform_version",
            "platform.python_implementation" | "python_implementation" => "platform_python_implementation",
            name => name,
        };
        let is_set = matches!(name, "extra" | "extras" | "dependency_groups");
        if is_set || MARKERS.contains(&name) {
            Ok(Value::Variable(name.to_owned()))
        } else {
            Err(format!("`{name}` is not a variable of markers"))
        }
    }
}

fn is_operator(text: &str) -> bool {
    matches!(text, "<" | "<=" | "!=" | "==" | ">=" | ">" | "~=" | "===")
}

fn flatten(mut parts: Vec<Marker>, several: fn(Vec<Marker>) -> Marker) -> Marker {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            several(parts)
        }
        None => several(parts),
    }
}

#[cfg(test)]
mod tests {
    use pywasm_target::PythonVersion;

    use super::*;

    #[test]
    fn the_target_answers_and_not_the_host() {
        let target = Target::new(PythonVersion::new(3, 13, 15));
        let (extras, groups) = (["cli".to_owned()], ["dev".to_owned()]);
        let scope = Scope {
            target: &target,
            extras: &extras,
            groups: &groups,
        };
        for (text, wanted) in [
            ("sys_platform == 'wasi'", true),
            // What `platform.system()` says in an artifact.
            ("platform_system == 'wasi'", true),
            ("sys_platform == 'linux' or os_name == \"nt\"", false),
            (
                "platform_system != 'Windows' and (python_version < '3.9' or python_version >= '3.13')",
                true,
            ),
            ("python_version > '3.9'", true),
            ("'3.9' < python_version", true),
            ("python_full_version >= '3.13.16'", false),
            ("python_version ~= '3.10'", true),
            ("python_version == '3.*'", true),
            ("python_version in '3.12 3.13'", true),
            ("platform_machine not in 'x86_64 arm64'", true),
            ("extra == 'CLI'", true),
            ("extra != 'cli'", false),
            ("'docs' in extras or 'dev' in dependency_groups", true),
            (
                "platform_python_implementation == 'CPython' and implementation_name != 'pypy'",
                true,
            ),
            ("os.name == 'posix'", true),
        ] {
            let marker = Marker::parse(text).expect(text);
            assert_eq!(marker.holds(scope), wanted, "{text}");
        }
        for wrong in [
            "",
            "os_name",
            "os_name = 'x'",
            "nope == 'x'",
            "(os_name == 'x'",
            "os_name == 'x",
            "os_name == 'a' 'b'",
            "os_name not 'x'",
        ] {
            assert!(Marker::parse(wrong).is_err(), "{wrong}");
        }
        let nested = |depth| format!("{}os_name == 'posix'{}", "(".repeat(depth), ")".repeat(depth));
        assert!(Marker::parse(&nested(DEEPEST)).is_ok_and(|marker| marker.holds(scope)));
        assert!(Marker::parse(&nested(DEEPEST + 1)).is_err());
        assert!(Marker::parse(&"(".repeat(1_000_000)).is_err());
    }
}
