//! Builds a project: the ordered stages, and the cache that keeps what they made.
//!
//! [`run_stages`] is the table of contents. The engine, the optimizer and the compiler for machine
//! code are handed in as [`Tools`], so nothing here knows wasmtime or Binaryen. The terminal is the
//! caller's; what happens goes to a [`Progress`](pywasm_host::Progress).

mod budget;
mod build;
mod cache_key;
mod context;
mod error;
#[doc(hidden)]
pub mod fuzz;
mod questions;
mod report;
mod stage;
mod trace;
mod world;

pub use build::{BuildOutput, Plan, run_stages};
pub use context::Tools;
pub use error::Error;
pub use pywasm_cache::Cache;
pub use pywasm_report::Profile;
pub use questions::{Inspection, default_out_dir, graph, inspect};
pub use stage::aot::{Aot, aot, is_local_target};
pub use trace::{Trace, TraceEnd, World, trace};
pub use world::stubs;
