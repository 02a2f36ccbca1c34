//! Describes an import: what it imports, when it runs, and what happens if it fails.

use std::fmt;
use std::num::NonZeroU32;

use ruff_source_file::OneIndexed;
use serde::{Deserialize, Serialize};

use crate::names::NameId;

/// What an import statement or call imports; names are absolute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportTarget {
    /// A module and, through it, its parents.
    Module(String),
    /// Names of a module, which may be its submodules.
    Names {
        /// The module.
        module: String,
        /// The names.
        names: Vec<String>,
        /// Whether it imports `*`.
        star: bool,
    },
    /// A relative import that leaves the package; the text as written.
    Beyond(String),
}

/// A line of a file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Line(NonZeroU32);

impl Line {
    /// The first line.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// Makes the line of this number. `None` if it is 0.
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// Makes the line at this index of a file.
    pub(crate) fn from_index(index: OneIndexed) -> Self {
        let before = u32::try_from(index.to_zero_indexed()).unwrap_or(u32::MAX);
        Self(NonZeroU32::MIN.saturating_add(before))
    }

    /// Its number.
    pub fn number(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

/// How an import is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// As a statement.
    Statement,
    /// As a call, such as one of `importlib.import_module`.
    Call,
}

/// When an import runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// During the import of its module.
    Load,
    /// In a call of a function.
    Call,
}

/// What happens if an import fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnFailure {
    /// The exception goes on.
    Raise,
    /// The program catches it and continues.
    Continue,
}

/// The condition under which an import runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Condition {
    /// None.
    Always,
    /// Another import fails: one of those in [`Import::instead`].
    AfterFailure,
    /// Something that only a run can decide.
    Unknown,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// What it imports.
    pub target: ImportTarget,
    /// Its line.
    pub line: Line,
    /// How it is written.
    pub form: Form,
    /// When it runs.
    pub when: When,
    /// What happens if it fails.
    pub on_failure: OnFailure,
    /// The condition under which it runs.
    pub condition: Condition,
    /// It runs only after the first imports of these `try` bodies: the body's number, and how many
    /// imports have to succeed.
    pub after: Vec<(usize, usize)>,
    /// It runs only if one of the imports of these `try` bodies fails.
    pub instead: Vec<usize>,
    /// It runs only if the program uses all of these names: those of the functions and classes around
    /// it.
    pub gates: Vec<NameId>,
}

impl Import {
    /// Whether the module cannot be imported without it.
    pub fn is_certain(&self) -> bool {
        self.when == When::Load
            && self.on_failure == OnFailure::Raise
            && self.condition == Condition::Always
            && self.instead.is_empty()
    }
}

/// The body of a `try` that catches a failed import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TryBody {
    /// What it always imports, in order.
    pub imports: Vec<ImportTarget>,
    /// Whether it does nothing else.
    pub only_imports: bool,
}
