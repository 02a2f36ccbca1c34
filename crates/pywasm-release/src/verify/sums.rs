//! The sums and the provenance of a release against its files: what is missing, one more or
//! another.

use std::collections::BTreeSet;

use pywasm_digest::Digest;

use crate::{
    assemble,
    files::{Files, Finding},
    provenance::{Descriptor, Statement},
    signature::{SIGNATURE, SUMS},
};

/// The sums against the files. Where a file is the one that the provenance knows, the sums are at
/// fault.
pub(super) fn compare_sums(files: &Files, subject: &[Descriptor], findings: &mut Vec<Finding>) {
    let Some(sums) = files.get(SUMS) else {
        findings.push(Finding::new(SUMS, "it is missing"));
        return;
    };
    let before = findings.len();
    let text = String::from_utf8_lossy(sums);
    let mut listed = BTreeSet::new();
    for (at, line) in text.lines().enumerate() {
        let parsed = line
            .split_once("  ")
            .and_then(|(digest, name)| Some((digest.parse::<Digest>().ok()?, name)));
        let Some((digest, name)) = parsed else {
            findings.push(Finding::new(SUMS, format!("line {} is no sum of a file", at + 1)));
            continue;
        };
        listed.insert(name);
        let found = files.get(name).map(|bytes| Digest::compute(bytes));
        let vouched = found.is_some() && said(subject, name) == found;
        match found {
            None if said(subject, name).is_none() && !subject.is_empty() => {
                findings.push(Finding::new(
                    SUMS,
                    format!("it lists {name}, which is not in the release"),
                ));
            }
            None => findings.push(Finding::new(name, format!("it is missing, and {SUMS} lists it"))),
            Some(found) if found == digest => {}
            Some(found) if vouched => findings.push(Finding::new(
                SUMS,
                format!("it says {digest} of {name}, whose SHA-256 is {found}, as the provenance says too"),
            )),
            Some(found) => findings.push(Finding::new(
                name,
                format!("its SHA-256 is {found}, and {SUMS} says {digest}"),
            )),
        }
    }
    let summed = || {
        files
            .iter()
            .filter(|(name, _)| ![SUMS, SIGNATURE].contains(&name.as_str()))
    };
    for (name, bytes) in summed().filter(|(name, _)| !listed.contains(name.as_str())) {
        findings.push(if said(subject, name) == Some(Digest::compute(bytes)) {
            Finding::new(
                SUMS,
                format!("it does not list {name}, of which the provenance tells"),
            )
        } else {
            Finding::new(name, format!("it is one more than {SUMS} lists"))
        });
    }
    if findings.len() == before && assemble::sums(summed()) != *sums {
        findings.push(Finding::new(
            SUMS,
            "its lines are not written as pywasm writes them",
        ));
    }
}

/// What the provenance says of a file.
fn said(subject: &[Descriptor], name: &str) -> Option<Digest> {
    let one = subject.iter().find(|one| one.name.as_deref() == Some(name))?;
    one.digest.map(|digest| digest.sha256)
}

/// The provenance against the files.
pub(super) fn compare_subjects(
    files: &Files,
    name: &str,
    statement: &Statement,
    findings: &mut Vec<Finding>,
) {
    let file = format!("{name}.provenance.json");
    let others = [file.as_str(), SUMS, SIGNATURE];
    let mut named = BTreeSet::new();
    for one in &statement.subject {
        let Some(name) = one.name.as_deref() else {
            findings.push(Finding::new(&file, "one of its subjects has no name"));
            continue;
        };
        if !named.insert(name) {
            findings.push(Finding::new(&file, format!("it tells of {name} twice")));
        }
        let said = one.digest.map(|digest| digest.sha256);
        match (files.get(name).map(|bytes| Digest::compute(bytes)), said) {
            (None, _) => findings.push(Finding::new(
                name,
                "it is missing, and the provenance tells of it",
            )),
            (Some(_), None) => findings.push(Finding::new(&file, format!("it has no SHA-256 of {name}"))),
            (Some(found), Some(said)) if found != said => findings.push(Finding::new(
                name,
                format!("its SHA-256 is {found}, and the provenance says {said}"),
            )),
            _ => {}
        }
    }
    let untold = files
        .keys()
        .filter(|name| !named.contains(name.as_str()) && !others.contains(&name.as_str()));
    findings.extend(untold.map(|name| Finding::new(name, "the provenance does not tell of it")));
}
