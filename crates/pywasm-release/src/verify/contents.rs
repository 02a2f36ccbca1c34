//! What the files of a release say of each other: report, provenance, the record inside of the
//! module, compressed forms, machine code, SBOMs.

use pywasm_digest::Digest;
use pywasm_dist::{ModuleRecord, record};
use pywasm_report::{ArtifactEntry, Report};
use serde::Deserialize;

use super::{Contents, bom};
use crate::{
    archive,
    files::{Files, Finding},
    provenance::Statement,
    signature::{SIGNATURE, SUMS},
};

/// What the files say of each other.
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
            findings.push(Finding::new(file, "it is missing"));
            return None;
        }
        Some(Err(error)) => {
            findings.push(Finding::new(file, error.to_string()));
            return None;
        }
        Some(Ok(report)) => report,
    };
    if report.project.name != name {
        findings.push(Finding::new(file, format!("it is about {}", report.project.name)));
        return None;
    }
    for artifact in &report.artifacts {
        compare_artifact(files, &file, artifact, findings);
    }
    compare_provenance(files, name, &report, &statement, findings);
    let module_name = format!("{name}.wasm");
    let Some(module) = files.get(&module_name) else {
        findings.push(Finding::new(module_name, "it is missing"));
        return None;
    };
    match record::read(module) {
        Ok(found) => {
            let wanted = ModuleRecord::new(&report.tool.version, &report.base.id, &report.inputs);
            if found != wanted {
                let message = format!(
                    "its record differs from the report: {}",
                    different(&found, &wanted)
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
        let message = format!("it tells of {}, which is missing", artifact.file);
        findings.push(Finding::new(report, message));
        return;
    };
    if (artifact.bytes, artifact.sha256) != (bytes.len() as u64, Digest::compute(bytes)) {
        let message = format!("its bytes or SHA-256 of {} are of another file", artifact.file);
        findings.push(Finding::new(report, message));
    }
}

/// The provenance against the report: all of it follows from that, but for the options and the
/// digest of the base's manifest.
fn compare_provenance(
    files: &Files,
    name: &str,
    report: &Report,
    statement: &Statement,
    findings: &mut Vec<Finding>,
) {
    let file = format!("{name}.provenance.json");
    let Some(base) = statement.base() else {
        findings.push(Finding::new(file, "it has no digest of the base"));
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
            "its dependencies are not the tool, the base and the inputs of the report"
        } else if definition.external_parameters != other.external_parameters {
            "its project or settings are not those of the report"
        } else {
            "it is not written as pywasm writes it"
        };
        findings.push(Finding::new(file, what));
    }
}

fn different(found: &ModuleRecord, wanted: &ModuleRecord) -> String {
    let parts = [
        ("tool", found.tool.clone(), wanted.tool.clone()),
        ("version", found.version.clone(), wanted.version.clone()),
        ("base", found.base.clone(), wanted.base.clone()),
        ("inputs", found.inputs.to_string(), wanted.inputs.to_string()),
    ];
    let told: Vec<String> = parts
        .into_iter()
        .filter(|(_, found, wanted)| found != wanted)
        .map(|(part, found, wanted)| format!("`{part}` is {found}, and {wanted} there"))
        .collect();
    told.join("; ")
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
            Ok(_) => findings.push(Finding::new(file, format!("it does not unpack to {name}"))),
            Err(message) => findings.push(Finding::new(file, message)),
        }
    }
}

/// The records of machine code: each is about this module and the code beside it.
fn compare_machine_code(files: &Files, module: &[u8], findings: &mut Vec<Finding>) {
    #[derive(Deserialize)]
    struct Code {
        source: About,
        code: About,
    }
    #[derive(Deserialize)]
    struct About {
        file: String,
        sha256: Digest,
    }
    for (name, bytes) in files {
        let Some(code) = name.strip_suffix(".json").filter(|code| code.ends_with(".cwasm")) else {
            continue;
        };
        let told = match serde_json::from_slice::<Code>(bytes) {
            Err(_) => "it is no record of machine code",
            Ok(record) if record.source.sha256 != Digest::compute(module) => "it is about another module",
            Ok(record)
                if record.code.file != code
                    || files.get(code).map(|bytes| Digest::compute(bytes)) != Some(record.code.sha256) =>
            {
                "it is about other machine code"
            }
            Ok(_) => continue,
        };
        findings.push(Finding::new(name, told));
    }
}
