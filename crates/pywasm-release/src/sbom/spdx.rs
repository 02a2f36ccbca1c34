//! Writes a bill of materials as SPDX 2.3. See <https://spdx.github.io/spdx-spec/v2.3/>.

use std::collections::BTreeMap;

use serde_spdx::spdx::v_2_3::{
    Spdx, SpdxCreationInfo, SpdxItemHasExtractedLicensingInfos, SpdxItemPackages,
    SpdxItemPackagesItemChecksums, SpdxItemPackagesItemExternalRefs, SpdxItemRelationships,
};

use super::{
    Error, SbomSubject,
    bill::{Bill, Part},
    identifier::{slug, uuid},
    license::License,
};

/// The format requires a time. It is always the same, so that the same input gives the same bytes.
const CREATED: &str = "1970-01-01T00:00:00Z";

const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// Writes the bill of materials as JSON with a final line break.
///
/// # Errors
/// When the report does not list a module, or is about another base.
pub fn write_spdx(subject: &SbomSubject<'_>) -> Result<Vec<u8>, Error> {
    let bill = Bill::new(*subject)?;
    let mut document = build_document(&bill);
    let number = uuid(&serde_json::to_vec(&document)?);
    document.document_namespace = format!("https://spdx.org/spdxdocs/{}-{number}", slug(&bill.artifact.name));
    let mut json = serde_json::to_vec_pretty(&document)?;
    json.push(b'\n');
    Ok(json)
}

fn build_document(bill: &Bill<'_>) -> Spdx {
    let mut explained = BTreeMap::new();
    let mut artifact = package(&bill.artifact, &mut explained);
    artifact.package_file_name = Some(bill.file.to_owned());
    artifact.primary_package_purpose = Some("APPLICATION".to_owned());
    let mut packages = vec![artifact];
    packages.extend(bill.parts().map(|part| package(part, &mut explained)));
    let explained =
        explained.into_iter().map(
            |(license_id, extracted_text)| SpdxItemHasExtractedLicensingInfos {
                license_id,
                extracted_text,
                name: None,
                comment: None,
                cross_refs: None,
                see_alsos: None,
            },
        );
    let explained: Vec<_> = explained.collect();
    let tool = &bill.report.tool;
    Spdx {
        spdxid: DOCUMENT.to_owned(),
        spdx_version: "SPDX-2.3".to_owned(),
        data_license: "CC0-1.0".to_owned(),
        name: bill.file.to_owned(),
        creation_info: SpdxCreationInfo {
            created: CREATED.to_owned(),
            creators: vec![format!("Tool: {}-{}", tool.name, tool.version)],
            comment: Some(
                "The time is a placeholder, so that the same input gives the same document.".to_owned(),
            ),
            license_list_version: None,
        },
        packages: Some(packages),
        relationships: Some(relationships(bill)),
        has_extracted_licensing_infos: (!explained.is_empty()).then_some(explained),
        document_namespace: String::new(),
        annotations: None,
        comment: None,
        document_describes: None,
        external_document_refs: None,
        files: None,
        revieweds: None,
        snippets: None,
    }
}

fn package(part: &Part, explained: &mut BTreeMap<String, String>) -> SpdxItemPackages {
    let mut refs = Vec::new();
    let mut add = |category: &str, kind: &str, locator: &Option<String>| {
        refs.extend(locator.iter().map(|locator| SpdxItemPackagesItemExternalRefs {
            reference_category: category.to_owned(),
            reference_type: kind.to_owned(),
            reference_locator: locator.clone(),
            comment: None,
        }));
    };
    add("PACKAGE-MANAGER", "purl", &part.purl);
    add("SECURITY", "cpe23Type", &part.cpe);
    let properties: Vec<String> = part
        .properties
        .iter()
        .map(|(name, value)| format!("pywasm:{name}: {value}"))
        .collect();
    let checksum = part.sha256.map(|digest| SpdxItemPackagesItemChecksums {
        algorithm: "SHA256".to_owned(),
        checksum_value: digest.to_string(),
    });
    SpdxItemPackages {
        spdxid: identifier(&part.id),
        name: part.name.clone(),
        version_info: part.version.clone(),
        download_location: "NOASSERTION".to_owned(),
        files_analyzed: Some(false),
        license_concluded: Some("NOASSERTION".to_owned()),
        license_declared: Some(declare_licence(&part.license, explained)),
        copyright_text: Some("NOASSERTION".to_owned()),
        checksums: checksum.map(|checksum| vec![checksum]),
        external_refs: (!refs.is_empty()).then_some(refs),
        comment: (!properties.is_empty()).then(|| properties.join("\n")),
        annotations: None,
        attribution_texts: None,
        built_date: None,
        description: None,
        has_files: None,
        homepage: None,
        license_comments: None,
        license_info_from_files: None,
        originator: None,
        package_file_name: None,
        package_verification_code: None,
        primary_package_purpose: None,
        release_date: None,
        source_info: None,
        summary: None,
        supplier: None,
        valid_until_date: None,
    }
}

/// Declares a licence. Names that only this document defines are added to `explained`.
fn declare_licence(license: &License, explained: &mut BTreeMap<String, String>) -> String {
    match license {
        License::Unknown => "NOASSERTION".to_owned(),
        License::Expression(expression) => {
            for reference in license.references() {
                let text = "The text is in the part's source; a release has it in LICENSES.txt.";
                explained.entry(reference).or_insert_with(|| text.to_owned());
            }
            expression.clone()
        }
        License::Words(words) => {
            let reference = format!("LicenseRef-words-{}", slug(words));
            explained.insert(reference.clone(), words.clone());
            reference
        }
    }
}

fn relationships(bill: &Bill<'_>) -> Vec<SpdxItemRelationships> {
    let artifact = identifier(&bill.artifact.id);
    let base = identifier(&bill.base.id);
    let mut all = vec![
        relationship(DOCUMENT, "DESCRIBES", &artifact),
        relationship(&artifact, "GENERATED_FROM", &base),
    ];
    for library in &bill.libraries {
        all.push(relationship(&base, "CONTAINS", &identifier(&library.id)));
    }
    for part in bill
        .libraries
        .iter()
        .chain(&bill.distributions)
        .filter(|part| part.is_inside)
    {
        all.push(relationship(&artifact, "CONTAINS", &identifier(&part.id)));
    }
    for (from, needs) in &bill.needs {
        // The libraries of the base are already listed above.
        for to in needs.iter().filter(|_| *from != bill.base.id) {
            all.push(relationship(&identifier(from), "DEPENDS_ON", &identifier(to)));
        }
    }
    all
}

fn relationship(from: &str, kind: &str, to: &str) -> SpdxItemRelationships {
    SpdxItemRelationships {
        spdx_element_id: from.to_owned(),
        relationship_type: kind.to_owned(),
        related_spdx_element: to.to_owned(),
        comment: None,
    }
}

fn identifier(id: &str) -> String {
    format!("SPDXRef-{}", slug(id))
}
