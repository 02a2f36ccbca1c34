//! Measures how fast artifacts start, and formats the result as a table, a chart or JSON.
//!
//! [`compare`] reads the artifacts, compiles them, measures their memory and starts them in turns.
//! [`BenchResult`] is the content of `pywasm bench --format json`, whose contract is
//! `docs/reference/bench.md`. Nothing here prints.

#![deny(missing_docs)]

mod artifact;
mod chart;
mod error;
mod figures;
mod measure;
mod memory;
mod plot;
mod result;
mod sizes;
mod table;

use std::path::{Path, PathBuf};

use pywasm_engine::Engine;
use pywasm_host::Progress;

pub use chart::render_chart;
pub use error::Error;
pub use measure::Plan;
pub use memory::{Memory, MemoryProgram, measure_memory};
pub use plot::{check_plot, write_plot};
pub use result::BenchResult;
pub use table::render_table;

/// Measures the artifacts at `paths`. Ratios are relative to the first one. The folder `cache` keeps their
/// Brotli sizes.
///
/// # Errors
/// When a file is not an artifact, or a program fails.
pub fn compare(
    paths: &[&PathBuf],
    plan: &Plan,
    cache: &Path,
    progress: &dyn Progress,
) -> Result<BenchResult, Error> {
    for mount in &plan.command.mounts {
        if !mount.host.is_dir() {
            return Err(Error::NoMount(mount.host.clone()));
        }
    }
    let artifacts = artifact::read(paths)?;
    let engine = Engine::new(None)?;
    progress.step("compressing");
    let sizes = sizes::measure_brotli(&cache.join("brotli-sizes"), &artifacts);
    let measured = measure::measure_all(&engine, &artifacts, plan, progress)?;
    Ok(BenchResult::new(&artifacts, &sizes, &measured, plan))
}
