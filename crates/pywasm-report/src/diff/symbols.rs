//! Sums up the code and data of each builtin module, from the symbols of a module and the source
//! files that they come from.

use std::collections::BTreeMap;

/// The functions and data of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    /// In the module's order.
    pub functions: Vec<Symbol>,
    /// By address.
    pub data: Vec<Symbol>,
    /// Builtin modules with their source files, if the symbol file lists them.
    pub builtins: BTreeMap<String, Vec<String>>,
}

/// A function, a variable or a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbol {
    /// Its name, if it is known.
    pub name: Option<String>,
    /// The source file that it comes from, if it is known.
    pub file: Option<String>,
    /// Bytes of a function's body, or of data in memory.
    pub bytes: u64,
}

impl Symbols {
    /// Whether the source files of functions are known.
    pub(crate) fn has_files(&self) -> bool {
        self.functions.iter().any(|function| function.file.is_some())
    }

    /// Sums up the bytes of code and of data of each builtin module in `modules`.
    pub(crate) fn builtin_bytes(&self, modules: &[&str]) -> BTreeMap<String, [u64; 2]> {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for (module, files) in &self.builtins {
            owners.extend(files.iter().map(|file| (file.as_str(), module.as_str())));
        }
        let mut bytes: BTreeMap<String, [u64; 2]> = BTreeMap::new();
        for (kind, symbols) in [&self.functions, &self.data].into_iter().enumerate() {
            for symbol in symbols {
                let Some(file) = &symbol.file else { continue };
                let owner = owners.get(file.as_str()).copied().or_else(|| owner_of(file));
                if let Some(module) = owner.filter(|owner| modules.contains(owner)) {
                    let size = &mut bytes.entry(module.to_owned()).or_default()[kind];
                    *size = size.saturating_add(symbol.bytes);
                }
            }
        }
        bytes
    }
}

/// Libraries that only one builtin module uses.
const LIBRARIES: [(&str, &str); 6] = [
    ("bzip2", "_bz2"),
    ("expat", "pyexpat"),
    ("mpdecimal", "_decimal"),
    ("sqlite", "_sqlite3"),
    ("xz", "_lzma"),
    ("zlib", "zlib"),
];

/// Sources of builtin modules whose names differ from the module's.
const SOURCES: [(&str, &str); 4] = [
    ("Modules/_sqlite/", "_sqlite3"),
    ("Modules/signalmodule.c", "_signal"),
    ("Modules/timemodule.c", "time"),
    ("Python/Python-tokenize.c", "_tokenize"),
];

/// Guesses the builtin module of a source file by CPython's conventions: `Modules/_decimal/*`,
/// `Modules/_sre/sre.c`, `Modules/itertoolsmodule.c`, `Modules/_operator.c`.
fn owner_of(file: &str) -> Option<&str> {
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
            assert_eq!(owner_of(file), module, "{file}");
        }
    }

    #[test]
    fn bytes_count_to_the_module_that_the_files_belong_to() {
        let symbol = |file: Option<&str>, bytes| Symbol {
            name: None,
            file: file.map(str::to_owned),
            bytes,
        };
        let old = Symbols {
            functions: vec![symbol(None, 3)],
            ..Symbols::default()
        };
        assert!(!old.has_files());
        let new = Symbols {
            functions: vec![symbol(Some("x/y.c"), 5), symbol(None, 7)],
            data: vec![symbol(Some("x/y.c"), 3)],
            builtins: [("m".to_owned(), vec!["x/y.c".to_owned()])].into(),
        };
        assert!(new.has_files());
        assert_eq!(new.builtin_bytes(&["m"]), [("m".to_owned(), [5, 3])].into());
    }
}
