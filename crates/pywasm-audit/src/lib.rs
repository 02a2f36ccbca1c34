//! Audits a project for WASI: what runs, what does not, what leads to it, and what to do about it.
//! The verdicts are data, from which text, Markdown and SARIF are made. `docs/reference/check.md` is
//! the page for users.

#![deny(missing_docs)]

mod absent;
mod audit;
mod blocked;
mod calls;
mod findings;
mod gitlab;
mod judge;
mod markdown;
mod model;
mod native;
mod remedy;
mod sarif;
mod site;
mod text;
mod tree;

pub use audit::{Input, audit};
pub use findings::{Finding, Rule};
pub use gitlab::{CodeQualityEntry, code_quality};
pub use model::{
    AbsentModule, Audit, CallSite, DistributionAudit, File, FileState, Importer, Level, Problem, Remedy,
    RemedyKind, SCHEMA, Spot, Summary, Target, Tool, Verdict,
};
pub use native::{Format, MachineCode, identify};
