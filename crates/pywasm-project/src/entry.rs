//! Finds where a program starts: as the configuration or the command line says, otherwise by the
//! rules that Python tools share.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::Error;
use crate::config::Config;
use crate::distribution_name::normalize;
use crate::pattern::is_dotted_name;
use pywasm_diagnostic::Diagnostic;
use pywasm_target::is_identifier;

/// The forms that an entry can have, for hints.
pub(crate) const FORMS: &str =
    "an entry is a module (`package.module`), a function (`package.module:main`) or a script (`main.py`)";

/// Where a program starts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    /// A file, run as `python FILE` does: its folder is a source root, and it is `__main__`.
    /// Relative to the project root as long as it is only text; in a [`crate::Project`], the
    /// file's path.
    Script(PathBuf),
    /// A module or a package, run as `python -m NAME` does.
    Module(String),
    /// A function that is called without arguments, as an installed console script does; what it
    /// returns becomes the exit code.
    Function {
        /// The module that is imported.
        module: String,
        /// A dotted path of attributes in it.
        attribute: String,
    },
}

/// A text that is not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an entry")]
pub struct InvalidEntry(pub String);

impl FromStr for Entry {
    type Err = InvalidEntry;

    fn from_str(text: &str) -> Result<Self, InvalidEntry> {
        let wrong = || InvalidEntry(text.to_owned());
        let text = text.trim();
        if text.ends_with(".py") {
            return Ok(Self::Script(PathBuf::from(text)));
        }
        match text.split_once(':') {
            Some((module, attribute)) => {
                // A script entry of a wheel may name extras after the function: `m:f [extra]`.
                let attribute = attribute.split('[').next().unwrap_or_default().trim();
                let module = module.trim();
                if is_dotted_name(module) && is_dotted_name(attribute) {
                    let (module, attribute) = (module.to_owned(), attribute.to_owned());
                    return Ok(Self::Function { module, attribute });
                }
                Err(wrong())
            }
            None if is_dotted_name(text) => Ok(Self::Module(text.to_owned())),
            None => Err(wrong()),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Script(path) => write!(f, "{}", path.display()),
            Self::Module(name) => f.write_str(name),
            Self::Function { module, attribute } => write!(f, "{module}:{attribute}"),
        }
    }
}

/// What a folder's program is when nobody said so: the only `[project.scripts]` entry or the one
/// of the project's name; `__main__.py`; one of `main.py`, `app.py`, `NAME.py`; a package with a
/// `__main__`. Two that are equally good are an error.
pub(crate) fn guess(
    root: &Path,
    name: &str,
    config: &Config,
    source_roots: &[PathBuf],
) -> Result<Entry, Error> {
    if let Some(entry) = from_scripts(name, config)? {
        return Ok(entry);
    }
    let mut folders: Vec<&Path> = vec![root];
    folders.extend(
        source_roots
            .iter()
            .map(PathBuf::as_path)
            .filter(|folder| *folder != root),
    );
    for folder in &folders {
        let main = folder.join("__main__.py");
        if main.is_file() {
            return Ok(Entry::Script(main));
        }
    }
    let module = name.replace(['-', '.', ' '], "_");
    let mut names = vec!["main.py".to_owned(), "app.py".to_owned()];
    for own in [format!("{module}.py"), format!("{}.py", module.to_lowercase())] {
        if !names.contains(&own) {
            names.push(own);
        }
    }
    for folder in &folders {
        let mut found: Vec<&str> = Vec::new();
        for file in &names {
            if folder.join(file).is_file() && !found.iter().any(|f| f.eq_ignore_ascii_case(file)) {
                found.push(file);
            }
        }
        match found.as_slice() {
            [] => {}
            [file] => return Ok(Entry::Script(folder.join(file))),
            several => return Err(ambiguous_entry(several.iter().map(|file| format!("`{file}`")))),
        }
    }
    let packages: Vec<String> = source_roots.iter().flat_map(|root| runnable(root)).collect();
    let own = packages
        .iter()
        .find(|package| package.eq_ignore_ascii_case(&module));
    match (own, packages.as_slice()) {
        (Some(package), _) => Ok(Entry::Module(package.clone())),
        (None, [package]) => Ok(Entry::Module(package.clone())),
        (None, []) => Err(no_entry(&names)),
        (None, several) => Err(ambiguous_entry(
            several.iter().map(|package| format!("the package `{package}`")),
        )),
    }
}

fn from_scripts(name: &str, config: &Config) -> Result<Option<Entry>, Error> {
    let own = config
        .scripts
        .iter()
        .find(|(script, _)| normalize(script) == normalize(name));
    let (script, item) = match (own, config.scripts.as_slice()) {
        (Some(script), _) => script,
        (None, []) => return Ok(None),
        (None, [script]) => script,
        (None, several) => {
            return Err(ambiguous_entry(
                several
                    .iter()
                    .map(|(script, item)| format!("script `{script}` = `{}`", item.value)),
            ));
        }
    };
    match item.value.parse() {
        Ok(entry @ Entry::Function { .. }) => Ok(Some(entry)),
        _ => Err(Diagnostic::new(format!(
            "the script `{script}` does not have the form `module:function`"
        ))
        .with_location(item.place.clone())
        .into()),
    }
}

/// The packages directly in a source root that have a `__main__`, sorted.
fn runnable(root: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_identifier(name) && root.join(name).join("__main__.py").is_file())
        .collect();
    names.sort();
    names
}

fn ambiguous_entry(found: impl Iterator<Item = String>) -> Error {
    let found: Vec<String> = found.collect();
    Diagnostic::new(format!(
        "pywasm cannot tell where the program starts; candidates are {}",
        found.join(", ")
    ))
    .with_hint(format!(
        "write `entry = \"...\"` under [tool.pywasm], or pass `--entry ...`; {FORMS}"
    ))
    .into()
}

fn no_entry(names: &[String]) -> Error {
    Diagnostic::new(format!(
        "pywasm cannot tell where the program starts: there is no [project.scripts], no `__main__.py`, no {} and no package with a `__main__.py`",
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", no ")
    ))
    .with_hint(format!("write `entry = \"...\"` under [tool.pywasm], or pass `--entry ...`; {FORMS}"))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms() {
        let parse = |text: &str| text.parse::<Entry>();
        assert_eq!(parse("a.b").expect("a value"), Entry::Module("a.b".into()));
        assert_eq!(
            parse("x/main.py").expect("a value"),
            Entry::Script("x/main.py".into())
        );
        let function = Entry::Function {
            module: "a.b".into(),
            attribute: "C.run".into(),
        };
        assert_eq!(parse("a.b:C.run").expect("a value"), function);
        assert_eq!(parse("a.b:C.run [extra]").expect("a value"), function);
        for bad in ["", "a-b", "a:", ":f", "a b", "a.b:f()", "folder/"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
