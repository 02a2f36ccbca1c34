//! Verifies a release, and lists everything that does not agree.
//!
//! Each byte of each file is covered: files by the sums and the provenance, the sums by the files,
//! the signature by its key, and the archive by its content.

mod bom;
mod contents;
mod sums;

use pywasm_report::Report;
use serde::Serialize;

use crate::{
    archive::{self, UnpackedArchive},
    assemble::stem,
    files::{Files, Finding},
    provenance::{Descriptor, Statement},
    signature::{self, PublicKey, SIGNATURE, SUMS},
};

use contents::compare_contents;
use sums::{compare_subjects, compare_sums};

/// The state of a release's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum SignatureState {
    /// The release is not signed.
    None,
    /// The release is signed, but no public key was given.
    Unchecked {
        /// The id of the key that the signature names.
        key: String,
    },
    /// The signature matches the public key.
    Verified {
        /// The key's id.
        key: String,
    },
    /// The signature is not valid, or does not match the public key.
    Refused,
}

/// The result of [`verify`].
#[derive(Debug)]
pub struct Verdict {
    /// `NAME-VERSION`, if it can be read.
    pub stem: Option<String>,
    /// The number of files, including the archive.
    pub files: usize,
    /// The state of the signature.
    pub signature: SignatureState,
    /// What does not agree; empty if the release is intact.
    pub findings: Vec<Finding>,
    /// The report and the provenance; only without findings.
    pub contents: Option<Contents>,
}

/// What `pywasm verify --format json` prints.
#[derive(Debug, Serialize)]
pub struct VerdictForm<'a> {
    schema: u32,
    release: Option<&'a str>,
    verified: bool,
    rebuilt: bool,
    files: usize,
    signature: &'a SignatureState,
    findings: &'a [Finding],
}

impl Verdict {
    /// Its form in JSON. `rebuilt` says whether the release was built again, with the same bytes.
    #[must_use]
    pub fn form(&self, rebuilt: bool) -> VerdictForm<'_> {
        VerdictForm {
            schema: 1,
            release: self.stem.as_deref(),
            verified: self.findings.is_empty(),
            rebuilt,
            files: self.files,
            signature: &self.signature,
            findings: &self.findings,
        }
    }
}

/// What a release says of itself.
#[derive(Debug)]
pub struct Contents {
    /// Its report.
    pub report: Report,
    /// Its provenance.
    pub statement: Statement,
}

/// Unpacks an archive, and verifies it and the files in it.
#[must_use]
pub fn verify_archive(name: &str, bytes: &[u8], key: Option<&PublicKey>) -> (Verdict, Files) {
    match archive::unpack(bytes) {
        Ok(unpacked) => {
            let files = unpacked.files.clone();
            let mut verdict = verify(files.clone(), key);
            let file_name = format!("{}.{}", unpacked.stem, unpacked.format.as_str());
            if verdict.findings.is_empty() {
                let wrong = compare_archive(&unpacked, bytes, &files, &verdict);
                verdict
                    .findings
                    .extend(wrong.map(|message| Finding::new(name, message)));
            }
            verdict.files += 1;
            let mut all = files;
            all.insert(file_name, bytes.to_vec());
            (verdict, all)
        }
        Err(message) => (
            Verdict {
                stem: None,
                files: 1,
                signature: SignatureState::None,
                findings: vec![Finding::new(name, message)],
                contents: None,
            },
            Files::new(),
        ),
    }
}

/// Verifies a release. With a key, the release must be signed.
#[must_use]
pub fn verify(files: Files, key: Option<&PublicKey>) -> Verdict {
    let count = files.len();
    let (archives, files): (Files, Files) = files
        .into_iter()
        .partition(|(name, _)| archive::Format::CHOICES.iter().any(|end| is_archive(name, end)));
    let mut findings = Vec::new();
    let statement = find_provenance(&files, &mut findings);
    let subject: &[Descriptor] = statement
        .as_ref()
        .map_or(&[], |(_, statement)| &statement.subject);
    compare_sums(&files, subject, &mut findings);
    let stem = statement.as_ref().and_then(|(_, statement)| stem_of(statement));
    let mut contents = None;
    if let Some((name, statement)) = statement {
        compare_subjects(&files, &name, &statement, &mut findings);
        // Further checks would only repeat the same findings.
        if findings.is_empty() {
            contents = compare_contents(&files, &name, statement, &mut findings);
        }
    }
    let signature = check_signature(&files, stem.as_deref(), key, &mut findings);
    let mut verdict = Verdict {
        stem,
        files: count,
        signature,
        findings,
        contents,
    };
    for (name, bytes) in &archives {
        let wrong = match archive::unpack(bytes) {
            Ok(unpacked) => {
                let named = format!("{}.{}", unpacked.stem, unpacked.format.as_str());
                if named == *name {
                    compare_archive(&unpacked, bytes, &files, &verdict)
                } else {
                    Some(format!("the archive should be called {named}"))
                }
            }
            Err(message) => Some(message),
        };
        verdict
            .findings
            .extend(wrong.map(|message| Finding::new(name, message)));
    }
    verdict.findings.sort();
    verdict.findings.dedup();
    if !verdict.findings.is_empty() {
        verdict.contents = None;
    }
    verdict
}

fn is_archive(name: &str, end: &str) -> bool {
    name.strip_suffix(end).is_some_and(|stem| stem.ends_with('.'))
}

/// Explains why an archive does not match the files.
fn compare_archive(
    unpacked: &UnpackedArchive,
    bytes: &[u8],
    files: &Files,
    verdict: &Verdict,
) -> Option<String> {
    for (name, content) in files {
        match unpacked.files.get(name) {
            None => return Some(format!("the archive does not contain `{name}`")),
            Some(packed) if packed != content => {
                return Some(format!("`{name}` in the archive has other content"));
            }
            Some(_) => {}
        }
    }
    if let Some(more) = unpacked.files.keys().find(|name| !files.contains_key(*name)) {
        return Some(format!(
            "the archive contains `{more}`, which is not in the release"
        ));
    }
    if verdict.stem.as_deref().is_some_and(|stem| stem != unpacked.stem) {
        return Some(format!("the folder in the archive is called {}", unpacked.stem));
    }
    let same_tool = verdict
        .contents
        .as_ref()
        .is_none_or(|contents| contents.report.tool.version == env!("CARGO_PKG_VERSION"));
    let canonical = unpacked.is_canonical(bytes, same_tool);
    (!canonical).then(|| "pywasm would pack these files to other bytes".to_owned())
}

fn find_provenance(files: &Files, findings: &mut Vec<Finding>) -> Option<(String, Statement)> {
    let mut names = files
        .keys()
        .filter_map(|file| file.strip_suffix(".provenance.json"));
    let (Some(name), None) = (names.next(), names.next()) else {
        let message = "a release must have exactly one such file";
        findings.push(Finding::new("NAME.provenance.json", message));
        return None;
    };
    let file = format!("{name}.provenance.json");
    match Statement::from_json(&files[&file]) {
        Ok(statement) => Some((name.to_owned(), statement)),
        Err(error) => {
            findings.push(Finding::new(file, error.to_string()));
            None
        }
    }
}

fn stem_of(statement: &Statement) -> Option<String> {
    let project = &statement.predicate.build_definition.external_parameters.project;
    Some(stem(&project.name, project.version.as_deref()?))
}

fn check_signature(
    files: &Files,
    stem: Option<&str>,
    key: Option<&PublicKey>,
    findings: &mut Vec<Finding>,
) -> SignatureState {
    let Some(signature) = files.get(SIGNATURE) else {
        if key.is_some() {
            findings.push(Finding::new(
                SIGNATURE,
                "the signature is missing, but a public key was given",
            ));
        }
        return SignatureState::None;
    };
    let sums = files.get(SUMS).map_or(&[][..], Vec::as_slice);
    match signature::check(signature, sums, stem.unwrap_or_default(), key) {
        Ok(id) if key.is_some() => SignatureState::Verified { key: id },
        Ok(id) => SignatureState::Unchecked { key: id },
        Err(message) => {
            findings.push(Finding::new(SIGNATURE, message));
            SignatureState::Refused
        }
    }
}
