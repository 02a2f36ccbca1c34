//! Checks that the files of a release agree: the report, the provenance, the record inside the
//! module, compressed forms, machine code and SBOMs.

use pywasm_digest::Digest;
use pywasm_dist::{FileNames, ModuleRecord, record};
use pywasm_report::{ArtifactEntry, Report};
use serde::Deserialize;

use super::{Contents, bom};
use crate::{
    archive,
    files::{Files, Finding},
    provenance::Statement,
    signature::{SIGNATURE, SUMS},
};

/// Compares the contents of the files with each other.
pub(super) fn compare_contents(
    files: &Files,
    name: &str,
    statement: Statement,
    findings: &mut Vec<Finding>,
) -> Option<Contents> {
    let file = format!("{name}.report.json");
    let text = files.get(&file).map(|bytes| String::from_utf8_lossy(bytes));
    let report = match text.map(|text| Report::from_json(&text)) {
        None => {
            findings.push(Finding::new(file, "the file is missing"));
            return None;
        }
        Some(Err(error)) => {
            findings.push(Finding::new(file, error.to_string()));
            return None;
        }
        Some(Ok(report)) => report,
    };
    if report.project.name != name {
        findings.push(Finding::new(
            file,
            format!("the report is about {}", report.project.name),
        ));
        return None;
    }
    for artifact in &report.artifacts {
        compare_artifact(files, &file, artifact, findings);
    }
    compare_provenance(files, name, &report, &statement, findings);
    let module_name = FileNames::new(name).module();
    let Some(module) = files.get(&module_name) else {
        findings.push(Finding::new(module_name, "the file is missing"));
        return None;
    };
    match record::read(module) {
        Ok(found) => {
            let wanted = ModuleRecord::new(&report.tool.version, &report.base.id, &report.inputs);
            if found != wanted {
                let message = format!(
                    "the module's record differs from the report: {}",
                    describe_differences(&found, &wanted)
                );
                findings.push(Finding::new(&module_name, message));
            }
        }
        Err(error) => findings.push(Finding::new(&module_name, error.to_string())),
    }
    compare_compressed(files, &module_name, module, findings);
    compare_machine_code(files, module, findings);
    bom::compare(files, name, module, findings);
    Some(Contents { report, statement })
}

fn compare_artifact(files: &Files, report: &str, artifact: &ArtifactEntry, findings: &mut Vec<Finding>) {
    let Some(bytes) = files.get(&artifact.file) else {
        let message = format!("the report lists {}, which is missing", artifact.file);
        findings.push(Finding::new(report, message));
        return;
    };
    if (artifact.bytes, artifact.sha256) != (bytes.len() as u64, Digest::compute(bytes)) {
        let message = format!("the size or SHA-256 of {} does not match the file", artifact.file);
        findings.push(Finding::new(report, message));
    }
}

/// Compares the provenance with the report, which determines all of it except for the options and
/// the digest of the base's manifest.
fn compare_provenance(
    files: &Files,
    name: &str,
    report: &Report,
    statement: &Statement,
    findings: &mut Vec<Finding>,
) {
    let file = format!("{name}.provenance.json");
    let Some(base) = statement.base() else {
        findings.push(Finding::new(file, "the digest of the base is missing"));
        return;
    };
    let parameters = &statement.predicate.build_definition.external_parameters;
    let subjects = files
        .iter()
        .filter(|(name, _)| ![file.as_str(), SUMS, SIGNATURE].contains(&name.as_str()));
    let wanted = Statement::new(subjects, report, base, parameters.options.clone());
    if *statement != wanted {
        let definition = &statement.predicate.build_definition;
        let other = &wanted.predicate.build_definition;
        let what = if definition.resolved_dependencies != other.resolved_dependencies {
            "the dependencies differ from the tool, the base and the inputs of the report"
        } else if definition.external_parameters != other.external_parameters {
            "the project or the settings differ from the report"
        } else {
            "the file does not have the format that pywasm writes"
        };
        findings.push(Finding::new(file, what));
    }
}

fn describe_differences(found: &ModuleRecord, wanted: &ModuleRecord) -> String {
    let parts = [
        ("tool", found.tool.clone(), wanted.tool.clone()),
        ("version", found.version.clone(), wanted.version.clone()),
        ("base", found.base.clone(), wanted.base.clone()),
        ("inputs", found.inputs.to_string(), wanted.inputs.to_string()),
    ];
    let differences: Vec<String> = parts
        .into_iter()
        .filter(|(_, found, wanted)| found != wanted)
        .map(|(part, found, wanted)| format!("`{part}` is {found}, but the report has {wanted}"))
        .collect();
    differences.join("; ")
}

fn compare_compressed(files: &Files, name: &str, module: &[u8], findings: &mut Vec<Finding>) {
    type Unpack = fn(&[u8], u64) -> Result<Vec<u8>, String>;
    let forms: [(&str, Unpack); 3] = [
        ("br", archive::unbrotli),
        ("gz", archive::gunzip),
        ("zst", archive::unzstd),
    ];
    for (end, unpack) in forms {
        let file = format!("{name}.{end}");
        let Some(bytes) = files.get(&file) else { continue };
        match unpack(bytes, module.len() as u64) {
            Ok(plain) if plain == module => {}
            Ok(_) => findings.push(Finding::new(file, format!("the file does not unpack to {name}"))),
            Err(message) => findings.push(Finding::new(file, message)),
        }
    }
}

/// Checks that each record of machine code is about this module and the code next to it.
fn compare_machine_code(files: &Files, module: &[u8], findings: &mut Vec<Finding>) {
    #[derive(Deserialize)]
    struct CodeRecord {
        source: FileDigest,
        code: FileDigest,
    }
    #[derive(Deserialize)]
    struct FileDigest {
        file: String,
        sha256: Digest,
    }
    for (name, bytes) in files {
        let Some(code) = name.strip_suffix(".json").filter(|code| code.ends_with(".cwasm")) else {
            continue;
        };
        let message = match serde_json::from_slice::<CodeRecord>(bytes) {
            Err(_) => "the file is not a record of machine code",
            Ok(record) if record.source.sha256 != Digest::compute(module) => {
                "the record is about another module"
            }
            Ok(record)
                if record.code.file != code
                    || files.get(code).map(|bytes| Digest::compute(bytes)) != Some(record.code.sha256) =>
            {
                "the record is about other machine code"
            }
            Ok(_) => continue,
        };
        findings.push(Finding::new(name, message));
    }
}
