//! A line of `Requires-Dist` or `[project] dependencies`: its name, its extras, and whether it
//! counts on WASI. In: text as PEP 508 has it. Out: a [`Requirement`], if its marker holds.

use pywasm_deps::normalize;

/// What is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Requirement {
    /// The normalised name.
    pub(crate) name: String,
    /// The extras that are asked for, normalised.
    pub(crate) extras: Vec<String>,
}

/// The requirement, if its marker holds for the artifact's Python and one of these extras (or
/// none). A marker that cannot be read counts as one that holds: a path too many is better than
/// one too few.
pub(crate) fn read(text: &str, python: &str, extras: &[String]) -> Option<Requirement> {
    let (head, marker) = match text.split_once(';') {
        Some((head, marker)) => (head, Some(marker)),
        None => (text, None),
    };
    if let Some(marker) = marker {
        let mut asked: Vec<&str> = extras.iter().map(String::as_str).collect();
        asked.push("");
        let holds = |extra: &&str| Marker::of(marker, python, extra).whole().unwrap_or(true);
        if !asked.iter().any(holds) {
            return None;
        }
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let head = head.trim();
    let end = head.find(|c| !is_name(c)).unwrap_or(head.len());
    let rest = head[end..].trim_start();
    let extras = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inside, _)) => inside
            .split(',')
            .map(|extra| normalize(extra.trim()))
            .filter(|name| !name.is_empty())
            .collect(),
        None => Vec::new(),
    };
    (end > 0).then(|| Requirement {
        name: normalize(&head[..end]),
        extras,
    })
}

/// A marker on its way to a truth value.
struct Marker<'a> {
    words: Vec<String>,
    at: usize,
    python: &'a str,
    extra: &'a str,
}

impl<'a> Marker<'a> {
    fn of(text: &str, python: &'a str, extra: &'a str) -> Self {
        Self {
            words: words(text),
            at: 0,
            python,
            extra,
        }
    }

    fn whole(mut self) -> Option<bool> {
        let truth = self.any()?;
        (self.at == self.words.len()).then_some(truth)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at).is_some_and(|next| next == word);
        self.at += usize::from(found);
        found
    }

    fn next(&mut self) -> Option<String> {
        self.at += 1;
        self.words.get(self.at - 1).cloned()
    }

    fn any(&mut self) -> Option<bool> {
        let mut truth = self.all()?;
        while self.take("or") {
            truth |= self.all()?;
        }
        Some(truth)
    }

    fn all(&mut self) -> Option<bool> {
        let mut truth = self.one()?;
        while self.take("and") {
            truth &= self.one()?;
        }
        Some(truth)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let truth = self.any()?;
            return self.take(")").then_some(truth);
        }
        let left = self.next()?;
        let mut operator = self.next()?;
        if operator == "not" && self.take("in") {
            operator = "not in".to_owned();
        }
        let right = self.next()?;
        let is_version = [&left, &right].iter().any(|word| {
            matches!(
                word.as_str(),
                "python_version" | "python_full_version" | "implementation_version"
            )
        });
        let is_extra = [&left, &right].iter().any(|word| *word == "extra");
        let (mut left, mut right) = (self.value(&left)?, self.value(&right)?);
        if is_extra {
            (left, right) = (normalize(&left), normalize(&right));
        }
        if is_version && !operator.contains("in") {
            return versions(&left, &operator, &right);
        }
        match operator.as_str() {
            "==" => Some(left == right),
            "!=" => Some(left != right),
            "in" => Some(right.contains(&left)),
            "not in" => Some(!right.contains(&left)),
            "<" => Some(left < right),
            "<=" => Some(left <= right),
            ">" => Some(left > right),
            ">=" => Some(left >= right),
            _ => None,
        }
    }

    fn value(&self, word: &str) -> Option<String> {
        if let Some(text) = word.strip_prefix(['"', '\'']) {
            return Some(text.to_owned());
        }
        let minor: Vec<&str> = self.python.split('.').take(2).collect();
        let value = match word {
            "os_name" => "posix",
            "sys_platform" => "wasi",
            "platform_system" => "WASI",
            "platform_machine" => "wasm32",
            "platform_python_implementation" => "CPython",
            "implementation_name" => "cpython",
            "python_full_version" | "implementation_version" => self.python,
            "python_version" => return Some(minor.join(".")),
            "platform_release" | "platform_version" => "",
            "extra" => self.extra,
            _ => return None,
        };
        Some(value.to_owned())
    }
}

/// The words of a marker; a text keeps its first quote.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '(' | ')' => rest.split_at(1),
            '"' | '\'' => {
                let end = rest[1..].find(first).map_or(rest.len(), |at| at + 1);
                let (word, after) = rest.split_at(end);
                (word, after.get(1..).unwrap_or(""))
            }
            '<' | '>' | '=' | '!' | '~' => {
                rest.split_at(rest.find(|c| !"<>=!~".contains(c)).unwrap_or(rest.len()))
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()<>=!~\"'".contains(c));
                rest.split_at(end.unwrap_or(rest.len()))
            }
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

/// Compares the numbers of two versions.
fn versions(left: &str, operator: &str, right: &str) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let (right, any) = match right.strip_suffix(".*") {
        Some(start) => (start, true),
        None => (right, false),
    };
    let order = compare(left, right, any);
    Some(match operator {
        "==" | "===" => order == Equal,
        "!=" => order != Equal,
        "<" => order == Less,
        "<=" => order != Greater,
        ">" => order == Greater,
        ">=" => order != Less,
        "~=" => {
            let start = right.rsplit_once('.')?.0;
            order != Less && compare(left, start, true) == Equal
        }
        _ => return None,
    })
}

/// The order of two versions by their numbers; with `start`, of no more numbers than `right` has.
pub(crate) fn compare(left: &str, right: &str, start: bool) -> std::cmp::Ordering {
    let numbers = |text: &str| -> Vec<u64> {
        text.split('.')
            .map(|part| {
                let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
                digits.parse().unwrap_or(0)
            })
            .collect()
    };
    let (mut left, mut right) = (numbers(left), numbers(right));
    if start {
        left.truncate(right.len());
    }
    let length = left.len().max(right.len());
    left.resize(length, 0);
    right.resize(length, 0);
    left.cmp(&right)
}

#[cfg(test)]
mod tests {
    use super::read;

    fn holds(marker: &str, extras: &[&str]) -> bool {
        let extras: Vec<String> = extras.iter().map(|extra| (*extra).to_owned()).collect();
        read(&format!("x; {marker}"), "3.13.15", &extras).is_some()
    }

    #[test]
    fn markers_are_evaluated_for_wasi() {
        assert!(holds("sys_platform == 'wasi'", &[]));
        assert!(!holds("sys_platform == \"win32\" or os_name == 'nt'", &[]));
        assert!(holds("python_version >= '3.9' and python_version < '4'", &[]));
        assert!(!holds("python_full_version < '3.11'", &[]));
        assert!(holds("(platform_python_implementation != 'PyPy')", &[]));
        assert!(!holds("extra == 'ssh'", &[]));
        assert!(holds("extra == 'SSH' and os_name == 'posix'", &["ssh"]));
        assert!(holds("platform_machine not in 'x86_64 aarch64'", &[]));
        assert!(holds("something odd", &[]));
    }

    #[test]
    fn a_requirement_has_a_name_and_extras() {
        let read = read("Foo_Bar[Baz, qux] (>=1.0)", "3.13.0", &[]).expect("it counts");
        assert_eq!(
            (read.name.as_str(), read.extras),
            ("foo-bar", vec!["baz".to_owned(), "qux".to_owned()])
        );
    }
}
