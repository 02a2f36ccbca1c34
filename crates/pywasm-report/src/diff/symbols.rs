//! The text of `NAME.symbols.json` in, the functions and data of a module with the builtin module
//! that each is part of out. Keys that are not there, as in the files of an older pywasm, are
//! unknown.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The largest schema that is read.
const SCHEMA: u64 = 1;

/// The functions and data of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    /// In the module's order.
    pub functions: Vec<Symbol>,
    /// By address.
    pub data: Vec<Symbol>,
    /// Builtin modules with the source files that are theirs, where the file tells.
    pub builtins: BTreeMap<String, Vec<String>>,
}

/// A function, a variable or a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbol {
    /// Its name, where it is known.
    pub name: Option<String>,
    /// The source file that it comes from, where it is known.
    pub file: Option<String>,
    /// Bytes of a function's body, or of data in memory.
    pub bytes: u64,
}

/// The file, as far as a comparison needs it.
#[derive(Deserialize)]
struct File {
    schema: u64,
    functions: Vec<Entry>,
    #[serde(default)]
    symbols: Vec<Entry>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    builtins: BTreeMap<String, Vec<u32>>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    name: Option<String>,
    size: u64,
    /// An index of `files`.
    #[serde(default)]
    file: Option<u32>,
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
        let name = |index: &u32| file.files.get(*index as usize).cloned();
        let symbols = |entries: &[Entry]| {
            let symbol = |entry: &Entry| Symbol {
                name: entry.name.clone(),
                file: entry.file.as_ref().and_then(name),
                bytes: entry.size,
            };
            entries.iter().map(symbol).collect()
        };
        let builtins = file.builtins.iter();
        Ok(Self {
            functions: symbols(&file.functions),
            data: symbols(&file.symbols),
            builtins: builtins
                .map(|(module, files)| (module.clone(), files.iter().filter_map(name).collect()))
                .collect(),
        })
    }

    /// Whether it tells which source files the functions come from.
    pub(crate) fn has_files(&self) -> bool {
        self.functions.iter().any(|function| function.file.is_some())
    }

    /// The bytes of code and of data of each builtin module; of those that `modules` names.
    pub(crate) fn builtin_bytes(&self, modules: &[&str]) -> BTreeMap<String, [u64; 2]> {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for (module, files) in &self.builtins {
            owners.extend(files.iter().map(|file| (file.as_str(), module.as_str())));
        }
        let mut bytes: BTreeMap<String, [u64; 2]> = BTreeMap::new();
        for (kind, symbols) in [&self.functions, &self.data].into_iter().enumerate() {
            for symbol in symbols {
                let Some(file) = &symbol.file else { continue };
                let owner = owners.get(file.as_str()).copied().or_else(|| owner(file));
                if let Some(module) = owner.filter(|owner| modules.contains(owner)) {
                    let size = &mut bytes.entry(module.to_owned()).or_default()[kind];
                    *size = size.saturating_add(symbol.bytes);
                }
            }
        }
        bytes
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
fn owner(file: &str) -> Option<&str> {
    if let Some((_, module)) = SOURCES.iter().find(|(start, _)| file.starts_with(start)) {
        return Some(module);
    }
    let (first, rest) = file.split_once('/')?;
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
    fn source_files_lead_to_builtin_modules() {
        for (file, module) in [
            ("Modules/_decimal/_decimal.c", Some("_decimal")),
            ("mpdecimal/basearith.c", Some("_decimal")),
            ("Modules/_sre/sre.c", Some("_sre")),
            ("Modules/itertoolsmodule.c", Some("itertools")),
            ("Modules/cjkcodecs/_codecs_jp.c", Some("_codecs_jp")),
            ("Modules/_sqlite/cursor.c", Some("_sqlite3")),
            ("Python/ceval.c", None),
            ("linker", None),
        ] {
            assert_eq!(owner(file), module, "{file}");
        }
    }

    #[test]
    fn a_file_with_and_without_source_files_is_read() {
        let old =
            r#"{"schema":1,"functions":[{"index":0,"size":3},{"index":1,"name":"f","size":5}],"data":[]}"#;
        let old = Symbols::from_json(old).expect("a symbol file");
        assert!(!old.has_files());
        assert_eq!(old.functions[1].bytes, 5);
        let new = r#"{"schema":1,"files":["x/y.c"],"builtins":{"m":[0, 7]},
            "functions":[{"index":0,"name":"f","size":5,"file":0},{"index":2,"size":7,"file":9}],
            "symbols":[{"address":1,"size":3,"file":0}]}"#;
        let new = Symbols::from_json(new).expect("a symbol file");
        assert_eq!(new.builtin_bytes(&["m"]), [("m".to_owned(), [5, 3])].into());
        for wrong in ["", "[]", "{}", r#"{"schema":2,"functions":[]}"#] {
            assert!(Symbols::from_json(wrong).is_err(), "{wrong}");
        }
    }
}
