//! Defines what an audit says, as data. Its JSON form is `pywasm check --format json`;
//! `docs/reference/check.md` explains each key.

use pywasm_report::ComponentEntry;
use serde::Serialize;

use crate::native::MachineCode;

/// The version of the JSON form.
pub const SCHEMA: u32 = 1;

/// How serious something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing is wrong.
    None,
    /// A fact worth knowing.
    Note,
    /// The program fails if it gets there.
    Warning,
    /// The program cannot run.
    Error,
}

impl Level {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a distribution is made of, and what that means on WASI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It has no compiled code.
    Pure,
    /// It has compiled code, but the program works without it.
    Fallback,
    /// Its compiled code is built for WASI.
    Wasi,
    /// It has compiled code for another platform.
    Native,
}

impl Verdict {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pure => "pure",
            Self::Fallback => "fallback",
            Self::Wasi => "wasi",
            Self::Native => "native",
        }
    }
}

/// The result of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The program that made the audit.
    pub tool: Tool,
    /// The project's name.
    pub project: String,
    /// The platform that it is for.
    pub target: Target,
    /// The counts.
    pub summary: Summary,
    /// What a component has of its world; not there for a module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentEntry>,
    /// Every distribution, sorted by name.
    pub distributions: Vec<DistributionAudit>,
    /// Modules of CPython's standard library that WASI lacks and something imports.
    pub stdlib: Vec<AbsentModule>,
    /// Calls that cannot work.
    pub calls: Vec<CallSite>,
    /// What else stops a build, or may go wrong.
    pub problems: Vec<Problem>,
}

/// A program with its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// `pywasm`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The platform that programs are judged for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// `wasm32-wasip1`.
    pub platform: String,
    /// The version of Python.
    pub python: String,
    /// The base's id.
    pub base: String,
}

/// The counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Findings that stop the program.
    pub errors: usize,
    /// Findings that may.
    pub warnings: usize,
    /// Distributions by verdict.
    pub pure: usize,
    /// Those with a fallback.
    pub fallback: usize,
    /// Those built for WASI.
    pub wasi: usize,
    /// Those with compiled code for something else.
    pub native: usize,
}

/// The verdict on one distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DistributionAudit {
    /// Its name, normalised; for compiled modules of no distribution, the top-level module's.
    pub name: String,
    /// Its version; `None` for modules of no distribution.
    pub version: Option<String>,
    /// What it is made of.
    pub verdict: Verdict,
    /// What that means for this program.
    pub level: Level,
    /// Whether the program imports anything of it.
    pub reached: bool,
    /// The names of the distributions that lead to it, from the project's own dependency to
    /// itself.
    pub path: Vec<String>,
    /// The tags of its wheel.
    pub tags: Vec<String>,
    /// Why the verdict is what it is: one sentence.
    pub reason: String,
    /// Distributions that it cannot be imported without, and that cannot run.
    pub blocked_by: Vec<String>,
    /// Its compiled files.
    pub files: Vec<File>,
    /// The imports from where the program starts to the first compiled file that it needs.
    pub chain: Vec<String>,
    /// The place in the project that leads to it.
    pub place: Option<Spot>,
    /// What can be done.
    #[serde(rename = "ways")]
    pub remedies: Vec<Remedy>,
}

/// A compiled file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct File {
    /// As messages call it.
    pub file: String,
    /// What it is by its bytes.
    #[serde(flatten)]
    pub native: MachineCode,
    /// The module that it would be.
    pub module: Option<String>,
    /// What the program does with it.
    pub state: FileState,
    /// Its importers.
    pub importers: Vec<Importer>,
}

/// What the program does with a compiled file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    /// Nothing imports it.
    Unused,
    /// The same module is there as source, which is taken.
    Shadowed,
    /// It is imported, and its absence is caught.
    Caught,
    /// It is imported in a function, or under a condition that only a run can decide.
    Late,
    /// The program needs it.
    Needed,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Importer {
    /// The importing module; empty for the configuration's `include`.
    pub module: String,
    /// The module that it imports.
    pub asks: String,
    /// How: `static` runs with its module, `lazy` in a function; the words of `pywasm graph`.
    pub kind: &'static str,
    /// Where.
    pub place: Spot,
    /// What its failure means.
    pub level: Level,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Spot {
    /// As messages call it; relative to the project where it is the project's.
    pub file: String,
    /// From 1; 0 for the file as a whole.
    pub line: u32,
    /// From 1; 0 for the line as a whole.
    pub column: u32,
    /// Whether it is a file of the project.
    pub in_project: bool,
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// Which.
    pub kind: RemedyKind,
    /// What to do.
    pub text: String,
}

/// The kinds of remedies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RemedyKind {
    /// Replace it by something pure.
    Replace,
    /// Compile it from source for WASI.
    Compile,
    /// Let something outside of the module do the work.
    Move,
}

impl RemedyKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Compile => "compile",
            Self::Move => "move out",
        }
    }
}

/// A module of the standard library that WASI lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AbsentModule {
    /// The module.
    pub module: String,
    /// Whether it can be imported, and only does nothing.
    pub importable: bool,
    /// The worst of its imports.
    pub level: Level,
    /// Why WASI lacks it.
    pub reason: String,
    /// What to do.
    #[serde(rename = "cure")]
    pub hint: String,
    /// Who imports it; not the standard library itself.
    pub importers: Vec<Importer>,
    /// The imports from where the program starts to the worst of them.
    pub chain: Vec<String>,
    /// The place in the project that leads to it.
    pub place: Option<Spot>,
}

/// A call that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallSite {
    /// What is called, by its full name.
    pub call: String,
    /// A note for what stands in a function of a dependency.
    pub level: Level,
    /// The module.
    pub module: String,
    /// The distribution, for a dependency's.
    pub distribution: Option<String>,
    /// Where.
    pub place: Spot,
    /// The source line.
    pub text: String,
    /// Whether it stands in a function.
    pub in_function: bool,
    /// The exception that it raises. `None` for one that works within the program only.
    pub raises: Option<String>,
    /// Why.
    pub reason: String,
    /// What to do.
    #[serde(rename = "cure")]
    pub hint: String,
}

impl CallSite {
    /// What it does, for a message.
    pub(crate) fn effect(&self) -> String {
        match &self.raises {
            Some(raises) => format!("raises {raises}"),
            None => "reaches nobody outside".to_owned(),
        }
    }
}

/// Another problem: a syntax error, or a module that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad.
    pub level: Level,
    /// What.
    pub message: String,
    /// Where.
    pub place: Option<Spot>,
    /// More lines.
    pub notes: Vec<String>,
    /// What to do.
    pub hint: Option<String>,
}
