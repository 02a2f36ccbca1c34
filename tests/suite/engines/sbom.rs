//! Bills of materials: those of real builds are given to the validators of their formats, and name
//! all that is inside.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use pywasm_release::{
    licences::{LicenceFolders, collect},
    sbom::SbomSubject,
};
use serde_json::Value;

use super::dependencies::Notes;
use crate::{app::App, setup};

/// What every base is linked from.
const LIBRARIES: [&str; 7] = ["CPython", "SQLite", "bzip2", "expat", "libmpdec", "xz", "zlib"];

const PROGRAM: &str = "
import bz2, decimal, lzma, sqlite3, zlib
import xml.parsers.expat
import markdown_it, six, yaml
print(decimal.Decimal(1) / 3, markdown_it.MarkdownIt().render('*you*'))
";

const PROJECT: &str = r#"
[project]
name = "notes"
version = "1.5"
license = "MIT OR Apache-2.0"
dependencies = ["markdown-it-py", "PyYAML>=6", "six"]
[tool.pywasm]
entry = "main.py"
preinit = "none"
"#;

/// Both bills of a report, written beside it.
struct Bills {
    cyclonedx: PathBuf,
    spdx: PathBuf,
}

impl Bills {
    fn of(report: &Path) -> Self {
        let write = |format: &str, suffix: &str| {
            let bytes = print(report, format);
            assert!(bytes == print(report, format), "two bills of one report differ");
            let path = report.with_extension("").with_extension(suffix);
            fs::write(&path, bytes).expect("written");
            path
        };
        Self {
            cyclonedx: write("cyclonedx", "cdx.json"),
            spdx: write("spdx", "spdx.json"),
        }
    }

    /// The validators' words, and whether they are content.
    fn validate(&self) -> (bool, String) {
        validate(&[self.cyclonedx.as_path(), self.spdx.as_path()])
    }

    /// CycloneDX's components by name.
    fn components(&self) -> BTreeMap<String, Value> {
        let bill = json(&self.cyclonedx);
        let components = bill["components"].as_array().expect("a list").iter();
        components
            .map(|component| {
                (
                    component["name"].as_str().expect("a name").to_owned(),
                    component.clone(),
                )
            })
            .collect()
    }

    /// SPDX's packages by name.
    fn packages(&self) -> BTreeMap<String, Value> {
        let bill = json(&self.spdx);
        let packages = bill["packages"].as_array().expect("a list").iter();
        packages
            .map(|package| {
                (
                    package["name"].as_str().expect("a name").to_owned(),
                    package.clone(),
                )
            })
            .collect()
    }
}

/// What the validators of the formats say, and whether they are content.
pub(super) fn validate(bills: &[&Path]) -> (bool, String) {
    let script = setup::root().join("tests/sbom/validate.py");
    let mut command = setup::bare(setup::venv("python"), setup::root());
    let output = command.arg(script).args(bills).output().expect("starts");
    let words = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&words).into_owned(),
    )
}

fn print(report: &Path, format: &str) -> Vec<u8> {
    let mut command = setup::pywasm(setup::root());
    setup::succeed(command.arg("sbom").arg(report).args(["--format", format])).stdout
}

pub(super) fn json(path: &Path) -> Value {
    serde_json::from_slice(&setup::bytes(path)).expect("JSON")
}

#[test]
fn a_bill_names_each_library_and_each_wheel() {
    let notes = Notes::new(PROJECT);
    notes.write("main.py", PROGRAM);
    notes.build(&["--installer", "pip"]);
    let report = notes.dir().join("dist/notes.report.json");
    let bills = Bills::of(&report);
    let (valid, words) = bills.validate();
    assert!(valid, "{words}");

    let (components, packages) = (bills.components(), bills.packages());
    let wheels = [
        ("markdown-it-py", "4.3.0", "MIT"),
        ("mdurl", "0.1.2", "MIT"),
        ("PyYAML", "6.0.3", "MIT"),
        ("six", "1.17.0", "MIT"),
    ];
    for (name, version, license) in wheels {
        let (component, package) = (&components[name], &packages[name]);
        let purl = format!("pkg:pypi/{}@{version}", name.to_lowercase());
        assert_eq!(component["purl"], purl);
        assert_eq!(component["version"], version);
        assert_eq!(component["licenses"][0]["expression"], license);
        assert_eq!(package["versionInfo"], version);
        assert_eq!(package["externalRefs"][0]["referenceLocator"], purl);
        let stem = name.to_lowercase().replace('-', "_") + "-";
        let file = setup::list(&setup::wheels())
            .into_iter()
            .find(|path| {
                path.file_name()
                    .is_some_and(|file| file.to_string_lossy().starts_with(&stem))
            })
            .expect("its wheel");
        let digest = sha256(&file);
        assert_eq!(component["hashes"][0]["content"], digest, "{name}");
        assert_eq!(package["checksums"][0]["checksumValue"], digest, "{name}");
    }
    for name in LIBRARIES {
        assert_eq!(components[name]["scope"], "required", "{name}");
        assert!(components[name]["version"].is_string(), "{name}");
        assert!(components[name]["cpe"].is_string(), "{name}");
        assert!(packages[name]["licenseDeclared"] != "NOASSERTION", "{name}");
    }
    assert_eq!(packages["notes"]["licenseDeclared"], "MIT OR Apache-2.0");
    let bill = json(&bills.cyclonedx);
    let needs = bill["dependencies"].as_array().expect("a list").iter();
    let needs: BTreeMap<&str, &Value> = needs
        .map(|one| (one["ref"].as_str().expect("a reference"), &one["dependsOn"]))
        .collect();
    assert_eq!(
        needs["distribution/markdown-it-py/4.3.0"].to_string(),
        r#"["distribution/mdurl/0.1.2"]"#
    );
    assert!(!needs["artifact"].to_string().contains("mdurl"));

    licences_are_whole(&notes, &report);

    // The validators do look: a part that is nowhere, and a licence that is none.
    let cyclonedx =
        setup::text(&bills.cyclonedx).replace("distribution/mdurl/0.1.2\"\n      ]", "nowhere\"\n      ]");
    fs::write(&bills.cyclonedx, cyclonedx).expect("written");
    let spdx = setup::text(&bills.spdx).replace("MIT OR Apache-2.0", "MIT OR Moon-1.0");
    fs::write(&bills.spdx, spdx).expect("written");
    let (valid, words) = bills.validate();
    assert!(!valid && words.contains("nowhere"), "{words}");
    assert!(words.contains("Moon-1.0"), "{words}");
}

/// One text covers each library and each wheel.
fn licences_are_whole(notes: &Notes, report: &Path) {
    notes.write("LICENSE", "Anybody may do anything with these notes.\n");
    let base = pywasm_base::Base::open(setup::base()).expect("a base");
    let report = pywasm_report::Report::from_json(&setup::text(report)).expect("a report");
    let subject = SbomSubject {
        report: &report,
        base: base.manifest(),
    };
    let folders = LicenceFolders {
        base: base.dir(),
        paths: &[notes.site_packages()],
        project: &notes.dir(),
    };
    let licences = collect(&subject, &folders).expect("collected");
    assert!(licences.warnings.is_empty(), "{:?}", licences.warnings);
    for wanted in [
        "these notes",
        "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2",
        "The author disclaims copyright to this source code",
        "Jean-loup Gailly",
        "Julian R Seward",
        "Clark Cooper",
        "Stefan Krah",
        "xz.txt of xz 5.8.1",
        "LLVM Exceptions",
        "Taneli Hukkinen",
        "Benjamin Peterson",
        "Kirill Simonov",
    ] {
        assert!(licences.text.contains(wanted), "{wanted}");
    }
}

#[test]
fn what_a_program_does_not_reach_is_excluded() {
    let dist = App::named("hello").dist();
    let report = dist.dir().join("hello.report.json");
    let bills = Bills::of(&report);
    let (valid, words) = bills.validate();
    assert!(valid, "{words}");
    let components = bills.components();
    for name in LIBRARIES {
        let scope = if name == "CPython" { "required" } else { "excluded" };
        assert_eq!(components[name]["scope"], scope, "{name}");
    }
    let bill = json(&bills.cyclonedx);
    let artifact = &bill["metadata"]["component"];
    assert_eq!(artifact["hashes"][0]["content"], sha256(&dist.wasm()));
    let text = bill.to_string() + &json(&bills.spdx).to_string();
    let home = setup::home().to_string_lossy();
    assert!(
        !text.contains(&*home) && !text.contains("/tmp"),
        "a path of the host"
    );
    assert_eq!(bill["metadata"].get("timestamp"), None);
}

#[test]
fn a_report_that_fits_no_base_is_refused() {
    let dist = App::named("hello").dist();
    let text = setup::text(&dist.dir().join("hello.report.json"));
    let folder = setup::temporary();
    let path = folder.path().join("hello.report.json");
    let fails = |text: &str| {
        fs::write(&path, text).expect("written");
        let output = setup::pywasm(setup::root())
            .arg("sbom")
            .arg(&path)
            .output()
            .expect("starts");
        assert!(!output.status.success());
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let base = setup::base()
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    for (wrong, wanted) in [
        (
            text.replace(&base, "cpython-3.13.15-000000000000"),
            "cpython-3.13.15-000000000000",
        ),
        (
            text.replace("\"kind\": \"wasm\"", "\"kind\": \"stage\""),
            "does not list an artifact of the kind `wasm`",
        ),
        ("{}".to_owned(), "not a pywasm report"),
    ] {
        let told = fails(&wrong);
        assert!(told.contains(wanted) && told.contains("hint: "), "{told}");
    }
}

fn sha256(path: &Path) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(setup::bytes(path));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
