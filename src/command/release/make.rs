//! A prepared project and its base in, the files of its release out, but for signature and
//! archive. `pywasm release` writes them, `pywasm verify --rebuild` compares them.

use std::fs;

use anyhow::Context as _;
use pywasm_base::Base;
use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_pipeline::{Cache, Plan, Profile};
use pywasm_project::Project;
use pywasm_release::{
    assemble,
    files::Files,
    licences::{self, Places},
    provenance,
    sbom::{self, Subject},
};
use pywasm_report::{Report, budget::BudgetRow};

use crate::{interrupt::Guarded, session::Session};

/// What a release is made of.
pub(crate) struct Release {
    pub(crate) files: Files,
    pub(crate) warnings: Vec<Diagnostic>,
    /// How large its parts are, against what the project allows.
    pub(crate) budgets: Vec<BudgetRow>,
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
        let _progress = session.terminal.spinner(pywasm_report::Stage::Resolve.name());
        let cache = Cache::new(session.cache().join("stages"));
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
    let mut warnings = made.warnings;
    let (mut files, report) = assemble::complete(made.files, made.report, options.gzip, options.zstd);
    warnings.extend(add_notices(&mut files, project, base, &report)?);
    let manifest = base.dir().join("manifest.json");
    let manifest = fs::read(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let files = assemble::seal(files, &report, Digest::compute(&manifest), options)?;
    Ok(Release {
        files,
        warnings,
        budgets: report.budgets,
    })
}

/// Adds the SBOMs and the licences' texts; tells what has no text.
fn add_notices(
    files: &mut Files,
    project: &Project,
    base: &Base,
    report: &Report,
) -> anyhow::Result<Vec<Diagnostic>> {
    let subject = Subject {
        report,
        base: base.manifest(),
    };
    let places = Places {
        base: base.dir(),
        paths: &project.paths,
        project: &project.root,
    };
    let name = &report.project.name;
    files.insert(format!("{name}.cdx.json"), sbom::cyclonedx(&subject)?);
    files.insert(format!("{name}.spdx.json"), sbom::spdx(&subject)?);
    let licences = licences::collect(&subject, &places)?;
    files.insert("LICENSES.txt".to_owned(), licences.text.into_bytes());
    Ok(licences.warnings)
}
