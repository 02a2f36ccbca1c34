//! Two builds in, what changed from the one to the other out: files, stages, packages, modules,
//! builtin modules with their code, functions and budgets; as data, as text and as Markdown.
//!
//! Pure: whoever calls this has read the files. What one side does not tell is a remark and not
//! a figure: nothing is divided by zero, and what was not there before is `new`.

mod budgets;
mod change;
mod code;
mod contents;
mod markdown;
mod remarks;
mod show;
mod symbols;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Profile, Report};

pub use budgets::BudgetChange;
pub use change::{Change, State};
pub use code::{Builtin, Code, Count};
pub use contents::{DistributionChange, Modules, Moved};
pub use symbols::{Symbol, Symbols};

/// The version of the form in JSON. New keys do not change it.
pub const DIFF_SCHEMA: u32 = 1;

/// What is known of one build.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// What the user calls it.
    pub name: String,
    /// Its report, where there is one.
    pub report: Option<Report>,
    /// Sizes of files, by the ending that follows the project's name; for builds without a
    /// report, since a report lists them itself.
    pub files: BTreeMap<String, u64>,
    /// Its functions, where they are known.
    pub symbols: Option<Symbols>,
    /// What is to be said of it besides.
    pub remarks: Vec<String>,
}

/// What changed. Lists are sorted: those of [`Change`]s by how much changed, the most first.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// [`DIFF_SCHEMA`].
    pub schema: u32,
    /// The baseline; `None` where there is none.
    pub old: Option<About>,
    /// What is compared with it.
    pub new: About,
    /// What keeps the two from being compared in full, or what differs besides the program.
    pub remarks: Vec<String>,
    /// The files that are shipped, in bytes.
    pub files: Vec<Change>,
    /// What each stage gives, in bytes, in the order of the stages.
    pub stages: Vec<Change>,
    /// Dependencies that came, left or are of another version.
    pub distributions: Vec<DistributionChange>,
    /// The app, the standard library and each dependency: bytes in the image.
    pub packages: Vec<Change>,
    /// Builtin modules that came, left, or whose code changed.
    pub builtins: Vec<Builtin>,
    /// Python modules.
    pub modules: Modules,
    /// Data files in the image, in bytes.
    pub data: Vec<Change>,
    /// Functions; `None` where a side does not tell them.
    pub code: Option<Code>,
    /// Budgets whose verdict is another, or whose limit is exceeded.
    pub budgets: Vec<BudgetChange>,
}

/// What a side is.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    /// What the user calls it.
    pub name: String,
    /// The project, by its report.
    pub project: Option<String>,
    /// The version of pywasm that built it.
    pub tool: Option<String>,
    /// The base that it was built on.
    pub base: Option<String>,
    /// `release` or `dev`.
    pub profile: Option<Profile>,
}

impl Side {
    fn about(&self) -> About {
        let report = self.report.as_ref();
        About {
            name: self.name.clone(),
            project: report.map(|report| report.project.name.clone()),
            tool: report.map(|report| report.tool.version.clone()),
            base: report.map(|report| report.base.id.clone()),
            profile: report.map(|report| report.settings.profile),
        }
    }
}

/// Compares `new` with `old`, which is `None` where there is no baseline; then `remarks` says
/// why.
pub fn diff(old: Option<&Side>, new: &Side, remarks: &[String]) -> Diff {
    let reports = (old.and_then(|side| side.report.as_ref()), new.report.as_ref());
    let mut all = remarks.to_vec();
    all.extend(remarks::between(old, new));
    let symbols = (old.and_then(|side| side.symbols.as_ref()), new.symbols.as_ref());
    Diff {
        schema: DIFF_SCHEMA,
        old: old.map(Side::about),
        new: new.about(),
        remarks: all,
        files: contents::files(old, new),
        stages: contents::stages(reports.0, reports.1),
        distributions: contents::distributions(reports.0, reports.1),
        packages: contents::packages(reports.0, reports.1),
        builtins: code::builtins(reports, symbols),
        modules: contents::modules(reports.0, reports.1),
        data: contents::data(reports.0, reports.1),
        code: symbols
            .0
            .zip(symbols.1)
            .map(|(old, new)| code::functions(old, new)),
        budgets: budgets::changes(reports.0, reports.1),
    }
}
