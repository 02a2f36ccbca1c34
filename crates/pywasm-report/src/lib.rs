//! The build report: what went through each stage, what came out, and why.
//!
//! Pure data: nothing here opens a file or looks at a clock. [`Report`] is the content of
//! `NAME.report.json`, whose schema `docs/reference/report.md` documents; [`table()`] is what the
//! terminal shows of it; [`budget`] judges it.

pub mod budget;
mod columns;
pub mod diff;
mod distribution;
mod json;
mod markdown;
mod report;
mod settings;
mod size;
mod stage;
mod table;
pub mod workspace;

pub use columns::aligned;
pub use distribution::DistributionEntry;
pub use json::ReadError;
pub use markdown::{budgets_markdown, markdown};
pub use report::{
    ArtifactEntry, BaseInfo, DataEntry, InputEntry, ModuleEntry, ProjectInfo, ReplacedEntry, Report, SCHEMA,
    SharedCache, StageNote, StageRow, Timings, Tool, WarningEntry,
};
pub use settings::{Docstrings, Optimize, Preinit, Profile, Settings, UnknownChoice};
pub use size::{InvalidSize, human, human_change, parse_size, size_like};
pub use stage::{Stage, StageOutput};
pub use table::table;
