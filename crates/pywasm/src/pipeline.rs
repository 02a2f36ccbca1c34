//! Calls the stages: the one place that knows how `pywasm-pipeline` is called.

use std::path::Path;

use pywasm_engine::Engine;
use pywasm_optimize::Binaryen;
use pywasm_pipeline::{Plan, Tools, Trace};
use serde::Serialize;

use crate::{Artifact, Builder, Error, Prepared};

impl Builder<'_> {
    /// Builds a prepared project. Nothing is written but caches; [`Artifact::write_to`] writes.
    ///
    /// # Errors
    /// When a stage fails.
    pub fn build(&self, prepared: &Prepared) -> Result<Artifact, Error> {
        let cache = self.open_cache(&prepared.project)?;
        self.show_work(&prepared.project);
        let built = self.run_stages(prepared, &cache);
        self.finish_cache(&cache);
        self.prune_caches();
        built
    }

    fn run_stages(&self, prepared: &Prepared, cache: &pywasm_pipeline::Cache) -> Result<Artifact, Error> {
        let Prepared {
            project,
            base,
            warnings,
        } = prepared;
        let plan = Plan {
            aot: pywasm_pipeline::aot(project)?,
            warnings: warnings.clone(),
        };
        let engine = self.engine()?;
        self.progress.step(pywasm_report::Stage::Resolve.name());
        let output = pywasm_pipeline::run_stages(project, base, &plan, self.tools(&engine, cache))?;
        Ok(Artifact {
            files: output.files,
            report: output.report,
            warnings: output.warnings,
        })
    }

    /// Runs a prepared project's program with everything bundled, and tells what a build of it
    /// lacks.
    ///
    /// # Errors
    /// When the project cannot be resolved or bundled, or the program cannot be started.
    pub fn trace(&self, prepared: &Prepared, world: &pywasm_pipeline::World) -> Result<Trace, Error> {
        let cache = self.local_cache(&prepared.project);
        let engine = self.engine()?;
        let tools = self.tools(&engine, &cache);
        Ok(pywasm_pipeline::trace(
            &prepared.project,
            &prepared.base,
            world,
            tools,
        )?)
    }

    /// What does the work of a build: wasmtime and Binaryen.
    fn tools<'a>(&'a self, engine: &'a Engine, cache: &'a pywasm_pipeline::Cache) -> Tools<'a> {
        Tools {
            interpreter: engine,
            optimizer: &Binaryen,
            aot: engine,
            host: &self.host,
            cache,
            progress: self.progress,
        }
    }
}

/// A trace: the content of `pywasm trace --format json`.
#[derive(Debug, Serialize)]
pub struct TraceForm<'a> {
    schema: u32,
    #[serde(flatten)]
    trace: &'a Trace,
    /// Whether what is lacking stands in `pyproject.toml` now.
    written: bool,
}

impl<'a> TraceForm<'a> {
    /// The form of a trace.
    #[must_use]
    pub fn new(trace: &'a Trace, written: bool) -> Self {
        Self {
            schema: 1,
            trace,
            written,
        }
    }
}

/// Writes the files of an artifact.
pub(crate) fn write(folder: &Path, artifact: &Artifact) -> Result<(), Error> {
    let name = &artifact.report.project.name;
    pywasm_dist::write(folder, name, &artifact.files, &artifact.report)
        .map_err(pywasm_pipeline::Error::from)?;
    Ok(())
}
