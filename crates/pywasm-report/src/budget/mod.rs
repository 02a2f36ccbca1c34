//! A report, limits and the report of an earlier build in; for each limit one [`BudgetRow`] out:
//! what was counted, how much there is, how much there may be, and, where it is exceeded, what is
//! the most of it. Pure: whoever calls this reads the files. `docs/reference/budgets.md` says what
//! the rows mean to users.

mod count;
mod judge;
mod largest;
mod table;
mod through;

use serde::{Deserialize, Serialize};

pub use judge::{judge, remarks};
pub use table::{budget_table, exceeded_text, figure, near_text};

/// From how much of a limit on there is a warning, in percent.
pub const NEAR: i128 = 95;

/// What a limit is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// `NAME.wasm`.
    Wasm,
    /// `NAME.wasm.br`.
    Brotli,
    /// `NAME.wasm`, compressed with gzip.
    Gzip,
    /// Each `NAME.TARGET.cwasm`.
    Cwasm,
    /// How many modules there are.
    Modules,
    /// What a stage gives.
    Stage(String),
    /// Modules and data files by a pattern: a name stands for itself and all below it, `*` for any
    /// run of characters.
    Package(String),
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Of what.
    pub subject: Subject,
    /// Bytes, or modules.
    pub most: u64,
    /// The line of `pyproject.toml` that it is written in.
    pub line: Option<u32>,
}

/// By how much a file may be larger than in the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// By thousandths of a percent of what it was.
    Share(u64),
    /// By bytes.
    Bytes(u64),
}

/// All limits of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// In the order in which they are told.
    pub limits: Vec<Limit>,
    /// By how much the files may grow, and the line that says so.
    pub growth: Option<(Growth, Option<u32>)>,
}

/// What a build is compared with.
#[derive(Debug, Clone, Default)]
pub enum Baseline {
    /// Nothing is configured.
    #[default]
    None,
    /// The report that is configured is not there.
    Missing {
        /// As it is written.
        name: String,
    },
    /// An earlier report.
    Found {
        /// As it is written.
        name: String,
        /// Its content.
        report: Box<crate::Report>,
    },
}

/// How a limit was judged: an entry of the report's `budgets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetRow {
    /// The limit's key below `[tool.pywasm.budget]`, such as `wasm`, `stage.preinit`,
    /// `package.rich`; for growth `growth.wasm` and `growth.brotli`.
    pub what: String,
    /// What the figure counts, such as `gzip -9 of hello.wasm`.
    pub counts: String,
    /// What `value`, `limit` and `headroom` are.
    pub unit: Unit,
    /// How much there is; for growth, how much more than in the baseline.
    pub value: Option<i64>,
    /// How much there may be.
    pub limit: Option<i64>,
    /// `limit` less `value`; negative where it is exceeded.
    pub headroom: Option<i64>,
    /// What follows.
    pub verdict: Verdict,
    /// Why there is no value.
    pub reason: Option<String>,
    /// The line of `pyproject.toml` with the limit.
    pub line: Option<u32>,
    /// The baseline that `largest` is the difference to; without one, `largest` is what there is.
    pub since: Option<String>,
    /// The largest parts of what exceeds its limit, the largest first; empty for other rows.
    pub largest: Vec<Part>,
    /// The new modules that brought the others; empty without a baseline.
    #[serde(default)]
    pub through: Vec<Way>,
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

/// How a value stands to its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Well below it.
    Within,
    /// Not above it, but at 95 % of it or more.
    Near,
    /// Above it.
    Exceeded,
    /// The artifact has no such thing.
    Absent,
    /// It cannot be told, for lack of a baseline.
    Unknown,
}

/// A part of what is in an artifact, or of what came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// A package or module, `interpreter` or `snapshot`.
    pub name: String,
    /// What the figure counts.
    pub counts: String,
    /// Bytes before any compression, or modules.
    pub amount: i64,
}

/// A module that came in since the baseline, by an import of one that was there already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The new module.
    pub name: String,
    /// The module that imports it; `None` where the interpreter or the configuration asks for it.
    pub imported_by: Option<String>,
}

impl Subject {
    /// Its key below `[tool.pywasm.budget]`.
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
    /// Whether there is nothing to judge.
    pub fn is_empty(&self) -> bool {
        self.limits.is_empty() && self.growth.is_none()
    }

    /// Whether the gzip size is asked for.
    pub fn wants_gzip(&self) -> bool {
        self.limits.iter().any(|limit| limit.subject == Subject::Gzip)
    }
}

impl Baseline {
    /// The report, if it is there, and its name.
    pub fn found(&self) -> Option<(&str, &crate::Report)> {
        match self {
            Self::Found { name, report } => Some((name, report)),
            _ => None,
        }
    }
}
