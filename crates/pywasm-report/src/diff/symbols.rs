//! The text of `NAME.symbols.json` in, the functions of a module with the builtin module that
//! each is part of out. Keys that are not there, as in the files of an older pywasm, are unknown.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The largest schema that is read.
const SCHEMA: u64 = 1;

/// The functions of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    /// In the module's order.
    pub functions: Vec<Function>,
    /// Builtin modules with the source files that are theirs, where the file tells.
    pub builtins: BTreeMap<String, Vec<String>>,
}

/// One function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Function {
    /// Its name, where it is known.
    pub name: Option<String>,
    /// The source file that it comes from, where it is known.
    pub area: Option<String>,
    /// Bytes of its body.
    pub bytes: u64,
}

#[derive(Deserialize)]
struct File {
    schema: u64,
    functions: Vec<Entry>,
    /// Texts that functions name by their index.
    #[serde(default)]
    areas: Value,
    #[serde(default)]
    builtins: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    name: Option<String>,
    size: u64,
    #[serde(default)]
    area: Value,
}

impl Symbols {
    /// Reads a symbol file.
    ///
    /// # Errors
    ///
    /// Says in a few words what is wrong with the text.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let file: File =
            serde_json::from_str(text).map_err(|_| "is not a symbol file of pywasm".to_owned())?;
        if file.schema > SCHEMA {
            return Err(format!(
                "has schema {}, this pywasm reads up to {SCHEMA}",
                file.schema
            ));
        }
        let names = file.areas.as_array();
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(index) => {
                let index = usize::try_from(index.as_u64()?).ok()?;
                let name = names?.get(index)?;
                Some(name.as_str().or_else(|| name["name"].as_str())?.to_owned())
            }
            _ => None,
        };
        let files = |value: &Value| match value.as_array() {
            Some(list) => list.iter().filter_map(text).collect(),
            None => text(value).into_iter().collect(),
        };
        Ok(Self {
            functions: file
                .functions
                .iter()
                .map(|entry| Function {
                    name: entry.name.clone(),
                    area: text(&entry.area),
                    bytes: entry.size,
                })
                .collect(),
            builtins: file
                .builtins
                .iter()
                .map(|(name, value)| (name.clone(), files(value)))
                .collect(),
        })
    }

    /// Whether it tells which source files the functions come from.
    pub(crate) fn has_areas(&self) -> bool {
        self.functions.iter().any(|function| function.area.is_some())
    }

    /// The code bytes of each builtin module; of those that `modules` names.
    pub(crate) fn builtin_code(&self, modules: &[&str]) -> BTreeMap<String, u64> {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for (module, files) in &self.builtins {
            owners.extend(files.iter().map(|file| (file.as_str(), module.as_str())));
        }
        let mut code = BTreeMap::new();
        for function in &self.functions {
            let Some(area) = &function.area else { continue };
            let owner = owners.get(area.as_str()).copied().or_else(|| owner(area));
            if let Some(module) = owner.filter(|owner| modules.contains(owner)) {
                let size: &mut u64 = code.entry(module.to_owned()).or_default();
                *size = size.saturating_add(function.bytes);
            }
        }
        code
    }
}

/// Libraries that one builtin module is there for.
const LIBRARIES: [(&str, &str); 6] = [
    ("bzip2", "_bz2"),
    ("expat", "pyexpat"),
    ("mpdecimal", "_decimal"),
    ("sqlite", "_sqlite3"),
    ("xz", "_lzma"),
    ("zlib", "zlib"),
];

/// Sources of builtin modules that are not called like the module.
const SOURCES: [(&str, &str); 4] = [
    ("Modules/_sqlite/", "_sqlite3"),
    ("Modules/signalmodule.c", "_signal"),
    ("Modules/timemodule.c", "time"),
    ("Python/Python-tokenize.c", "_tokenize"),
];

/// The builtin module that a source file is part of, by CPython's habits: `Modules/_decimal/*`,
/// `Modules/_sre/sre.c`, `Modules/itertoolsmodule.c`, `Modules/_operator.c`.
fn owner(area: &str) -> Option<&str> {
    if let Some((_, module)) = SOURCES.iter().find(|(start, _)| area.starts_with(start)) {
        return Some(module);
    }
    let (first, rest) = area.split_once('/')?;
    if let Some((_, module)) = LIBRARIES.iter().find(|(library, _)| *library == first) {
        return Some(module);
    }
    if first != "Modules" {
        return None;
    }
    if let Some((folder, _)) = rest.split_once('/').filter(|(folder, _)| folder.starts_with('_')) {
        return Some(folder);
    }
    let file = rest.rsplit('/').next()?;
    let stem = file.split('.').next()?;
    Some(stem.strip_suffix("module").unwrap_or(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_lead_to_builtin_modules() {
        for (area, module) in [
            ("Modules/_decimal/_decimal.c", Some("_decimal")),
            ("mpdecimal/basearith.c", Some("_decimal")),
            ("Modules/_sre/sre.c", Some("_sre")),
            ("Modules/itertoolsmodule.c", Some("itertools")),
            ("Modules/cjkcodecs/_codecs_jp.c", Some("_codecs_jp")),
            ("Modules/_sqlite/cursor.c", Some("_sqlite3")),
            ("Python/ceval.c", None),
            ("linker", None),
        ] {
            assert_eq!(owner(area), module, "{area}");
        }
    }

    #[test]
    fn a_file_with_and_without_areas_is_read() {
        let old =
            r#"{"schema":1,"functions":[{"index":0,"size":3},{"index":1,"name":"f","size":5}],"data":[]}"#;
        let old = Symbols::from_json(old).expect("a symbol file");
        assert!(!old.has_areas());
        assert_eq!(old.functions[1].bytes, 5);
        let new = r#"{"schema":1,"areas":["x/y.c"],"builtins":{"m":[0]},
            "functions":[{"index":0,"name":"f","size":5,"area":0},{"index":1,"size":7,"area":"x/y.c"},{"index":2,"size":7,"area":9}]}"#;
        let new = Symbols::from_json(new).expect("a symbol file");
        assert_eq!(new.builtin_code(&["m"]), [("m".to_owned(), 12)].into());
        for wrong in ["", "[]", "{}", r#"{"schema":2,"functions":[]}"#] {
            assert!(Symbols::from_json(wrong).is_err(), "{wrong}");
        }
    }
}
