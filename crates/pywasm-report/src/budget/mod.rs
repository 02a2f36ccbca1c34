//! Checks a report against the limits of a project, and against the report of an earlier build.
//!
//! Each limit gives one [`BudgetRow`]: what it counts, the value, the limit and, if the limit is
//! exceeded, the largest parts. Nothing here reads a file. `docs/reference/budgets.md` explains the
//! rows to users. [`describe_exceeded`] and [`describe_near`] write the messages about them.

mod count;
mod import_chain;
mod judge;
mod largest;
mod message;
mod table;

use serde::{Deserialize, Serialize};

pub use judge::{baseline_remarks, judge};
pub use message::{describe_exceeded, describe_near, format_figure};
pub use table::render_budget_table;

/// The share of a limit, in percent, from which pywasm warns.
pub const NEAR: i128 = 95;

/// What a limit applies to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BudgetTarget {
    /// `NAME.wasm`.
    Wasm,
    /// `NAME.wasm.br`.
    Brotli,
    /// `NAME.wasm`, compressed with gzip.
    Gzip,
    /// Each `NAME.TARGET.cwasm`.
    Cwasm,
    /// The number of modules in the artifact.
    Modules,
    /// The output of a stage.
    Stage(String),
    /// The modules and data files that match a pattern. A name matches itself and everything below
    /// it; `*` matches any run of characters.
    Package(String),
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What is limited.
    pub target: BudgetTarget,
    /// The largest allowed value, in bytes or modules.
    pub most: u64,
    /// The line of `pyproject.toml` that sets the limit.
    pub line: Option<u32>,
}

/// How much larger than in the baseline a file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// A share of its size in the baseline, in thousandths of a percent.
    Share(u64),
    /// A number of bytes.
    Bytes(u64),
}

/// All limits of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// The limits, in the order in which they are reported.
    pub limits: Vec<Limit>,
    /// How much the files may grow, and the line of `pyproject.toml` that sets it.
    pub growth: Option<(Growth, Option<u32>)>,
}

/// The earlier report that a build is compared with.
#[derive(Debug, Clone, Default)]
pub enum Baseline {
    /// No baseline is configured.
    #[default]
    None,
    /// The configured report does not exist.
    Missing {
        /// Its name as configured.
        name: String,
    },
    /// An earlier report.
    Found {
        /// Its name as configured.
        name: String,
        /// Its content.
        report: Box<crate::Report>,
    },
}

/// The verdict on a limit: an entry of the report's `budgets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetRow {
    /// The limit's key below `[tool.pywasm.budget]`, such as `wasm`, `stage.preinit`,
    /// `package.rich`; for growth `growth.wasm` and `growth.brotli`.
    pub what: String,
    /// What the figure counts, such as `gzip -9 of hello.wasm`.
    pub counts: String,
    /// The unit of `value`, `limit` and `headroom`.
    pub unit: Unit,
    /// The value; for growth, the difference from the baseline.
    pub value: Option<i64>,
    /// The largest allowed value.
    pub limit: Option<i64>,
    /// `limit` minus `value`; negative if the limit is exceeded.
    pub headroom: Option<i64>,
    /// How the value compares with the limit.
    pub verdict: Verdict,
    /// Why there is no value.
    pub reason: Option<String>,
    /// The line of `pyproject.toml` that sets the limit.
    pub line: Option<u32>,
    /// The baseline that `largest` was compared with; without one, `largest` holds absolute values.
    pub since: Option<String>,
    /// The largest parts of a value that exceeds its limit, the largest first; otherwise empty.
    pub largest: Vec<Part>,
    /// The new modules that brought in the others; empty without a baseline.
    #[serde(default)]
    pub through: Vec<ImportChain>,
}

/// The answer to `pywasm budget`: the content of its `--format json`.
#[derive(Clone, Debug, Serialize)]
pub struct BudgetJudgement<'a> {
    schema: u32,
    /// The project's name.
    pub project: &'a str,
    /// Whether a limit is exceeded.
    pub exceeded: bool,
    /// How each limit is kept.
    pub budgets: &'a [BudgetRow],
    /// What may soon go wrong.
    pub warnings: Vec<String>,
    /// What `--update` has changed.
    pub changes: Vec<BudgetChange>,
}

/// A limit or a baseline that was changed.
#[derive(Clone, Debug, Serialize)]
pub struct BudgetChange {
    /// The limit's key, or the baseline's path.
    pub what: String,
    /// What it was.
    pub from: String,
    /// What it is.
    pub to: String,
}

impl<'a> BudgetJudgement<'a> {
    /// The judgement of a project.
    #[must_use]
    pub fn new(
        project: &'a str,
        exceeded: bool,
        budgets: &'a [BudgetRow],
        warnings: Vec<String>,
        changes: Vec<BudgetChange>,
    ) -> Self {
        Self {
            schema: 1,
            project,
            exceeded,
            budgets,
            warnings,
            changes,
        }
    }
}

/// The unit of a row's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Modules.
    Modules,
}

/// How a value compares with its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The value is well below the limit.
    Within,
    /// The value is at least 95 % of the limit, and not above it.
    Near,
    /// The value is above the limit.
    Exceeded,
    /// The artifact does not have what is limited.
    Absent,
    /// There is no value, for example because the baseline does not exist.
    Unknown,
}

/// A part of an artifact, or of what was added to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// A package or module, `interpreter` or `snapshot`.
    pub name: String,
    /// What the figure counts.
    pub counts: String,
    /// Bytes before any compression, or modules.
    pub amount: i64,
}

/// The import through which a new module, and what it imports, came into the artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportChain {
    /// The new module.
    pub name: String,
    /// The module that imports it and that the baseline already had; `None` if the interpreter or the
    /// configuration requires it.
    pub imported_by: Option<String>,
}

impl BudgetTarget {
    /// Returns the key below `[tool.pywasm.budget]`.
    pub fn key(&self) -> String {
        match self {
            Self::Wasm => "wasm".to_owned(),
            Self::Brotli => "brotli".to_owned(),
            Self::Gzip => "gzip".to_owned(),
            Self::Cwasm => "cwasm".to_owned(),
            Self::Modules => "modules".to_owned(),
            Self::Stage(name) => format!("stage.{name}"),
            Self::Package(pattern) => format!("package.{pattern}"),
        }
    }
}

impl Limits {
    /// Whether there are no limits.
    pub fn is_empty(&self) -> bool {
        self.limits.is_empty() && self.growth.is_none()
    }

    /// Whether a limit needs the size under gzip.
    pub fn needs_gzip(&self) -> bool {
        self.limits.iter().any(|limit| limit.target == BudgetTarget::Gzip)
    }
}

impl Baseline {
    /// Returns the name and content of the report, if it exists.
    pub fn report(&self) -> Option<(&str, &crate::Report)> {
        match self {
            Self::Found { name, report } => Some((name, report)),
            _ => None,
        }
    }
}
