//! Makes the files of a release from a prepared project, but for its signature and archive.

use std::fs;

use pywasm_diagnostic::Diagnostic;
use pywasm_digest::Digest;
use pywasm_project::{Profile, Project, Settings, Spanned};
use pywasm_release::{
    assemble,
    files::{Files, is_valid_name},
    licences::{self, LicenceFolders},
    sbom::{self, SbomSubject},
};
use pywasm_report::{Report, budget::BudgetRow};

use crate::{BuildOptions, Builder, CachePolicy, Error, Prepared};

pub use pywasm_release::provenance::RebuildOptions as ReleaseOptions;

/// What a release is made of.
#[derive(Debug)]
pub struct Release {
    /// Name to content.
    pub files: Files,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
    /// How large its parts are, against what the project allows.
    pub budgets: Vec<BudgetRow>,
}

impl Builder<'_> {
    /// Builds a prepared project for a release, and adds everything that tells of the build. The
    /// shared cache is not used: what it gives could not be verified.
    ///
    /// # Errors
    /// When a stage fails, or a licence cannot be read.
    pub fn release(&self, prepared: &Prepared, options: ReleaseOptions) -> Result<Release, Error> {
        let builder = Builder {
            cache: CachePolicy {
                shared: None,
                ..self.cache.clone()
            },
            ..self.clone()
        };
        let mut prepared = prepared.clone();
        prepared.project.settings = Settings {
            profile: Profile::Release,
            keep_stages: false,
            stage_brotli: false,
            ..prepared.project.settings
        };
        let artifact = builder.build(&prepared)?;
        let mut warnings = artifact.warnings;
        let (mut files, report) =
            assemble::complete(artifact.files, artifact.report, options.gzip, options.zstd);
        warnings.extend(add_notices(&mut files, &prepared, &report)?);
        let manifest = prepared.base.dir().join("manifest.json");
        let manifest = fs::read(&manifest).map_err(|error| Error::io("read", &manifest, error))?;
        let files = assemble::seal(files, &report, Digest::compute(&manifest), options)?;
        Ok(Release {
            files,
            warnings,
            budgets: report.budgets,
        })
    }
}

/// Gives the project the version, if there is one, and returns the name of its release:
/// `NAME-VERSION`.
///
/// # Errors
/// When the project has no version, or one that cannot be part of a file's name.
pub fn name_release(project: &mut Project, version: Option<&str>) -> Result<String, Error> {
    if let Some(version) = version {
        project.version = Some(version.to_owned());
    }
    let Some(version) = &project.version else {
        return Err(Error::NoVersion(project.name.clone()));
    };
    let stem = assemble::stem(&project.name, version);
    if version.is_empty() || !is_valid_name(&stem) || !is_valid_name(version) {
        return Err(Error::InvalidVersion(version.clone()));
    }
    Ok(stem)
}

/// Takes the ahead-of-time targets out of a project that compile for the CPU of this machine:
/// nobody else could reproduce a release with them.
pub fn take_local_targets(project: &mut Project) -> Vec<Spanned<String>> {
    let (local, named) = std::mem::take(&mut project.aot)
        .into_iter()
        .partition(|target| pywasm_pipeline::is_local_target(&target.value));
    project.aot = named;
    local
}

/// What a release of `project` records of its options, for a rebuild. Those with a path of this
/// machine are left out.
#[must_use]
pub fn release_options(options: &BuildOptions, project: &Project) -> ReleaseOptions {
    let dependencies = &options.dependencies;
    ReleaseOptions {
        entry: options.entry.clone(),
        include: options.include.clone(),
        exclude: options.exclude.clone(),
        codecs: options.codecs.clone(),
        worlds: options.worlds.clone(),
        data: options.data.clone(),
        allow: options.allow.clone(),
        aot: options.aot.clone(),
        cpu: options.cpu.clone(),
        extras: dependencies.extras.clone(),
        groups: dependencies.groups.clone(),
        sdists: dependencies.sdists.clone(),
        no_install: dependencies.no_install,
        gzip: project.release.gzip,
        zstd: project.release.zstd,
    }
}

/// Adds the SBOMs and the licences' texts; gives what has no text.
fn add_notices(files: &mut Files, prepared: &Prepared, report: &Report) -> Result<Vec<Diagnostic>, Error> {
    let subject = SbomSubject {
        report,
        base: prepared.base.manifest(),
    };
    let places = LicenceFolders {
        base: prepared.base.dir(),
        paths: &prepared.project.paths,
        project: &prepared.project.root,
    };
    let name = &report.project.name;
    files.insert(format!("{name}.cdx.json"), sbom::write_cyclonedx(&subject)?);
    files.insert(format!("{name}.spdx.json"), sbom::write_spdx(&subject)?);
    let licences = licences::collect(&subject, &places)?;
    files.insert("LICENSES.txt".to_owned(), licences.text.into_bytes());
    Ok(licences.warnings)
}
