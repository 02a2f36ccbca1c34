//! Machine code: what is written beside the module, and that nothing is loaded that does not
//! fit. `apps.rs` runs every app from its machine code.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{app::App, setup};

/// A copy of an app's module, its machine code and its record, to be spoilt.
struct Copied {
    folder: TempDir,
    code: PathBuf,
    record: PathBuf,
}

impl Copied {
    fn new() -> Self {
        let dist = App::named("hello").ahead_of_time();
        let folder = setup::temporary();
        setup::copy(dist.dir(), folder.path());
        let name = dist.machine_code();
        let code = folder.path().join(name.file_name().expect("a name"));
        let record = PathBuf::from(format!("{}.json", code.display()));
        Self { folder, code, record }
    }

    fn module(&self) -> PathBuf {
        self.folder.path().join("hello.wasm")
    }

    fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut record = json_of(&self.record);
        change(&mut record);
        fs::write(&self.record, record.to_string()).expect("a changed record");
    }

    fn run(&self, options: &[&str]) -> Output {
        run(&self.code, options)
    }

    /// It must not run, and the error must speak of this.
    fn refused(&self, options: &[&str], part: &str) {
        let output = self.run(options);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{part}: {told}");
        assert!(output.stdout.is_empty(), "{part}: it ran");
        assert!(told.contains(part), "{part} is not in: {told}");
        assert!(told.contains("pywasm build --aot"), "{part}: no cure in: {told}");
    }
}

fn run(file: &Path, options: &[&str]) -> Output {
    let mut command = setup::pywasm(setup::root());
    command.arg("run").args(options).arg(file).args(["--", "Ada"]);
    command.output().expect("pywasm starts")
}

pub(crate) fn json_of(file: &Path) -> Value {
    serde_json::from_slice(&setup::bytes(file)).expect("JSON")
}

pub(crate) fn greets(output: &Output) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Hello, Ada!\n", "{told}");
}

#[test]
fn what_matches_runs() {
    let copied = Copied::new();
    greets(&copied.run(&[]));
    fs::remove_file(copied.module()).expect("the module leaves");
    greets(&copied.run(&[]));
}

#[test]
fn each_part_of_the_record_has_to_match() {
    let zeros = || json!("0".repeat(64));
    type Change = fn(&mut Value, Value);
    let changes: [(&str, Change); 8] = [
        ("engine", |record, _| record["engine"]["name"] = json!("wasmedge")),
        ("engine", |record, _| {
            record["engine"]["version"] = json!("48.0.0")
        }),
        ("target", |record, _| {
            record["target"] = json!("s390x-unknown-linux-gnu")
        }),
        ("cpu_features", |record, _| {
            record["cpu_features"] = json!(["none-such"])
        }),
        ("settings", |record, _| {
            record["settings"]["memory-image"] = json!("1");
        }),
        ("settings", |record, _| record["settings"] = json!({})),
        ("code", |record, zeros| record["code"]["sha256"] = zeros),
        ("source", |record, zeros| record["source"]["sha256"] = zeros),
    ];
    for (part, change) in changes {
        let copied = Copied::new();
        copied.change(|record| change(record, zeros()));
        copied.refused(&[], &format!("\n    {part}: "));
        copied.refused(&["--trust"], &format!("\n    {part}: "));
    }
}

#[test]
fn a_record_that_is_none_is_refused() {
    let copied = Copied::new();
    copied.change(|record| record["schema"] = json!(2));
    copied.refused(&[], "schema 2");
    copied.change(|record| {
        record["schema"] = json!(1);
        record["source"]["file"] = json!("../hello.wasm");
    });
    copied.refused(&[], "`../hello.wasm`");
    for text in ["", "{}", "[]", "\0"] {
        fs::write(&copied.record, text).expect("a file");
        copied.refused(&[], "not a record");
    }
}

#[test]
fn changed_files_are_refused() {
    let copied = Copied::new();
    let bytes = setup::bytes(&copied.code);
    for at in [bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        fs::write(&copied.code, changed).expect("changed code");
        copied.refused(&[], "\n    code: ");
    }
    fs::write(&copied.code, &bytes).expect("the code");
    let mut module = setup::bytes(&copied.module());
    module.push(0);
    fs::write(copied.module(), module).expect("another module");
    copied.refused(&[], "\n    source: ");
}

#[test]
fn without_a_record_only_trust_runs_it() {
    let copied = Copied::new();
    fs::remove_file(&copied.record).expect("the record leaves");
    copied.refused(&[], "--trust");
    greets(&copied.run(&["--trust"]));
    fs::write(&copied.code, "no machine code").expect("a file");
    copied.refused(&["--trust"], "cannot be loaded");
}

#[test]
fn code_for_another_machine_is_refused() {
    let other = if env::consts::ARCH == "aarch64" {
        "aarch64-apple-darwin"
    } else {
        "x86_64-apple-darwin"
    };
    let dist = App::named("hello").build(&["--profile", "dev", &format!("--aot={other}")]);
    let output = run(&dist.file(&format!("{other}.cwasm")), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(&format!("target: it is for {other}")), "{told}");
}

#[test]
fn a_baseline_needs_no_more_than_it_says() {
    if env::consts::ARCH != "x86_64" {
        return;
    }
    let dist = App::named("hello").build(&["--profile", "dev", "--aot", "--cpu", "x86-64"]);
    let code = dist.machine_code();
    let record = json_of(&PathBuf::from(format!("{}.json", code.display())));
    assert_eq!(record["cpu"], "x86-64");
    assert_eq!(record["cpu_features"], json!([]));
    greets(&run(&code, &[]));
}

#[test]
fn every_named_target_compiles_and_leaves_again() {
    let app = App::named("hello");
    let targets = [
        "x86_64-apple-darwin",
        "x86_64-pc-windows-msvc",
        "x86_64-unknown-freebsd",
    ];
    let options: Vec<_> = targets.map(|target| format!("--aot={target}")).to_vec();
    let options: Vec<_> = ["--profile", "dev"]
        .into_iter()
        .chain(options.iter().map(String::as_str))
        .collect();
    let dist = app.build(&options);
    let sums = setup::text(&dist.dir().join("SHA256SUMS"));
    let report = json_of(&dist.file("report.json"));
    let artifacts = report["artifacts"].as_array().expect("artifacts");
    for target in targets {
        for (suffix, kind) in [("cwasm", "cwasm"), ("cwasm.json", "cwasm-record")] {
            let name = format!("hello.{target}.{suffix}");
            assert!(dist.dir().join(&name).is_file(), "{name}");
            assert!(sums.contains(&format!("  {name}\n")), "{name}: {sums}");
            let told = artifacts
                .iter()
                .find(|artifact| artifact["file"] == name.as_str());
            assert_eq!(told.expect("an artifact")["kind"], kind);
        }
        let stage = format!("aot.{target}");
        let rows = report["stages"].as_array().expect("stages");
        let row = rows
            .iter()
            .find(|row| row["stage"] == stage.as_str())
            .expect("a row");
        let record = json_of(&dist.file(&format!("{target}.cwasm.json")));
        assert_eq!(row["sha256"], record["code"]["sha256"]);
        assert_eq!(row["bytes_out"], record["code"]["bytes"]);
    }
    // A build without them takes away what an earlier one left.
    let mut command = setup::pywasm(&app.dir);
    command
        .args(["build", "--profile", "dev", "--out-dir"])
        .arg(dist.dir());
    setup::succeed(&mut command);
    let left = setup::tree(dist.dir());
    assert!(
        left.iter().all(|path| !path.to_string_lossy().contains("cwasm")),
        "{left:?}"
    );
}
