//! Defines the build report: what went into each stage, what came out, and why.
//!
//! Everything here is pure: nothing opens a file or reads a clock. [`Report`] is the content of
//! `NAME.report.json`, whose schema `docs/reference/report.md` documents. [`render_table`] renders it
//! for the terminal, [`budget`] checks it against limits, and [`diff`] compares it with another one.

pub mod budget;
mod columns;
pub mod diff;
mod distribution;
mod file_name;
mod json;
mod markdown;
mod report;
mod settings;
mod size;
mod stage;
mod start;
mod table;
pub mod workspace;

pub use columns::align;
pub use distribution::DistributionEntry;
pub use file_name::{brotli_file_name, module_file_name};
pub use json::ReadError;
pub use markdown::{render_budgets_markdown, render_markdown};
pub use report::{
    ArtifactEntry, BaseInfo, ComponentEntry, DataEntry, InputEntry, ModuleEntry, ProjectInfo, ReplacedEntry,
    Report, SCHEMA, SharedCache, StageNote, StageRow, Timings, Tool, WarningEntry, WholeEntry,
};
pub use settings::{Docstrings, Optimize, Preinit, Profile, Settings, Threads, UnknownChoice};
pub use size::{InvalidSize, format_size, format_size_change, format_size_like, parse_size};
pub use stage::{Stage, StageOutput};
pub use start::{ProgramPlace, RehearsalEnd, StartReport};
pub use table::render_table;
