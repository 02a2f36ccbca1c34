//! Tests the licences of a build, from a base, installed distributions and a project.

use std::fs;
use std::path::Path;

use pywasm_base::Manifest;
use pywasm_release::licences::{LicenceFolders, Licences, collect};
use pywasm_release::sbom::{Error, SbomSubject, write_cyclonedx, write_spdx};
use pywasm_report::Report;
use serde_json::{Value, json};

fn put(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("below")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn manifest() -> Manifest {
    let source = |name: &str, license: &str| {
        json!({
            "name": name, "version": "1.0", "sha256": "0".repeat(64), "license": license,
            "license_file": format!("licenses/{name}.txt"),
        })
    };
    let manifest = json!({
        "schema": 1, "abi": 3, "id": "cpython-3.13.15-0123456789ab", "python": "3.13.15", "builtins": [],
        "c_imports": {}, "stdlib_names": [], "toolchain": {},
        "sources": [source("sqlite", "blessing"), source("cpython", "PSF-2.0"), source("zlib", "Zlib")],
    });
    serde_json::from_value(manifest).expect("a manifest")
}

fn report(distributions: &[&str]) -> Report {
    let module = |name: &str, origin: &str, distribution: Option<&str>| {
        let mut module = json!({
            "name": name, "origin": origin, "kind": "module", "source_bytes": 1, "image_bytes": 1,
            "imported_by": ["app"],
        });
        if let Some(name) = distribution {
            module["distribution"] = json!(name);
        }
        module
    };
    let mut modules = vec![
        module("app", "app", None),
        module("zlib", "builtin", None),
        module("vendored.part", "dependency", None),
    ];
    modules.extend(
        distributions
            .iter()
            .map(|name| module(name, "dependency", Some(name))),
    );
    let entries: Vec<Value> = distributions
        .iter()
        .map(|name| {
            json!({
                "name": name, "version": "1", "sha256": null, "record_sha256": "1".repeat(64),
                "license": "BSD", "purl": format!("pkg:pypi/{name}@1"),
            })
        })
        .collect();
    let text = json!({
        "schema": 1,
        "tool": {"name": "pywasm", "version": "0.1.0"},
        "base": {"id": "cpython-3.13.15-0123456789ab", "python": "3.13.15"},
        "project": {"name": "app", "version": "2", "license": "MIT", "entry": "app"},
        "settings": {"profile": "release", "optimize": "size", "preinit": "none", "docstrings": "app"},
        "stages": [],
        "artifacts": [{"file": "app.wasm", "kind": "wasm", "bytes": 1, "sha256": "2".repeat(64)}],
        "modules": modules, "data": [], "distributions": entries, "warnings": [],
        "timings": {"total": 0.0, "stages": {}},
    });
    Report::from_json(&text.to_string()).expect("a report")
}

fn collected(folder: &Path, report: &Report) -> Licences {
    let manifest = manifest();
    let paths = [folder.join("site")];
    let (base, project) = (folder.join("base"), folder.join("project"));
    let folders = LicenceFolders {
        base: &base,
        paths: &paths,
        project: &project,
    };
    let subject = SbomSubject {
        report,
        base: &manifest,
    };
    collect(&subject, &folders).expect("collected")
}

#[test]
fn each_part_comes_with_its_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str, text: &str| put(folder.path(), name, text);
    at("base/licenses/cpython.txt", "PSF text\n");
    at("base/licenses/zlib.txt", "zlib text\n");
    at("base/licenses/sqlite.txt", "sqlite text\n");
    at("project/LICENSE", "shared text\n");
    at("project/license.py", "no text\n");
    at("outside", "a secret\n");
    let about = |name: &str, more: &str| format!("Name: {name}\nVersion: 1\n{more}");
    at(
        "site/new-1.dist-info/METADATA",
        &about("new", "License-File: LICENSE\nLicense-File: ../../outside\n"),
    );
    at("site/new-1.dist-info/licenses/LICENSE", "shared text\r\n");
    at("site/old-1.dist-info/METADATA", &about("old", ""));
    at(
        "site/old-1.dist-info/RECORD",
        "old-1.dist-info/COPYING,,\nold/LICENSE,,\n",
    );
    at("site/old-1.dist-info/COPYING", "old text\n");
    at("site/old/LICENSE", "a part's text\n");
    at("site/bare-1.dist-info/METADATA", &about("bare", ""));
    at("site/unused-1.dist-info/METADATA", &about("unused", ""));

    let licences = collected(folder.path(), &report(&["bare", "new", "old"]));
    let text = &licences.text;
    for wanted in ["PSF text", "zlib text", "old text"] {
        assert_eq!(text.matches(wanted).count(), 1, "{wanted}: {text}");
    }
    assert_eq!(text.matches("shared text").count(), 1, "{text}");
    assert!(
        text.contains("[1] LICENSE of app 2, LICENSE of new 1\n"),
        "{text}"
    );
    // SQLite is linked into the base, and this program cannot reach it.
    for unwanted in ["sqlite", "no text", "a secret", "a part's text", "unused", "\r"] {
        assert!(!text.contains(unwanted), "{unwanted}: {text}");
    }
    assert!(
        text.contains("bare 1\n  licence: BSD\n  text: not found\n"),
        "{text}"
    );
    let warnings: Vec<&str> = licences
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    let wanted = ["bare 1", "vendored"].map(|name| format!("pywasm found no licence text for `{name}`"));
    assert_eq!(warnings, wanted);
    assert_eq!(
        *text,
        collected(folder.path(), &report(&["bare", "new", "old"])).text
    );
}

#[test]
fn what_no_distribution_lists_is_named_and_another_base_is_refused() {
    let (report, mut base) = (report(&["six"]), manifest());
    let subject = SbomSubject {
        report: &report,
        base: &base,
    };
    let bill: Value = serde_json::from_slice(&write_cyclonedx(&subject).expect("a bill")).expect("JSON");
    let components = bill["components"].as_array().expect("a list").iter();
    let vendored = components
        .clone()
        .find(|one| one["name"] == "vendored")
        .expect("is named");
    assert_eq!(vendored["properties"][0]["name"], "pywasm:undeclared");
    let six = components
        .clone()
        .find(|one| one["name"] == "six")
        .expect("is named");
    assert_eq!(six["licenses"][0]["license"]["name"], "BSD");
    let bill: Value = serde_json::from_slice(&write_spdx(&subject).expect("a bill")).expect("JSON");
    assert_eq!(bill["hasExtractedLicensingInfos"][0]["extractedText"], "BSD");

    base.id = "cpython-3.13.15-ba9876543210".to_owned();
    let subject = SbomSubject {
        report: &report,
        base: &base,
    };
    assert!(matches!(write_spdx(&subject), Err(Error::OtherBase { .. })));
}
