//! Checks that the SBOMs of a release are about its module.

use pywasm_digest::Digest;
use pywasm_dist::FileNames;
use serde_json::Value;

use crate::files::{Files, Finding};

/// The endings of SBOM files, and the functions that find the digests in them.
const FORMS: [(&str, Digests); 2] = [("cdx.json", cyclonedx), ("spdx.json", spdx)];

type Digests = fn(&Value, &str) -> Vec<String>;

pub(crate) fn compare(files: &Files, name: &str, module: &[u8], findings: &mut Vec<Finding>) {
    let digest = Digest::compute(module).to_string();
    let module = FileNames::new(name).module();
    for (end, digests) in FORMS {
        let file = format!("{name}.{end}");
        let Some(bytes) = files.get(&file) else { continue };
        match serde_json::from_slice::<Value>(bytes) {
            Err(_) => findings.push(Finding::new(file, "the file is not JSON")),
            Ok(bom) if digests(&bom, &module).contains(&digest) => {}
            Ok(_) => {
                let message = format!("the file is not about {module}, whose SHA-256 is {digest}");
                findings.push(Finding::new(file, message));
            }
        }
    }
}

/// Finds the digests of the component that a CycloneDX document is about.
fn cyclonedx(bom: &Value, _: &str) -> Vec<String> {
    digests(
        &bom["metadata"]["component"]["hashes"],
        "alg",
        "SHA-256",
        "content",
    )
}

/// Finds the digests of the SPDX package for the file.
fn spdx(bom: &Value, file: &str) -> Vec<String> {
    let packages = bom["packages"].as_array().into_iter().flatten();
    packages
        .filter(|package| package["packageFileName"] == file)
        .flat_map(|package| digests(&package["checksums"], "algorithm", "SHA256", "checksumValue"))
        .collect()
}

fn digests(list: &Value, kind: &str, wanted: &str, value: &str) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter(|one| one[kind] == wanted)
        .filter_map(|one| Some(one[value].as_str()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_names_its_module() {
        let digest = Digest::compute(b"module").to_string();
        let cyclonedx = format!(
            r#"{{"metadata": {{"component": {{"hashes": [{{"alg": "SHA-256", "content": "{digest}"}}]}}}}}}"#
        );
        let spdx = format!(
            r#"{{"packages": [{{"packageFileName": "a.wasm", "checksums": [{{"algorithm": "SHA256", "checksumValue": "{digest}"}}]}}]}}"#
        );
        let files: Files = [
            ("a.cdx.json".to_owned(), cyclonedx.into_bytes()),
            ("a.spdx.json".to_owned(), spdx.into_bytes()),
        ]
        .into();
        let count_findings = |files: &Files, module: &[u8]| {
            let mut findings = Vec::new();
            compare(files, "a", module, &mut findings);
            findings.len()
        };
        assert_eq!(count_findings(&files, b"module"), 0);
        assert_eq!(count_findings(&files, b"another"), 2);
        for text in ["", "[]", "{}", r#"{"packages": 1, "metadata": []}"#] {
            let wrong = files.keys().map(|name| (name.clone(), text.as_bytes().to_vec()));
            assert_eq!(count_findings(&wrong.collect(), b"module"), 2, "{text}");
        }
    }
}
