//! Compares two builds: their files, stages, packages, modules, builtin modules with their code,
//! functions and budgets. The result is available as data, text and Markdown.
//!
//! Nothing here reads a file. If a build lacks some information, the diff has a remark in place of
//! figures. What did not exist before is `new`, so nothing is divided by zero.

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
pub use code::{BuiltinChange, CodeChange, FunctionCount};
pub use contents::{DistributionChange, ModuleChanges, MovedModule};
pub use symbols::{Symbol, Symbols};

/// The version of the JSON format. New keys do not change it.
pub const DIFF_SCHEMA: u32 = 1;

/// What is known about one of the two builds.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// The user's name for it.
    pub name: String,
    /// Its report, if there is one.
    pub report: Option<Report>,
    /// The sizes of its files by the ending after the project's name. Only for a build without a
    /// report, since a report lists its files.
    pub files: BTreeMap<String, u64>,
    /// Its functions, if they are known.
    pub symbols: Option<Symbols>,
    /// Further remarks about it.
    pub remarks: Vec<String>,
}

/// What changed. Lists of [`Change`]s start with the largest change.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// [`DIFF_SCHEMA`].
    pub schema: u32,
    /// The baseline, if there is one.
    pub old: Option<BuildInfo>,
    /// The build that is compared with it.
    pub new: BuildInfo,
    /// Why the comparison is incomplete, and what differs apart from the program.
    pub remarks: Vec<String>,
    /// The sizes of the shipped files.
    pub files: Vec<Change>,
    /// The size of each stage's output, in the order of the stages.
    pub stages: Vec<Change>,
    /// Dependencies that were added or removed, or whose version changed.
    pub distributions: Vec<DistributionChange>,
    /// The sizes in the image of the app, the standard library and each dependency.
    pub packages: Vec<Change>,
    /// The sizes of each module's objects in the snapshot; empty if one of the builds does not tell.
    pub objects: Vec<Change>,
    /// Builtin modules that were added or removed, or whose code changed.
    pub builtins: Vec<BuiltinChange>,
    /// Python modules.
    pub modules: ModuleChanges,
    /// The sizes of data files in the image.
    pub data: Vec<Change>,
    /// Functions; `None` if they are not known for both builds.
    pub code: Option<CodeChange>,
    /// Budgets whose verdict changed, or whose limit is exceeded.
    pub budgets: Vec<BudgetChange>,
}

/// Identifies a build.
#[derive(Clone, Debug, Serialize)]
pub struct BuildInfo {
    /// The user's name for it.
    pub name: String,
    /// The project that its report names.
    pub project: Option<String>,
    /// The version of pywasm that built it.
    pub tool: Option<String>,
    /// The base that it was built on.
    pub base: Option<String>,
    /// `release` or `dev`.
    pub profile: Option<Profile>,
}

impl Side {
    fn info(&self) -> BuildInfo {
        let report = self.report.as_ref();
        BuildInfo {
            name: self.name.clone(),
            project: report.map(|report| report.project.name.clone()),
            tool: report.map(|report| report.tool.version.clone()),
            base: report.map(|report| report.base.id.clone()),
            profile: report.map(|report| report.settings.profile),
        }
    }
}

/// Compares `new` with `old`. Without a baseline, `old` is `None` and `remarks` says why.
pub fn compare(old: Option<&Side>, new: &Side, remarks: &[String]) -> Diff {
    let reports = (old.and_then(|side| side.report.as_ref()), new.report.as_ref());
    let mut all = remarks.to_vec();
    all.extend(remarks::collect(old, new));
    let symbols = (old.and_then(|side| side.symbols.as_ref()), new.symbols.as_ref());
    Diff {
        schema: DIFF_SCHEMA,
        old: old.map(Side::info),
        new: new.info(),
        remarks: all,
        files: contents::compare_files(old, new),
        stages: contents::compare_stages(reports.0, reports.1),
        distributions: contents::compare_distributions(reports.0, reports.1),
        packages: contents::compare_packages(reports.0, reports.1),
        objects: contents::compare_objects(reports.0, reports.1),
        builtins: code::compare_builtins(reports, symbols),
        modules: contents::compare_modules(reports.0, reports.1),
        data: contents::compare_data(reports.0, reports.1),
        code: symbols
            .0
            .zip(symbols.1)
            .map(|(old, new)| code::compare_functions(old, new)),
        budgets: budgets::changes(reports.0, reports.1),
    }
}
