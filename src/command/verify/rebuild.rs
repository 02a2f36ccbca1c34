//! A release and the sources that it says it was made from in, everything that differs out: the
//! tool, then the sources, the base and what is installed, then each byte of what they give.

use std::{
    collections::BTreeSet,
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::Context as _;
use pywasm_base::Base;
use pywasm_digest::Digest;
use pywasm_project::{DependencyOverrides, Overrides, Project, UnknownChoice};
use pywasm_release::{
    archive::Format,
    assemble,
    files::{Files, Finding, differences},
    provenance::Parameters,
    signature::SIGNATURE,
    verify::Contents,
};
use pywasm_report::{InputEntry, Report};

use crate::{
    command::release::{Release, make},
    session::Session,
};

pub(crate) fn run(
    session: &Session,
    options: &super::Options,
    contents: &Contents,
    released: &Files,
) -> anyhow::Result<Vec<Finding>> {
    let report = &contents.report;
    let here = env!("CARGO_PKG_VERSION");
    if report.tool.version != here {
        let message = format!(
            "pywasm {} made the release, and this is {here}",
            report.tool.version
        );
        return Ok(vec![Finding::new("tool", message)]);
    }
    let parameters = &contents.statement.predicate.build_definition.external_parameters;
    let overrides = overrides(options, parameters, report).context("the report of the release is damaged")?;
    let mut project = Project::load(&options.project, &overrides)
        .context("the sources of the release cannot be loaded; --project names them")?;
    if options.dependencies.frozen {
        session.freeze(&project.root);
    }
    project.version.clone_from(&report.project.version);
    project
        .aot
        .retain(|asked| !["host", "wasmedge", "wasmer"].contains(&asked.value.as_str()));

    let of = |folder: &'static str| {
        report
            .inputs
            .iter()
            .filter(move |input| input.path.starts_with(folder))
    };
    let mut findings = changed(of("project/"), std::slice::from_ref(&project.root));
    let Some(base) = the_base(session, options, report, &mut findings)? else {
        return Ok(findings);
    };
    if !findings.is_empty() {
        return Ok(findings);
    }
    let warnings = options.dependencies.install(session, &mut project, &base)?;
    findings.extend(changed(of("site-packages/"), &project.paths));
    findings.extend(changed(of("stdlib/"), &[base.stdlib()]));
    if !findings.is_empty() {
        return Ok(findings);
    }
    let Release { mut files, .. } = make(session, &project, &base, warnings, parameters.options.clone())?;
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
    let more = more_inputs(&files, report);
    Ok(if more.is_empty() {
        differences(released, &files)
    } else {
        more
    })
}

/// What the release was asked for, and where this machine has it.
fn overrides(
    options: &super::Options,
    parameters: &Parameters,
    report: &Report,
) -> Result<Overrides, UnknownChoice> {
    let asked = &parameters.options;
    let given = options.dependencies.overrides();
    let joined = |recorded: &[String], given: Vec<String>| recorded.iter().cloned().chain(given).collect();
    Ok(Overrides {
        name: Some(report.project.name.clone()),
        entry: asked.entry.clone(),
        include: asked.include.clone(),
        exclude: asked.exclude.clone(),
        data: asked.data.clone(),
        paths: options.paths.clone(),
        base: options.base.clone(),
        optimize: Some(report.settings.optimize.parse()?),
        docstrings: Some(report.settings.docstrings.parse()?),
        preinit: Some(report.settings.preinit.parse()?),
        allow: asked.allow.clone(),
        aot: asked.aot.clone(),
        cpu: asked.cpu.clone(),
        dependencies: DependencyOverrides {
            extras: joined(&asked.extras, given.extras),
            groups: joined(&asked.groups, given.groups),
            no_install: asked.no_install || given.no_install,
            // Its `sdists` too: building one runs its code, which no release allows itself.
            ..given
        },
        ..Overrides::default()
    })
}

/// The base that the release was made with, or that was named and is the same.
fn the_base(
    session: &Session,
    options: &super::Options,
    report: &Report,
    findings: &mut Vec<Finding>,
) -> anyhow::Result<Option<Base>> {
    let wanted = &report.base.id;
    let base = match session.store().find(options.base.as_deref().unwrap_or(wanted)) {
        Ok(base) => base,
        Err(pywasm_base::Error::NoSuchBase { .. }) if options.base.is_none() => {
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
