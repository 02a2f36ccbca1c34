//! Reads TOML tables by hand, so that every wrong key and type of a file is reported at once, each
//! with its line and column.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::suggest::closest;
use pywasm_diagnostic::{Diagnostic, Location};

/// The file that is read, and what was found wrong with it.
pub(crate) struct Reader<'s> {
    /// The file's name for messages.
    pub(crate) file: String,
    /// Its text.
    pub(crate) source: &'s str,
    /// What is wrong, in the order of the calls.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// How many syntax errors of a file are shown.
const MOST_FAULTS: usize = 100;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Item<T> {
    pub(crate) value: T,
    pub(crate) place: Location,
}

impl<'s> Reader<'s> {
    /// Parses the file. A file with syntax errors gives all of them and no table.
    pub(crate) fn parse(file: String, source: &'s str) -> (Self, Option<Spanned<DeTable<'s>>>) {
        let mut reader = Self {
            file,
            source,
            diagnostics: Vec::new(),
        };
        let (table, errors) = DeTable::parse_recoverable(source);
        // Each is shown with its line, which takes time.
        for error in errors.iter().take(MOST_FAULTS) {
            let span = error.span().unwrap_or(0..0);
            let message = format!("the file is not valid TOML: {}", error.message());
            let place = reader.place(span.start, span.end);
            reader
                .diagnostics
                .push(Diagnostic::new(message).with_location(place));
        }
        let table = errors.is_empty().then_some(table);
        (reader, table)
    }

    pub(crate) fn place(&self, start: usize, end: usize) -> Location {
        Location::span(self.file.clone(), self.source, start, end)
    }

    pub(crate) fn locate<T>(&self, spanned: &Spanned<T>) -> Location {
        let span = spanned.span();
        self.place(span.start, span.end)
    }

    /// Refuses the keys of `table` that are not in `known`.
    pub(crate) fn refuse_unknown(&mut self, table: &DeTable<'_>, header: &str, known: &[&str]) {
        for (key, _) in table.iter() {
            if known.contains(&key.get_ref().as_ref()) {
                continue;
            }
            let place = self.locate(key);
            let name = key.get_ref();
            let hint = match closest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys of {header} are {}", known.join(", ")),
            };
            let message = format!("unknown key `{name}` in {header}");
            self.diagnostics
                .push(Diagnostic::new(message).with_location(place).with_hint(hint));
        }
    }

    /// The keys of a table, in the order of the file.
    pub(crate) fn keys(&self, table: &DeTable<'_>) -> Vec<Item<String>> {
        let mut keys: Vec<_> = table.iter().map(|(key, _)| key).collect();
        keys.sort_by_key(|key| key.span().start);
        let item = |key: &Spanned<Cow<'_, str>>| Item {
            value: key.get_ref().to_string(),
            place: self.locate(key),
        };
        keys.into_iter().map(item).collect()
    }

    /// The table at `key`, if there is one.
    pub(crate) fn table<'t>(&mut self, table: &'t DeTable<'s>, key: &str) -> Option<&'t DeTable<'s>> {
        let value = table.get(key)?;
        let inner = value.get_ref().as_table();
        if inner.is_none() {
            self.wrong_type(key, "a table", value);
        }
        inner
    }

    /// The string at `key`.
    pub(crate) fn string(&mut self, table: &DeTable<'_>, key: &str) -> Option<Item<String>> {
        let value = table.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Item {
                value: text.to_owned(),
                place: self.locate(value),
            }),
            None => {
                self.wrong_type(key, "a string", value);
                None
            }
        }
    }

    /// The boolean at `key`.
    pub(crate) fn boolean(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        let answer = value.get_ref().as_bool();
        if answer.is_none() {
            self.wrong_type(key, "`true` or `false`", value);
        }
        answer
    }

    /// The array of strings at `key`; empty where there is none.
    pub(crate) fn strings(&mut self, table: &DeTable<'_>, key: &str) -> Vec<Item<String>> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, "an array of strings", value);
            return Vec::new();
        };
        let mut items = Vec::new();
        for element in array.iter() {
            match element.get_ref().as_str() {
                Some(text) => {
                    items.push(Item {
                        value: text.to_owned(),
                        place: self.locate(element),
                    });
                }
                None => self.wrong_type(key, "an array of strings", element),
            }
        }
        items
    }

    /// The string at `key`, or the array of strings there.
    pub(crate) fn string_or_strings(&mut self, table: &DeTable<'_>, key: &str) -> Vec<Item<String>> {
        match table.get(key) {
            Some(value) if value.get_ref().is_str() => self.string(table, key).into_iter().collect(),
            Some(value) if !value.get_ref().is_array() => {
                self.wrong_type(key, "a string or an array of strings", value);
                Vec::new()
            }
            _ => self.strings(table, key),
        }
    }

    /// The array at `key` whose elements are strings, or tables with `member` as their only key
    /// and a string in it; these come with `true`.
    pub(crate) fn strings_or_tables(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        member: &str,
    ) -> Vec<(Item<String>, bool)> {
        let wanted = format!("an array of strings and of `{{ {member} = \"...\" }}`");
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, &wanted, value);
            return Vec::new();
        };
        let mut items = Vec::new();
        for element in array.iter() {
            let inner = element.get_ref().as_table().filter(|table| table.len() == 1);
            let inner = inner.and_then(|table| table.get(member)?.get_ref().as_str());
            match element.get_ref().as_str().or(inner) {
                Some(text) => {
                    let value = text.to_owned();
                    let place = self.locate(element);
                    items.push((Item { value, place }, inner.is_some()));
                }
                None => self.wrong_type(key, &wanted, element),
            }
        }
        items
    }

    /// All string values of the table at `key`, in the order of the file.
    pub(crate) fn string_table(&mut self, table: &DeTable<'s>, key: &str) -> Vec<(String, Item<String>)> {
        let Some(inner) = self.table(table, key) else {
            return Vec::new();
        };
        let mut pairs: Vec<(usize, String, Item<String>)> = Vec::new();
        for (name, value) in inner.iter() {
            match value.get_ref().as_str() {
                Some(text) => {
                    let item = Item {
                        value: text.to_owned(),
                        place: self.locate(value),
                    };
                    pairs.push((name.span().start, name.get_ref().to_string(), item));
                }
                None => self.wrong_type(&format!("{key}.{}", name.get_ref()), "a string", value),
            }
        }
        pairs.sort_by_key(|(start, ..)| *start);
        pairs.into_iter().map(|(_, name, item)| (name, item)).collect()
    }

    pub(crate) fn wrong_type(&mut self, key: &str, wanted: &str, value: &Spanned<DeValue<'_>>) {
        let place = self.locate(value);
        let found = value.get_ref().type_str();
        let article = if found.starts_with(['a', 'i', 'o']) {
            "an"
        } else {
            "a"
        };
        let message = format!("`{key}` has to be {wanted}, not {article} {found}");
        self.diagnostics
            .push(Diagnostic::new(message).with_location(place));
    }
}
