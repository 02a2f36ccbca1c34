//! Module graph, installed distributions and project in, verdicts out: what runs on WASI, what
//! does not, what leads to it, and what to do about it. The verdicts are data; text, Markdown and
//! SARIF are made from them here, and printed by whoever asked. `docs/reference/check.md` is the
//! page for users.

#![deny(missing_docs)]

mod absent;
mod audit;
mod blocked;
mod calls;
mod findings;
mod judge;
mod markdown;
mod model;
mod native;
mod sarif;
mod site;
mod text;
mod tree;
mod ways;

pub use audit::{Input, audit};
pub use findings::{Finding, Rule};
pub use model::{
    Absent, Audit, Audited, CallSite, File, FileState, Importer, Level, Problem, SCHEMA, Spot, Summary,
    Target, Tool, Verdict, Way, WayKind,
};
pub use native::{Format, MachineCode, identify};
