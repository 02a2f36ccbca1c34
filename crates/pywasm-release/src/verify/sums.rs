//! Compares the sums and the provenance of a release with its files: which are missing, added or
//! changed.

use std::collections::BTreeSet;

use pywasm_digest::Digest;

use crate::{
    assemble,
    files::{Files, Finding},
    provenance::{Descriptor, Statement},
    signature::{SIGNATURE, SUMS},
};

/// Compares the sums with the files. If a file matches the provenance, the sums are wrong.
pub(super) fn compare_sums(files: &Files, subject: &[Descriptor], findings: &mut Vec<Finding>) {
    let Some(sums) = files.get(SUMS) else {
        findings.push(Finding::new(SUMS, "the file is missing"));
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
            findings.push(Finding::new(
                SUMS,
                format!("line {} is not the sum of a file", at + 1),
            ));
            continue;
        };
        listed.insert(name);
        findings.extend(compare_sum(files, subject, name, digest));
    }
    let summed = || {
        files
            .iter()
            .filter(|(name, _)| ![SUMS, SIGNATURE].contains(&name.as_str()))
    };
    for (name, bytes) in summed().filter(|(name, _)| !listed.contains(name.as_str())) {
        findings.push(
            if provenance_digest(subject, name) == Some(Digest::compute(bytes)) {
                Finding::new(
                    SUMS,
                    format!("{SUMS} does not list {name}, but the provenance does"),
                )
            } else {
                Finding::new(name, format!("{SUMS} does not list this file"))
            },
        );
    }
    if findings.len() == before && assemble::format_sums(summed()) != *sums {
        findings.push(Finding::new(
            SUMS,
            "the lines do not have the format that pywasm writes",
        ));
    }
}

/// Compares the sum of one file with the file.
fn compare_sum(files: &Files, subject: &[Descriptor], name: &str, digest: Digest) -> Option<Finding> {
    let found = files.get(name).map(|bytes| Digest::compute(bytes));
    let vouched = provenance_digest(subject, name);
    let (file, message) = match found {
        None if vouched.is_none() && !subject.is_empty() => {
            (SUMS, format!("{SUMS} lists {name}, which is not in the release"))
        }
        None => (name, format!("the file is missing, but {SUMS} lists it")),
        Some(found) if found == digest => return None,
        Some(found) if vouched == Some(found) => (
            SUMS,
            format!("the sum of {name} is {digest}, but its SHA-256 is {found}, as in the provenance"),
        ),
        Some(found) => (name, format!("the SHA-256 is {found}, but {SUMS} has {digest}")),
    };
    Some(Finding::new(file, message))
}

/// Returns the digest of a file in the provenance.
fn provenance_digest(subject: &[Descriptor], name: &str) -> Option<Digest> {
    let one = subject.iter().find(|one| one.name.as_deref() == Some(name))?;
    one.digest.map(|digest| digest.sha256)
}

/// Compares the provenance with the files.
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
            findings.push(Finding::new(&file, "a subject does not have a name"));
            continue;
        };
        if !named.insert(name) {
            findings.push(Finding::new(&file, format!("the provenance lists {name} twice")));
        }
        let listed = one.digest.map(|digest| digest.sha256);
        match (files.get(name).map(|bytes| Digest::compute(bytes)), listed) {
            (None, _) => findings.push(Finding::new(
                name,
                "the file is missing, but the provenance lists it",
            )),
            (Some(_), None) => findings.push(Finding::new(
                &file,
                format!("the provenance does not have the SHA-256 of {name}"),
            )),
            (Some(found), Some(listed)) if found != listed => findings.push(Finding::new(
                name,
                format!("the SHA-256 is {found}, but the provenance has {listed}"),
            )),
            _ => {}
        }
    }
    let unlisted = files
        .keys()
        .filter(|name| !named.contains(name.as_str()) && !others.contains(&name.as_str()));
    findings.extend(unlisted.map(|name| Finding::new(name, "the provenance does not list this file")));
}
