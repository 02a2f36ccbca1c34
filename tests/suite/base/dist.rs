//! The files of `dist/`: which there are, that they agree with each other, and what the report
//! says about them.

use std::io::Read as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{app::App, setup};

/// Whether two files of the same name are the same; of a report all but the times.
pub(crate) fn same(name: &str, one: &[u8], other: &[u8]) -> bool {
    if name.ends_with(".report.json") {
        without_timings(one) == without_timings(other)
    } else {
        one == other
    }
}

/// A report without its times.
fn without_timings(bytes: &[u8]) -> Value {
    let mut report: Value = serde_json::from_slice(bytes).expect("a report is JSON");
    let timings = report
        .as_object_mut()
        .expect("a report is an object")
        .remove("timings");
    assert!(timings.is_some(), "a report has timings");
    report
}

/// What a Brotli file unfolds to.
pub(crate) fn decompressed(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    brotli::Decompressor::new(bytes, 1 << 16)
        .read_to_end(&mut plain)
        .expect("Brotli");
    plain
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn report(app: &App) -> Value {
    serde_json::from_slice(&setup::bytes(&app.dist().file("report.json"))).expect("a report is JSON")
}

#[test]
fn five_files_and_nothing_else() {
    let dist = App::named("hello").dist();
    let names: Vec<_> = setup::tree(dist.dir())
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let expected = [
        "SHA256SUMS",
        "hello.report.json",
        "hello.symbols.json",
        "hello.wasm",
        "hello.wasm.br",
    ];
    assert_eq!(names, expected);
}

#[test]
fn sha256sum_accepts_the_sums() {
    for name in ["hello", "resources"] {
        let dist = App::named(name).dist();
        let output =
            setup::succeed(setup::bare("sha256sum", dist.dir()).args(["--strict", "-c", "SHA256SUMS"]));
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        for suffix in ["wasm", "wasm.br"] {
            let file = dist.file(suffix);
            let line = format!("{}: OK", file.file_name().expect("a name").to_string_lossy());
            assert!(told.contains(&line), "SHA256SUMS leaves out {line:?}: {told}");
        }
    }
}

#[test]
fn brotli_unfolds_to_the_module() {
    let dist = App::named("hello").dist();
    assert!(decompressed(&setup::bytes(&dist.file("wasm.br"))) == setup::bytes(&dist.wasm()));
}

#[test]
fn the_module_needs_nothing_but_wasi_preview_1() {
    let wasm = setup::bytes(&App::named("hello").dist().wasm());
    let (mut imports, mut exports, mut sections) = (Vec::new(), Vec::new(), Vec::new());
    for payload in wasmparser::Parser::new(0).parse_all(&wasm) {
        match payload.expect("a module that parses") {
            wasmparser::Payload::ImportSection(reader) => {
                let names = reader
                    .into_imports()
                    .map(|import| import.expect("an import").module.to_owned());
                imports.extend(names);
            }
            wasmparser::Payload::ExportSection(reader) => {
                exports.extend(
                    reader
                        .into_iter()
                        .map(|export| export.expect("an export").name.to_owned()),
                );
            }
            wasmparser::Payload::CustomSection(reader) => sections.push(reader.name().to_owned()),
            _ => {}
        }
    }
    exports.sort();
    assert!(
        imports.iter().all(|module| module == "wasi_snapshot_preview1"),
        "{imports:?}"
    );
    assert_eq!(exports, ["_start", "memory"]);
    sections.retain(|name| name != "target_features");
    assert_eq!(
        sections,
        ["pywasm"],
        "custom sections besides the record were left"
    );
}

#[test]
fn the_report_tells_each_stage() {
    let app = App::named("hello");
    let report = report(&app);
    let stages = report["stages"].as_array().expect("stages");
    let names: Vec<_> = stages
        .iter()
        .filter_map(|stage| stage["stage"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "resolve", "shake", "optimize", "bundle", "preinit", "strip", "compress"
        ]
    );
    for pair in stages[1..].windows(2) {
        assert_eq!(
            pair[0]["bytes_out"], pair[1]["bytes_in"],
            "each stage takes what the last one gave"
        );
    }
    let dist = app.dist();
    let (wasm, br) = (setup::bytes(&dist.wasm()), setup::bytes(&dist.file("wasm.br")));
    for (stage, bytes) in [(5, &wasm), (6, &br)] {
        assert_eq!(stages[stage]["bytes_out"], bytes.len(), "{}", names[stage]);
        assert_eq!(stages[stage]["sha256"], sha256(bytes), "{}", names[stage]);
    }
    for artifact in report["artifacts"].as_array().expect("artifacts") {
        let bytes = setup::bytes(&dist.dir().join(artifact["file"].as_str().expect("a file name")));
        assert_eq!(artifact["bytes"], bytes.len(), "{artifact}");
        assert_eq!(artifact["sha256"], sha256(&bytes), "{artifact}");
    }
    let times = report["timings"]["stages"].as_object().expect("times");
    assert!(names.iter().all(|name| times.contains_key(*name)), "{times:?}");
}

#[test]
fn the_report_tells_each_module() {
    let report = report(&App::named("resources"));
    let module = |name: &str| {
        let modules = report["modules"].as_array().expect("modules");
        let found = modules.iter().find(|module| module["name"] == name);
        found.unwrap_or_else(|| panic!("the report leaves out {name}"))
    };
    for (name, origin, importer) in [
        ("almanac.readers", "app", "almanac.__main__"),
        ("calendars", "dependency", "almanac.readers"),
        ("json.decoder", "stdlib", "json"),
        ("_json", "builtin", "json.decoder"),
    ] {
        let module = module(name);
        assert_eq!(module["origin"], origin, "{name}");
        let importers = module["imported_by"].as_array().expect("importers");
        assert!(importers.iter().any(|by| by == importer), "{name}: {importers:?}");
    }
    assert_ne!(module("almanac.readers")["image_bytes"], 0);
    let data = report["data"].as_array().expect("data");
    let paths: Vec<_> = data.iter().filter_map(|file| file["path"].as_str()).collect();
    assert!(paths.contains(&"/pywasm/app/almanac/data/moons.csv"), "{paths:?}");
    assert_eq!(report["warnings"], Value::Array(Vec::new()));
}

#[test]
fn json_on_stdout_is_the_report() {
    let app = App::named("hello");
    let out = setup::temporary();
    let mut command = setup::pywasm(&app.dir);
    let output = setup::succeed(
        command
            .args(["build", "--format", "json", "--out-dir"])
            .arg(out.path()),
    );
    let file = setup::bytes(&out.path().join("hello.report.json"));
    assert!(output.stdout == file, "stdout and the file differ");
}

#[test]
fn the_table_names_each_stage() {
    let app = App::named("hello");
    let out = setup::temporary();
    let output = setup::succeed(
        setup::pywasm(&app.dir)
            .args(["build", "--out-dir"])
            .arg(out.path()),
    );
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    for stage in [
        "resolve", "shake", "optimize", "bundle", "preinit", "strip", "compress",
    ] {
        assert!(told.contains(stage), "the table leaves out {stage}:\n{told}");
    }
}

#[test]
fn kept_stages_are_what_the_report_says() {
    let app = App::named("hello");
    let dist = app.build(&["--keep-stages"]);
    let report: Value = serde_json::from_slice(&setup::bytes(&dist.file("report.json"))).expect("JSON");
    for stage in report["stages"].as_array().expect("stages") {
        let name = stage["stage"].as_str().expect("a name");
        if !["resolve", "compress"].contains(&name) {
            assert_eq!(
                stage["sha256"],
                sha256(&setup::bytes(&dist.file(&format!("{name}.wasm")))),
                "{name}"
            );
        }
    }
}

#[test]
fn a_build_writes_nothing_but_its_out_dir() {
    let project = setup::temporary();
    setup::copy(&App::named("hello").dir, project.path());
    let before = setup::tree(project.path());
    setup::succeed(setup::pywasm(project.path()).args(["build", "--out-dir", "elsewhere/out"]));
    let mut after = setup::tree(project.path());
    after.retain(|path| !path.starts_with("elsewhere"));
    assert_eq!(before, after);
    assert!(project.path().join("elsewhere/out/hello.wasm").is_file());
}
