//! Defines the types of `NAME.report.json`. Sizes are in bytes, digests are SHA-256 in hex, and
//! times are in seconds.
//!
//! The same input gives the same report, except for [`Report::timings`]. Lists are sorted by name
//! unless a field says otherwise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{DistributionEntry, Settings, StartReport, budget::BudgetRow};
use pywasm_digest::Digest;

/// The schema's version. Readers refuse a larger one; new optional fields do not change it.
pub const SCHEMA: u32 = 1;

/// Everything that a build reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The program that built the artifact.
    pub tool: Tool,
    /// The base that the artifact was built on.
    pub base: BaseInfo,
    /// The project that was built.
    pub project: ProjectInfo,
    /// The settings of the build.
    pub settings: Settings,
    /// One row for each stage, in the order in which they ran.
    pub stages: Vec<StageRow>,
    /// The files that were written, except for the report and the checksums.
    pub artifacts: Vec<ArtifactEntry>,
    /// The modules in the artifact.
    pub modules: Vec<ModuleEntry>,
    /// The data files in the artifact.
    pub data: Vec<DataEntry>,
    /// The files whose content went into the artifact. Earlier reports do not have them.
    #[serde(default)]
    pub inputs: Vec<InputEntry>,
    /// The installed distributions that have files in the artifact.
    #[serde(default)]
    pub distributions: Vec<DistributionEntry>,
    /// The lines of dependencies that hooks have replaced, sorted.
    #[serde(default)]
    pub replaced: Vec<ReplacedEntry>,
    /// The packages that came whole, with what that added, the largest first. Earlier reports do not have
    /// it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<WholeEntry>,
    /// How the artifact starts, if it has a snapshot. Earlier reports do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<StartReport>,
    /// What the artifact is as a component; not there for a module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentEntry>,
    /// What the user should know.
    pub warnings: Vec<WarningEntry>,
    /// The verdicts on the limits of `[tool.pywasm.budget]`, if there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<BudgetRow>,
    /// How long the build took: the only part that differs from build to build.
    pub timings: Timings,
}

/// The tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `pywasm`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseInfo {
    /// Its id, which depends only on its content.
    pub id: String,
    /// Its Python version, with three numbers.
    pub python: String,
}

/// The project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectInfo {
    /// Its name, which is the `NAME` in the names of files.
    pub name: String,
    /// `[project] version`, if it is set.
    pub version: Option<String>,
    /// `[project] license`, if it is set.
    #[serde(default)]
    pub license: Option<String>,
    /// Where the program starts.
    pub entry: String,
}

/// What went into a stage and what came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRow {
    /// The stage.
    pub stage: String,
    /// Bytes that went in.
    pub bytes_in: u64,
    /// Bytes that came out.
    pub bytes_out: u64,
    /// The change from `bytes_in` to `bytes_out` in tenths of a percent; absent when nothing went in.
    pub change_permille: Option<i64>,
    /// The size of the output compressed with Brotli 11, if requested.
    pub brotli_bytes: Option<u64>,
    /// The digest of the output.
    pub sha256: Digest,
    /// Figures that only this stage has, such as the number of functions it kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<StageNote>,
}

/// A figure of one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageNote {
    /// What is counted, such as `functions`.
    pub name: String,
    /// How many remain.
    pub live: u64,
    /// How many there were.
    pub total: u64,
}

impl Report {
    /// Lists what differs from the build of `old` apart from the program: a name, the old value and
    /// the new one. Each of these alone can change sizes.
    pub fn setting_differences<'a>(&'a self, old: &'a Self) -> Vec<(&'static str, &'a str, &'a str)> {
        let settings = |report: &'a Self| {
            let world = report
                .component
                .as_ref()
                .map(|component| component.world.as_str());
            [
                ("world", world.unwrap_or("none")),
                ("project", report.project.name.as_str()),
                ("pywasm", report.tool.version.as_str()),
                ("base", report.base.id.as_str()),
                ("profile", report.settings.profile.as_str()),
                ("optimize", report.settings.optimize.as_str()),
                ("preinit", report.settings.preinit.as_str()),
                ("docstrings", report.settings.docstrings.as_str()),
            ]
        };
        let pairs = settings(old).into_iter().zip(settings(self));
        pairs
            .filter(|((_, before), (_, now))| before != now)
            .map(|((what, before), (_, now))| (what, before, now))
            .collect()
    }
}

impl StageRow {
    /// Makes a row and computes the change.
    pub fn new(stage: impl Into<String>, bytes_in: u64, bytes_out: u64, sha256: Digest) -> Self {
        let change = i128::from(bytes_out) - i128::from(bytes_in);
        let permille = (bytes_in > 0).then(|| change * 1000 / i128::from(bytes_in));
        Self {
            stage: stage.into(),
            bytes_in,
            bytes_out,
            change_permille: permille.and_then(|change| i64::try_from(change).ok()),
            brotli_bytes: None,
            sha256,
            notes: Vec::new(),
        }
    }
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactEntry {
    /// Its name.
    pub file: String,
    /// `wasm`, `brotli`, `gzip`, `zstd`, `symbols`, `cwasm`, `wasmedge` or `wasmer`; one of the last
    /// three with `-record` for the record next to it; or `stage` for a file of `--keep-stages`.
    pub kind: String,
    /// Its size.
    pub bytes: u64,
    /// The digest of its content.
    pub sha256: Digest,
}

/// A line of a dependency's source that a hook has replaced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReplacedEntry {
    /// The name of the distribution in [`Report::distributions`], where one lists the file.
    pub distribution: Option<String>,
    /// The file, as [`Report::inputs`] names it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The hook: `<pywasm>/PACKAGE.toml`, or a file of the project.
    pub hook: String,
}

/// What is in the artifact because packages come whole, and not because an import leads to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeEntry {
    /// The top-level package, or `standard library` for what such modules import of it.
    pub package: String,
    /// The number of modules.
    pub modules: u64,
    /// What they take in the image in bytes.
    pub bytes: u64,
}

/// A module in the artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleEntry {
    /// Its dotted name.
    pub name: String,
    /// `app`, `dependency`, `stdlib` or `builtin`.
    pub origin: String,
    /// `module`, `package`, `namespace` or `builtin`.
    pub kind: String,
    /// The size of its source in bytes; 0 for namespaces and builtin modules.
    pub source_bytes: u64,
    /// Its size in the image in bytes; 0 for namespaces and builtin modules.
    pub image_bytes: u64,
    /// The size of its objects in the snapshot in bytes. With them, its code is not in the image. Not
    /// there for a module that is not in a snapshot, or if the base does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heap_bytes: Option<u64>,
    /// The modules that import it; empty for modules that the interpreter or the configuration
    /// requires.
    pub imported_by: Vec<String>,
    /// For a dependency, the name of its distribution in [`Report::distributions`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
}

/// A data file in the artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataEntry {
    /// Its path in the guest.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// A file whose content went into the artifact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InputEntry {
    /// Its path, which starts with `project/`, `site-packages/` or `stdlib/`.
    pub path: String,
    /// The digest of its content.
    pub sha256: Digest,
}

/// What an artifact is as a component. The names are those in the file, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentEntry {
    /// The world that the program stands behind.
    pub world: String,
    /// The interfaces and functions that it asks its host for.
    pub imports: Vec<String>,
    /// The interfaces and functions that it offers.
    pub exports: Vec<String>,
    /// What of the world the program does not reach, so that the component does not import it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unused: Vec<String>,
}

/// Something the user should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningEntry {
    /// The text of the warning.
    pub message: String,
    /// The file that the warning is about, relative to the project.
    pub file: Option<String>,
    /// The line in the file, counted from 1.
    pub line: Option<u32>,
    /// What the user can do about it.
    pub hint: Option<String>,
}

/// Seconds of wall time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// The whole build.
    pub total: f64,
    /// Each stage.
    pub stages: BTreeMap<String, f64>,
    /// The hits and misses of a shared cache; `None` without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_cache: Option<SharedCache>,
}

/// Counts the hits and misses of a shared cache by kind of result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedCache {
    /// Results that came from the shared cache.
    pub hits: BTreeMap<String, u64>,
    /// Results that this build had to make.
    pub misses: BTreeMap<String, u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_knows_its_change() {
        let row = |from, to| StageRow::new("s", from, to, Digest::compute(b"")).change_permille;
        assert_eq!(row(1000, 250), Some(-750));
        assert_eq!(row(1000, 1000), Some(0));
        assert_eq!(row(0, 5), None);
    }
}
