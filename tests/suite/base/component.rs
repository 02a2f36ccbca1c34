//! Components: every command that knows modules knows them, too. What the commands print is in
//! `testdata/commands/component`, whose project most tests build.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::OnceLock,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::setup;

const BUILD: [&str; 4] = ["build", "--quiet", "--profile", "dev"];

/// A copy of the project, not built.
fn shop() -> TempDir {
    let folder = setup::temporary();
    let source = setup::root().join("testdata/commands/component");
    setup::copy(&source, folder.path());
    folder
}

/// The project, built with machine code; of all tests that only look.
fn built() -> &'static Path {
    static BUILT: OnceLock<TempDir> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let folder = shop();
        setup::succeed(setup::pywasm(folder.path()).args(BUILD).arg("--aot"));
        folder
    });
    folder.path()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&setup::bytes(path)).expect("JSON")
}

fn report(project: &Path) -> Value {
    json(&project.join("dist/shop.report.json"))
}

/// What `pywasm ARGS` prints in a folder.
fn told(folder: &Path, args: &[&str]) -> String {
    let output = setup::succeed(setup::pywasm(folder).args(args));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn names(value: &Value) -> Vec<&str> {
    let names = value.as_array().expect("a list");
    names.iter().filter_map(Value::as_str).collect()
}

#[test]
fn the_report_tells_of_the_world() {
    let report = report(built());
    let component = &report["component"];
    assert_eq!(component["world"], "krun:shop/shop@1.0.0");
    assert_eq!(names(&component["exports"]), ["krun:shop/prices@1.0.0"]);
    assert_eq!(names(&component["unused"]), ["krun:shop/log@1.0.0"]);
    let imports = names(&component["imports"]);
    assert!(imports.contains(&"wasi:cli/environment@0.2.12"), "{imports:?}");
    assert!(
        imports.iter().all(|name| name.starts_with("wasi:")),
        "{imports:?}"
    );
    assert_eq!(report["project"]["entry"], "shop");
    let stages = report["stages"].as_array().expect("rows");
    assert_eq!(stages[stages.len() - 2]["stage"], "component");
    assert_eq!(
        stages[stages.len() - 2]["sha256"],
        report["artifacts"][0]["sha256"]
    );
}

#[test]
fn its_inputs_are_the_files_of_the_project() {
    let report = report(built());
    let inputs = report["inputs"].as_array().expect("a list");
    let paths = inputs.iter().filter_map(|input| input["path"].as_str());
    let own: Vec<&str> = paths.filter(|path| path.starts_with("project/")).collect();
    assert_eq!(own, ["project/shop.py", "project/wit/shop.wit"]);
}

#[test]
fn every_byte_of_it_has_an_owner() {
    let sizes: Value =
        serde_json::from_str(&told(built(), &["size", "--format", "json", "--no-brotli"])).expect("JSON");
    let tree = &sizes["tree"];
    let length = fs::metadata(built().join("dist/shop.wasm"))
        .expect("it is there")
        .len();
    assert_eq!(tree["bytes"], length);
    let child = |node: &Value, name: &str| -> Value {
        let children = node["children"].as_array().expect("parts");
        let found = children.iter().find(|child| child["name"] == name);
        found.unwrap_or_else(|| panic!("no {name}")).clone()
    };
    let around = child(tree, "component");
    assert!(child(&around, "types and connections")["bytes"].as_u64() > Some(0));
    let adapter = child(&around, "wit-component:adapter:wasi_snapshot_preview1");
    assert!(adapter["bytes"].as_u64() > Some(10_000));
    assert!(child(tree, "interpreter")["bytes"].as_u64() > Some(1_000_000));
    let why = told(built(), &["why", "--size", "json"]);
    assert!(why.contains("is kept by module shop"), "{why}");
}

#[test]
fn its_machine_code_runs() {
    let dist = built().join("dist");
    let code = setup::list(&dist).into_iter();
    let mut code = code.filter(|path| path.extension().is_some_and(|end| end == "cwasm"));
    let code = code.next().expect("machine code");
    let name = code.to_str().expect("UTF-8");
    assert_eq!(
        told(built(), &["run", name, "--invoke", "price(\"plum\", 2)"]),
        "ok(24)\n"
    );
    let copy = setup::temporary();
    let alone = copy.path().join("alone.cwasm");
    fs::copy(&code, &alone).expect("copied");
    let run = |more: &[&str]| {
        let mut command = setup::pywasm(copy.path());
        let command = command.args(["run", "alone.cwasm", "--invoke", "total()"]);
        command.args(more).output().expect("it starts")
    };
    let refused = run(&[]);
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    assert!(
        stderr(&refused).contains("cannot be verified"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(run(&["--trust"]).stdout, b"42\n");
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_is_measured() {
    let temporary = setup::temporary();
    let mut command = setup::pywasm(built());
    command
        .args(["bench", "dist/shop.wasm", "--runs", "2", "--compile-runs", "1"])
        .args(["--format", "json", "--invoke", "price(\"apple\", 3)"])
        .env("PYWASM_HOME", temporary.path());
    let result: Value = serde_json::from_slice(&setup::succeed(&mut command).stdout).expect("JSON");
    let figures = &result["artifacts"][0];
    assert_eq!(figures["kind"], "component");
    assert_eq!(figures["call"], "price(\"apple\", 3)");
    for key in ["load_ms", "instantiate_ms", "run_ms", "total_ms", "call_ms"] {
        assert!(figures[key]["median"].as_f64() > Some(0.0), "{key}: {figures:#}");
    }
    assert!(figures["calls_per_second"].as_f64() > Some(0.0));
    assert_eq!(figures["ratio"]["call"], 1.0);
}

/// Two users build in folders of different lengths, each with a home of its own.
#[test]
fn its_bytes_are_the_same_everywhere() {
    let builds = ["a", "a-much/longer/way/to-the-same"].map(|folder| {
        let temporary = setup::temporary();
        let project = temporary.path().join(folder).join("shop");
        setup::copy(&setup::root().join("testdata/commands/component"), &project);
        let mut command = setup::pywasm(&project);
        command
            .args(BUILD)
            .arg("--base")
            .arg(setup::base())
            .env("PYWASM_HOME", temporary.path().join("home"))
            .env("PYWASM_TEST_CANARY", "canary-51d0aa");
        setup::succeed(&mut command);
        let component = setup::bytes(&project.join("dist/shop.wasm"));
        let trace = temporary.path().to_str().expect("UTF-8").to_owned();
        for trace in [trace.as_str(), "canary-51d0aa"] {
            let is_there = component
                .windows(trace.len())
                .any(|part| part == trace.as_bytes());
            assert!(!is_there, "{trace} is in the component");
        }
        component
    });
    assert!(builds[0] == builds[1], "the components differ");
}

/// A changed line of the program does not link, shake or optimize again.
#[test]
fn a_changed_line_costs_only_the_last_stages() {
    let (project, home) = (shop(), setup::temporary());
    let build = || {
        let mut command = setup::pywasm(project.path());
        command.args(BUILD).arg("--base").arg(setup::base());
        setup::succeed(command.env("PYWASM_HOME", home.path()));
        setup::bytes(&project.path().join("dist/shop.wasm"))
    };
    let kept = || -> Vec<PathBuf> {
        let stages = setup::tree(&home.path().join("cache/stages"));
        let of_base = |path: &PathBuf| {
            ["link", "shake"]
                .iter()
                .any(|kind| path.to_string_lossy().contains(kind))
        };
        stages.into_iter().filter(of_base).collect()
    };
    let before = (build(), kept());
    assert!(!before.1.is_empty(), "the stages are kept");
    assert!(before.0 == build(), "the same project gives the same bytes");
    let file = project.path().join("shop.py");
    let changed = setup::text(&file).replace("there is no {name}", "nobody sells {name}");
    fs::write(&file, changed).expect("written");
    assert!(build() != before.0, "a changed program gives another component");
    assert_eq!(kept(), before.1);
}

#[test]
fn a_release_is_complete_and_built_again() {
    let project = shop();
    fs::write(
        project.path().join("pyproject.toml"),
        "[project]\nname = \"shop\"\nversion = \"1.0.0\"\n[tool.pywasm]\nentry = \"shop\"\noptimize = \"off\"\n\
         [tool.pywasm.component]\n",
    )
    .expect("written");
    told(project.path(), &["release", "--quiet", "--world", "shop"]);
    let release = "dist/release/shop-1.0.0";
    let verified = told(
        project.path(),
        &["verify", "--rebuild", release, "--project", "."],
    );
    assert!(verified.contains("files agree"), "{verified}");
    assert!(verified.contains("rebuild: every byte is the same"), "{verified}");
    let wit = project.path().join("wit/shop.wit");
    fs::write(&wit, setup::text(&wit) + "// more\n").expect("written");
    let mut command = setup::pywasm(project.path());
    let output = command
        .args(["verify", "--rebuild", release, "--project", "."])
        .output();
    let output = output.expect("it starts");
    assert_eq!(output.status.code(), Some(5));
    let found = String::from_utf8_lossy(&output.stdout);
    assert!(
        found.starts_with("project/wit/shop.wit: its SHA-256 is"),
        "{found}"
    );
}

/// What a call sees of the machine, and how it ends.
#[test]
fn a_call_sees_what_the_command_line_names() {
    let project = setup::temporary();
    let write = |name: &str, text: &str| fs::write(project.path().join(name), text).expect("written");
    fs::create_dir(project.path().join("files")).expect("a folder");
    write("files/note.txt", "a note");
    write(
        "world.wit",
        "package a:b;\nworld machine {\n  export leave: func(code: u32);\n  export read: func() -> string;\n  \
         export variable: func(name: string) -> option<string>;\n  export file: func(path: string) -> string;\n  \
         export fill: func(megabytes: u32) -> u32;\n}\n",
    );
    write(
        "pyproject.toml",
        "[project]\nname = \"machine\"\n[tool.pywasm]\nentry = \"app\"\n[tool.pywasm.component]\nwit = \"world.wit\"\n",
    );
    write(
        "app.py",
        "import os, sys\nimport wit_world\n\nclass WitWorld(wit_world.WitWorld):\n    \
         def leave(self, code): sys.exit(code)\n    \
         def read(self): return sys.stdin.read()\n    \
         def variable(self, name): return os.environ.get(name)\n    \
         def file(self, path): return open(path).read()\n    \
         def fill(self, megabytes): return len(bytes(megabytes << 20))\n",
    );
    setup::succeed(setup::pywasm(project.path()).args(BUILD));
    let run = |args: &[&str]| -> Output {
        let mut command = setup::pywasm(project.path());
        command.args(["run", "dist/machine.wasm"]).args(args);
        command.output().expect("it starts")
    };
    let gives = |args: &[&str], text: &str| {
        let output = run(args);
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            text,
            "{args:?}: {}",
            stderr(&output)
        );
        assert_eq!(output.status.code(), Some(0));
    };
    let traps = |args: &[&str], exception: &str| {
        let output = run(args);
        assert_eq!(output.status.code(), Some(134), "{args:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty());
        let text = stderr(&output);
        assert_eq!(
            text.matches("Traceback (most recent call last)").count(),
            1,
            "{text}"
        );
        assert!(text.contains(exception), "{text}");
    };
    gives(&["--invoke", "variable(\"HOME\")"], "none\n");
    gives(
        &["--env", "HOME=here", "--invoke", "variable(\"HOME\")"],
        "some(\"here\")\n",
    );
    gives(
        &["--dir", "files::/f", "--invoke", "file(\"/f/note.txt\")"],
        "\"a note\"\n",
    );
    traps(&["--invoke", "file(\"/f/note.txt\")"], "FileNotFoundError");
    gives(&["--invoke", "fill(100)"], "104857600\n");
    traps(&["--max-memory", "64MB", "--invoke", "fill(100)"], "MemoryError");
    gives(&["--invoke", "leave(0)"], "");
    // WASI 0.2 knows success and failure, and no other codes.
    assert_eq!(run(&["--invoke", "leave(3)"]).status.code(), Some(1));
    let mut command = setup::pywasm(project.path());
    command.args(["run", "dist/machine.wasm", "--invoke", "read()"]);
    let input: PathBuf = project.path().join("files/note.txt");
    let output = command
        .stdin(fs::File::open(input).expect("opens"))
        .output()
        .expect("it starts");
    assert_eq!(output.stdout, b"\"a note\"\n");
}
