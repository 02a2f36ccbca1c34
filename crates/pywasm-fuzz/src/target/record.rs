//! JSON that is read back. What is read is written, and what is written is read as the same.

use pywasm_base::Manifest;
use pywasm_interpreter::MachineCodeRecord;
use pywasm_object::SymbolFile;
use pywasm_release::provenance::Statement;
use pywasm_release::signature::PublicKey;
use pywasm_report::{Report, diff, render_markdown, render_table};
use pywasm_size::{SourceMap, Tree};

use crate::{stays_inside, text};

/// A report, shown in each form.
pub(crate) fn report(bytes: &[u8]) {
    let Ok(report) = Report::from_json(text(bytes)) else {
        return;
    };
    let json = report.to_json().expect("a report has a form in JSON");
    let again = Report::from_json(&json).expect("what was written is read");
    assert_eq!(again.to_json().ok(), Some(json));
    shown(&report);
}

fn shown(report: &Report) {
    let _texts = (render_table(report), render_markdown(report));
    let side = diff::Side {
        name: "it".to_owned(),
        report: Some(report.clone()),
        ..diff::Side::default()
    };
    for old in [None, Some(&side)] {
        let difference = diff::compare(old, &side, &[]);
        let _texts = (difference.to_text(), difference.to_markdown());
    }
}

/// The symbols of a module.
pub(crate) fn symbols(bytes: &[u8]) {
    if let Ok(symbols) = SymbolFile::from_json(bytes) {
        let json = serde_json::to_vec(&symbols).expect("symbols have a form in JSON");
        assert_eq!(SymbolFile::from_json(&json).ok(), Some(symbols));
    }
    if let Ok(map) = SourceMap::parse(bytes) {
        let _file = format!("{map:?}").len();
    }
    if let Ok(tree) = serde_json::from_slice::<Tree>(bytes) {
        let _sums = tree.check();
    }
}

/// The record beside machine code.
pub(crate) fn cwasm_record(bytes: &[u8]) {
    if let Ok(record) = MachineCodeRecord::from_json(bytes) {
        assert!(stays_inside(&record.code.file) && stays_inside(&record.source.file));
        let again = MachineCodeRecord::from_json(record.to_json().as_bytes());
        assert_eq!(again.ok(), Some(record));
    }
}

/// The manifest of a base.
pub(crate) fn manifest(bytes: &[u8]) {
    if let Ok(manifest) = Manifest::parse(bytes) {
        assert!(manifest.files.keys().all(|path| stays_inside(path)));
        assert!(stays_inside(&manifest.id) && !manifest.id.contains('/'));
        let json = manifest.to_json().expect("a manifest has a form in JSON");
        assert_eq!(Manifest::parse(&json).ok(), Some(manifest));
    }
}

/// The provenance of a release, and a public key.
pub(crate) fn provenance(bytes: &[u8]) {
    if let Ok(statement) = Statement::from_json(bytes) {
        let _base = statement.base();
        let again = Statement::from_json(&statement.to_json()).expect("what was written is read");
        assert_eq!(again.to_json(), statement.to_json());
    }
    let _key = PublicKey::parse(text(bytes));
}
