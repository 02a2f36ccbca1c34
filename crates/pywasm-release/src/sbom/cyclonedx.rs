//! Writes a bill of materials as CycloneDX 1.6. See <https://cyclonedx.org/docs/1.6/json/>.

use serde_cyclonedx::cyclonedx::v_1_6::{
    Component, CycloneDx, Dependency, Hash, HashAlg, License as Named, LicenseChoiceUrl,
    LicenseChoiceUrlVariant0ItemUrl, LicenseChoiceUrlVariant1ItemLicense, Metadata, MetadataItemLifecycles,
    MetadataItemLifecyclesVariant0, MetadataTools, MetadataToolsVariant0, Property,
};
use serde_json::json;

use super::{
    Error, SbomSubject,
    bill::{Bill, Part},
    identifier::uuid,
    license::License,
};

/// Writes the bill of materials as JSON with a final line break.
///
/// # Errors
/// When the report does not list a module, or is about another base.
pub fn write_cyclonedx(subject: &SbomSubject<'_>) -> Result<Vec<u8>, Error> {
    let bill = Bill::new(*subject)?;
    let mut document = build_document(&bill)?;
    let number = uuid(&serde_json::to_vec(&document)?);
    document.serial_number = Some(format!("urn:uuid:{number}"));
    let mut json = serde_json::to_vec_pretty(&document)?;
    json.push(b'\n');
    Ok(json)
}

fn build_document(bill: &Bill<'_>) -> Result<CycloneDx, Error> {
    let mut artifact = component(&bill.artifact, "application")?;
    artifact.mime_type = Some("application/wasm".to_owned());
    artifact
        .properties
        .get_or_insert_default()
        .push(property("file", bill.file));
    let tool = Component {
        version: Some(bill.report.tool.version.clone()),
        ..empty_component(&bill.report.tool.name, "application")?
    };
    let metadata = Metadata {
        component: Some(artifact),
        lifecycles: Some(vec![MetadataItemLifecycles::Variant0(
            MetadataItemLifecyclesVariant0 {
                phase: "build".to_owned(),
            },
        )]),
        tools: Some(MetadataTools::Variant0(MetadataToolsVariant0 {
            components: Some(vec![tool]),
            ..MetadataToolsVariant0::default()
        })),
        ..Metadata::default()
    };
    let components = bill.parts().map(|part| {
        let kind = if part.id == bill.base.id {
            "platform"
        } else {
            "library"
        };
        component(part, kind)
    });
    let dependencies = bill.needs.iter().map(|(id, needs)| Dependency {
        ref_: id.clone(),
        depends_on: Some(needs.iter().cloned().collect()),
        provides: None,
    });
    Ok(CycloneDx {
        schema: Some("http://cyclonedx.org/schema/bom-1.6.schema.json".to_owned()),
        bom_format: "CycloneDX".to_owned(),
        spec_version: "1.6".to_owned(),
        version: Some(1),
        metadata: Some(metadata),
        components: Some(components.collect::<Result<_, _>>()?),
        dependencies: Some(dependencies.collect()),
        annotations: None,
        compositions: None,
        declarations: None,
        definitions: None,
        external_references: None,
        formulation: None,
        properties: None,
        serial_number: None,
        services: None,
        signature: None,
        vulnerabilities: None,
    })
}

fn component(part: &Part, kind: &str) -> Result<Component, Error> {
    let properties: Vec<Property> = part
        .properties
        .iter()
        .map(|(name, value)| property(name, value))
        .collect();
    let hash = part.sha256.map(|digest| Hash {
        alg: HashAlg::Sha256,
        content: digest.to_string(),
    });
    Ok(Component {
        bom_ref: Some(part.id.clone()),
        version: part.version.clone(),
        // "Not reachable within a call graph at runtime", as the specification has it.
        scope: Some(if part.is_inside { "required" } else { "excluded" }.to_owned()),
        licenses: licenses(&part.license),
        hashes: hash.map(|hash| vec![hash]),
        purl: part.purl.clone(),
        cpe: part.cpe.clone(),
        properties: (!properties.is_empty()).then_some(properties),
        ..empty_component(&part.name, kind)?
    })
}

/// Makes a component without its about thirty optional fields, since the type has no default.
fn empty_component(name: &str, kind: &str) -> Result<Component, Error> {
    Ok(serde_json::from_value(json!({ "name": name, "type": kind }))?)
}

fn licenses(license: &License) -> Option<LicenseChoiceUrl> {
    match license {
        License::Expression(expression) => Some(LicenseChoiceUrl::Variant1(vec![
            LicenseChoiceUrlVariant1ItemLicense {
                acknowledgement: None,
                bom_ref: None,
                expression: expression.clone(),
            },
        ])),
        License::Words(words) => Some(LicenseChoiceUrl::Variant0(vec![
            LicenseChoiceUrlVariant0ItemUrl {
                license: Named {
                    name: Some(words.clone()),
                    ..Named::default()
                },
            },
        ])),
        License::Unknown => None,
    }
}

fn property(name: &str, value: &str) -> Property {
    Property {
        name: format!("pywasm:{name}"),
        value: Some(value.to_owned()),
    }
}
