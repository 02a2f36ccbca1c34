//! What is written, what an earlier build left, and that the same input gives the same bytes.

use pywasm_pipeline::Profile;
use pywasm_report::Stage;

use crate::case::Case;

const RELEASE: [&str; 5] = [
    "SHA256SUMS",
    "app.report.json",
    "app.symbols.json",
    "app.wasm",
    "app.wasm.br",
];

#[test]
fn a_release_writes_five_files() {
    let case = Case::new("", &[("main.py", "import json\n")]);
    let report = case.build();
    assert_eq!(case.written(), RELEASE);
    let listed: Vec<&str> = report.artifacts.iter().map(|file| file.file.as_str()).collect();
    assert_eq!(listed, ["app.wasm", "app.wasm.br", "app.symbols.json"]);
}

#[test]
fn stages_are_kept_and_leave_with_the_next_build() {
    let mut case = Case::new("", &[("main.py", "import json\n")]);
    case.options.keep_stages = true;
    let report = case.build();
    let kept: Vec<String> = report
        .stages
        .iter()
        .filter_map(|row| Stage::from_name(&row.stage))
        .filter(|stage| stage.gives_module())
        .map(|stage| stage.kept_file("app"))
        .collect();
    assert_eq!(kept.len(), 5, "{kept:?}");
    let mut wanted: Vec<String> = RELEASE.map(str::to_owned).into_iter().chain(kept).collect();
    wanted.sort();
    assert_eq!(case.written(), wanted);

    case.options.keep_stages = false;
    case.build();
    assert_eq!(case.written(), RELEASE);
}

#[test]
fn a_development_build_takes_the_compressed_file_away() {
    let mut case = Case::new("", &[("main.py", "import json\n")]);
    case.build();
    case.options.profile = Profile::Dev;
    case.build();
    assert!(!case.written().contains(&"app.wasm.br".to_owned()));
}

#[test]
fn a_failed_build_writes_nothing() {
    let case = Case::new("", &[("main.py", "import json\n")]);
    case.build();
    let before = std::fs::read(case.dist.join("app.wasm")).expect("a module");
    case.write("main.py", "import nowhere\n");
    assert!(case.run().is_err());
    assert_eq!(case.written(), RELEASE);
    assert_eq!(
        std::fs::read(case.dist.join("app.wasm")).expect("a module"),
        before
    );
}

#[test]
fn two_builds_in_two_folders_give_the_same_bytes() {
    let files = [
        ("main.py", "import json, package.part\n"),
        ("package/__init__.py", "import os\n"),
        ("package/part.py", "import time\n"),
        ("data/one.txt", "1"),
        ("data/two.txt", "2"),
    ];
    let config = "data = ['data/*.txt']\nsmoke = true\n";
    for profile in [Profile::Release, Profile::Dev] {
        let [first, second] = [(); 2].map(|()| {
            let mut case = Case::new(config, &files);
            case.options.profile = profile;
            case.options.keep_stages = true;
            case.output()
        });
        assert_eq!(first.files, second.files);
        let facts = |output: pywasm_pipeline::BuildOutput| {
            let mut report = output.report;
            report.timings = Default::default();
            report.to_json().expect("JSON")
        };
        assert_eq!(facts(first), facts(second));
    }
}
