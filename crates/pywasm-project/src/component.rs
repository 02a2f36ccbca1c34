//! Reads `[tool.pywasm.component]`: the world that the program stands behind.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use pywasm_report::UnknownChoice;
use toml::de::DeTable;

use crate::config::choice_of;
use crate::source_roots;
use crate::spanned::Spanned;
use crate::table::{Item, Reader};
use pywasm_diagnostic::Diagnostic;

/// The keys.
const KEYS: &[&str] = &["wit", "world", "exceptions"];

/// Where WIT is looked for unless the configuration says otherwise.
const WIT: &str = "wit";

/// What the file says.
#[derive(Debug, Clone, Default)]
pub(crate) struct ComponentTable {
    wit: Option<Item<String>>,
    worlds: Vec<Item<String>>,
    exceptions: Option<Exceptions>,
}

/// What becomes of an exception that leaves an exported function, and is no `Err`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Exceptions {
    /// A traceback on standard error, and the end of the instance.
    #[default]
    Trap,
    /// The error of the function's result, where that is a string; else as [`Self::Trap`].
    Err,
}

impl Exceptions {
    const CHOICES: &'static [&'static str] = &["trap", "err"];
}

impl FromStr for Exceptions {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, UnknownChoice> {
        match text {
            "trap" => Ok(Self::Trap),
            "err" => Ok(Self::Err),
            _ => Err(UnknownChoice {
                value: text.to_owned(),
                choices: Self::CHOICES,
            }),
        }
    }
}

/// A component's world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The folder or file with the WIT, absolute; none where all worlds are of packages that pywasm brings.
    pub wit: Option<PathBuf>,
    /// The worlds, which become one; the package's only world where there is none.
    pub worlds: Vec<Spanned<String>>,
    /// What becomes of exceptions.
    pub exceptions: Exceptions,
}

/// Reads the table; `tool` is `[tool.pywasm]`.
pub(crate) fn read<'s>(reader: &mut Reader<'s>, tool: &DeTable<'s>) -> Option<ComponentTable> {
    let table = reader.table(tool, "component")?;
    reader.refuse_unknown(table, "[tool.pywasm.component]", KEYS);
    Some(ComponentTable {
        wit: reader.string(table, "wit"),
        worlds: reader.string_or_strings(table, "world"),
        exceptions: choice_of(
            reader,
            table,
            "exceptions",
            "component.exceptions",
            Exceptions::CHOICES,
        ),
    })
}

/// Finds the WIT. `worlds` of the command line stand in the place of those that the file names.
pub(crate) fn check(
    root: &Path,
    table: Option<ComponentTable>,
    worlds: &[String],
    wrong: &mut Vec<Diagnostic>,
) -> Option<Component> {
    let given = worlds.iter().map(|world| Spanned {
        value: world.clone(),
        place: None,
    });
    let mut worlds: Vec<Spanned<String>> = given.collect();
    let table = match table {
        Some(table) => table,
        None if worlds.is_empty() => return None,
        None => ComponentTable::default(),
    };
    if worlds.is_empty() {
        worlds.extend(table.worlds.into_iter().map(|item| Spanned {
            value: item.value,
            place: Some(item.place),
        }));
    }
    let text = table.wit.as_ref().map_or(WIT, |item| &item.value);
    let wit = source_roots::inside(root, text).filter(|path| path.exists());
    let is_brought = !worlds.is_empty() && worlds.iter().all(|world| world.value.starts_with("wasi:"));
    if wit.is_none() && (table.wit.is_some() || !is_brought) {
        let message = format!("`component.wit`: there is no `{text}` in the project");
        let mut diagnostic = Diagnostic::new(message)
            .with_hint("name the folder or the file with the world's WIT, relative to the project");
        diagnostic.location = table.wit.map(|item| item.place);
        wrong.push(diagnostic);
        return None;
    }
    Some(Component {
        wit,
        worlds,
        exceptions: table.exceptions.unwrap_or_default(),
    })
}
