//! Builds a release again from the sources that it names, and finds everything that differs: the
//! tool, then the sources, the base and what is installed, then each byte of what they give.

use std::{
    collections::BTreeSet,
    fs,
    path::{Component, Path, PathBuf},
};

use pywasm_base::{Base, Store};
use pywasm_digest::Digest;
use pywasm_project::{DependencyOptions, Project};
use pywasm_release::{
    archive::Format,
    assemble,
    files::{Files, Finding, compare},
    provenance::Parameters,
    signature::SIGNATURE,
    verify::Contents,
};
use pywasm_report::{InputEntry, Report};

use crate::{BuildOptions, Builder, Error, Release, take_local_targets};

/// A release, and where this machine has what it was made from.
#[derive(Debug)]
pub struct Rebuild<'a> {
    /// What the release says of itself.
    pub contents: &'a Contents,
    /// Its files.
    pub released: &'a Files,
    /// The project: a folder or a script.
    pub project: &'a Path,
    /// The base; else the one that the release was made with.
    pub base: Option<&'a str>,
    /// Folders that dependencies are imported from, too.
    pub paths: &'a [PathBuf],
    /// Which dependencies are installed, besides what the release says.
    pub dependencies: DependencyOptions,
}

impl Builder<'_> {
    /// Builds the release again. What is found is empty when every byte agrees.
    ///
    /// # Errors
    /// When the sources cannot be loaded or built.
    pub fn rebuild(&self, rebuild: &Rebuild<'_>) -> Result<Vec<Finding>, Error> {
        let contents = rebuild.contents;
        let report = &contents.report;
        if let Some(finding) = other_tool(report) {
            return Ok(vec![finding]);
        }
        let parameters = &contents.statement.predicate.build_definition.external_parameters;
        let options = options(rebuild, parameters, report);
        let mut project = Project::load(rebuild.project, &options).map_err(Error::Sources)?;
        project.version.clone_from(&report.project.version);
        take_local_targets(&mut project);

        let mut findings = changed(inputs(report, "project/"), std::slice::from_ref(&project.root));
        let Some(base) = self.recorded_base(rebuild, &mut findings)? else {
            return Ok(findings);
        };
        if !findings.is_empty() {
            return Ok(findings);
        }
        let prepared = self.prepare_on(project, base)?;
        findings.extend(changed(inputs(report, "site-packages/"), &prepared.project.paths));
        findings.extend(changed(inputs(report, "stdlib/"), &[prepared.base.stdlib()]));
        if !findings.is_empty() {
            return Ok(findings);
        }
        let Release { mut files, .. } = self.release(&prepared, parameters.options.clone())?;
        add_packages(&mut files, rebuild.released, report);
        let more = more_inputs(&files, report);
        Ok(if more.is_empty() {
            compare(rebuild.released, &files)
        } else {
            more
        })
    }

    /// The base that the release was made with, or that was named and is the same.
    fn recorded_base(
        &self,
        rebuild: &Rebuild<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Base>, Error> {
        let wanted = &rebuild.contents.report.base.id;
        let base = match Store::new(&self.home).find(rebuild.base.unwrap_or(wanted)) {
            Ok(base) => base,
            Err(pywasm_base::Error::NoSuchBase { .. }) if rebuild.base.is_none() => {
                let message = format!("the release was made with {wanted}, which is not here");
                findings.push(Finding::new("base", message));
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        if base.id() != wanted {
            let message = format!("the release was made with {wanted}, and this is {}", base.id());
            findings.push(Finding::new("base", message));
            return Ok(None);
        }
        base.check_abi()?;
        Ok(Some(base))
    }
}

fn other_tool(report: &Report) -> Option<Finding> {
    let here = env!("CARGO_PKG_VERSION");
    let there = &report.tool.version;
    (there != here).then(|| {
        let message = format!("pywasm {there} made the release, and this is {here}");
        Finding::new("tool", message)
    })
}

/// The recorded inputs from one folder.
fn inputs<'a>(report: &'a Report, folder: &'static str) -> impl Iterator<Item = &'a InputEntry> {
    let all = report.inputs.iter();
    all.filter(move |input| input.path.starts_with(folder))
}

/// Adds the signature, which no rebuild can make, and the archives that the release has.
fn add_packages(files: &mut Files, released: &Files, report: &Report) {
    if let Some(signature) = released.get(SIGNATURE) {
        files.insert(SIGNATURE.to_owned(), signature.clone());
    }
    let version = report.project.version.as_deref().unwrap_or_default();
    let stem = assemble::stem(&report.project.name, version);
    for format in Format::ALL {
        if released.contains_key(&format!("{stem}.{}", format.as_str())) {
            let mut packed = files.clone();
            packed.retain(|name, _| Format::CHOICES.iter().all(|end| !name.ends_with(end)));
            assemble::pack(&mut packed, &stem, format);
            files.extend(packed);
        }
    }
}

/// What the release was built with, and where this machine has it.
fn options(rebuild: &Rebuild<'_>, parameters: &Parameters, report: &Report) -> BuildOptions {
    let recorded = &parameters.options;
    let given = rebuild.dependencies.clone();
    let joined = |recorded: &[String], given: Vec<String>| recorded.iter().cloned().chain(given).collect();
    BuildOptions {
        name: Some(report.project.name.clone()),
        entry: recorded.entry.clone(),
        include: recorded.include.clone(),
        exclude: recorded.exclude.clone(),
        codecs: recorded.codecs.clone(),
        worlds: recorded.worlds.clone(),
        data: recorded.data.clone(),
        paths: rebuild.paths.to_vec(),
        base: rebuild.base.map(str::to_owned),
        optimize: Some(report.settings.optimize),
        docstrings: Some(report.settings.docstrings),
        preinit: Some(report.settings.preinit),
        allow: recorded.allow.clone(),
        aot: recorded.aot.clone(),
        cpu: recorded.cpu.clone(),
        dependencies: DependencyOptions {
            extras: joined(&recorded.extras, given.extras),
            groups: joined(&recorded.groups, given.groups),
            no_install: recorded.no_install || given.no_install,
            // Its `sdists` too: building one runs its code, which no release allows itself.
            ..given
        },
        ..BuildOptions::default()
    }
}

/// Inputs whose content below `roots` is not the recorded one; the first root that has it counts.
fn changed<'a>(inputs: impl Iterator<Item = &'a InputEntry>, roots: &[PathBuf]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for input in inputs {
        let relative = input.path.split_once('/').map_or("", |(_, rest)| rest);
        let inside = Path::new(relative)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let found = roots
            .iter()
            .filter(|_| inside)
            .find_map(|root| fs::read(root.join(relative)).ok());
        let message = match found.map(|bytes| Digest::compute(&bytes)) {
            Some(found) if found == input.sha256 => continue,
            Some(found) => format!(
                "its SHA-256 is {found}, and the release was made from {}",
                input.sha256
            ),
            None => "the release was made from it, and it is not here".to_owned(),
        };
        findings.push(Finding::new(&input.path, message));
    }
    findings
}

/// Inputs that the rebuild takes and the release did not, or the other way round.
fn more_inputs(files: &Files, report: &Report) -> Vec<Finding> {
    let name = format!("{}.report.json", report.project.name);
    let text = files.get(&name).map(|bytes| String::from_utf8_lossy(bytes));
    let Some(Ok(again)) = text.map(|text| Report::from_json(&text)) else {
        return Vec::new();
    };
    let paths = |report: &Report| -> BTreeSet<String> {
        report.inputs.iter().map(|input| input.path.clone()).collect()
    };
    let (then, now) = (paths(report), paths(&again));
    let more = now
        .difference(&then)
        .map(|path| Finding::new(path, "the rebuild takes it, and the release was made without it"));
    let less = then.difference(&now).map(|path| {
        Finding::new(
            path,
            "the release was made with it, and the rebuild goes without it",
        )
    });
    more.chain(less).collect()
}
