//! `pywasm bench`: what it prints and draws, and what it refuses. How long anything took is not
//! looked at. The artifacts are small programs of `testdata/bench`, and one real app.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{app::App, setup};

const PHASES: [&str; 6] = [
    "compile_ms",
    "load_ms",
    "link_ms",
    "instantiate_ms",
    "run_ms",
    "total_ms",
];

/// A folder with artifacts, a home of its own, and a folder for temporary files.
struct Bench {
    folder: TempDir,
}

impl Bench {
    /// Makes `NAME.wasm` of each `testdata/bench/NAME.wat`.
    fn with(names: &[&str]) -> Self {
        let folder = setup::temporary();
        fs::create_dir(folder.path().join("tmp")).expect("a folder");
        for name in names {
            let source = setup::root().join(format!("testdata/bench/{name}.wat"));
            let wasm = wat::parse_file(&source).unwrap_or_else(|error| panic!("{error}"));
            fs::write(folder.path().join(format!("{name}.wasm")), wasm).expect("a file");
        }
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `pywasm bench ARGS`
    fn command(&self, args: &[&str]) -> Command {
        let mut command = setup::pywasm(self.path());
        command
            .arg("bench")
            .args(args)
            .env("PYWASM_HOME", self.path().join("home"))
            .env("TMPDIR", self.path().join("tmp"));
        command
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = setup::succeed(self.command(&["--format", "json"]).args(args));
        self.has_cleaned_up();
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    /// A call that has to fail with 1; what it says on standard error.
    fn refused(&self, args: &[&str]) -> String {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(args).output().expect("pywasm starts");
        assert_eq!(status.code(), Some(1), "{}", String::from_utf8_lossy(&stderr));
        assert!(stdout.is_empty(), "figures of an artifact that fails");
        self.has_cleaned_up();
        String::from_utf8(stderr).expect("UTF-8")
    }

    fn has_cleaned_up(&self) {
        let left = setup::tree(&self.path().join("tmp"));
        assert!(left.is_empty(), "temporary files were left: {left:?}");
    }
}

/// Checks that an artifact has each figure, and one sample for each run.
fn check(artifact: &Value, runs: usize, compile_runs: usize) {
    for phase in PHASES {
        let figure = |key: &str| {
            artifact[phase][key]
                .as_f64()
                .unwrap_or_else(|| panic!("{phase} has no {key}: {artifact:#}"))
        };
        let (min, median, max) = (figure("min"), figure("median"), figure("max"));
        assert!(
            0.0 < min && min <= median && median <= max,
            "{phase}: {artifact:#}"
        );
    }
    let samples = artifact["samples"].as_array().expect("samples");
    assert_eq!(samples.len(), runs);
    for sample in samples {
        let figure = |key: &str| sample[key].as_f64().expect("a figure of a sample");
        let sum = figure("load_ms") + figure("instantiate_ms") + figure("run_ms");
        assert!((figure("total_ms") - sum).abs() < 1e-5, "{sample:#}");
        assert!(figure("link_ms") > 0.0);
    }
    let compiled = artifact["compile_samples_ms"].as_array().expect("samples");
    assert_eq!(compiled.len(), compile_runs);
    let bytes = |key: &str| artifact[key].as_u64().unwrap_or_else(|| panic!("no {key}"));
    assert!(bytes("raw_bytes") > 0 && bytes("brotli_bytes") > 0 && bytes("code_bytes") > 0);
    let (idle, peak) = (bytes("idle_memory_bytes"), bytes("peak_memory_bytes"));
    assert!(1 << 20 < idle && idle <= peak, "{idle} {peak}");
    for key in [
        "raw",
        "brotli",
        "compile",
        "load",
        "instantiate",
        "run",
        "total",
        "peak_memory",
    ] {
        assert!(artifact["ratio"][key].as_f64().expect("a ratio") > 0.0, "{key}");
    }
}

#[test]
fn a_real_app_beside_a_component() {
    let bench = Bench::with(&["component"]);
    let dist = App::named("hello").dist();
    let wasm = dist.wasm();
    let name = wasm.to_str().expect("UTF-8");
    let result = bench.json(&[name, "--against", "component.wasm", "--runs", "3", "--", "Ada"]);
    assert_eq!(result["schema"], 1);
    assert_eq!(result["runs"], 3);
    assert_eq!(result["compile_runs"], 3);
    assert_eq!(result["args"], serde_json::json!(["Ada"]));
    assert_eq!(result["machine"]["engine"], "wasmtime");
    for key in ["os", "arch", "engine_version"] {
        assert!(result["machine"][key].is_string(), "{key}");
    }
    assert!(result["machine"]["cpus"].as_u64() > Some(0));

    let artifacts = result["artifacts"].as_array().expect("artifacts");
    assert_eq!(artifacts.len(), 2);
    for artifact in artifacts {
        check(artifact, 3, 3);
    }
    let (app, component) = (&artifacts[0], &artifacts[1]);
    assert_eq!([&app["name"], &app["kind"]], ["hello", "module"]);
    assert_eq!(
        [&component["name"], &component["kind"]],
        ["component", "component"]
    );
    assert_eq!(app["raw_bytes"], fs::metadata(&wasm).expect("a file").len());
    let packed = fs::metadata(dist.file("wasm.br")).expect("a file").len();
    assert_eq!(app["brotli_bytes"], packed, "as the build compresses");
    for ratio in app["ratio"].as_object().expect("ratios").values() {
        assert_eq!(ratio, 1.0);
    }
}

#[test]
fn programs_get_what_is_named() {
    let bench = Bench::with(&["command"]);
    let given = [
        "command.wasm",
        "--dir",
        ".::/here",
        "--env",
        "A=b",
        "--runs",
        "2",
        "--compile-runs",
        "1",
        "--",
        "one",
        "two",
    ];
    let result = bench.json(&given);
    check(&result["artifacts"][0], 2, 1);
    let told = bench.refused(&["command.wasm"]);
    assert!(told.contains("trapped"), "{told}");
}

#[test]
fn the_chart_is_well_formed_and_names_the_artifacts() {
    let bench = Bench::with(&["quick", "component"]);
    let odd = "a <b> & 'c'.wasm";
    fs::rename(bench.path().join("quick.wasm"), bench.path().join(odd)).expect("a new name");
    let output = setup::succeed(&mut bench.command(&[
        odd,
        "--against",
        "component.wasm",
        "--runs",
        "2",
        "--plot",
        "chart.svg",
    ]));
    let table = String::from_utf8(output.stdout).expect("UTF-8");
    for part in ["artifact", "peak memory", "a <b> & 'c'", "component", "2 starts"] {
        assert!(table.contains(part), "no {part} in\n{table}");
    }
    assert!(
        !table.contains('█') && !table.contains('\u{1b}'),
        "bars without a terminal:\n{table}"
    );

    let read = "import sys, xml.etree.ElementTree as tree\n\
                print(*(text.strip() for text in tree.parse(sys.argv[1]).getroot().itertext()), sep='\\n')";
    let chart =
        setup::succeed(setup::bare(setup::native_python(), bench.path()).args(["-c", read, "chart.svg"]));
    let texts = String::from_utf8(chart.stdout).expect("UTF-8");
    for part in [
        "a <b> & 'c'",
        "component",
        "load",
        "instantiate",
        "run",
        "milliseconds",
    ] {
        assert!(texts.lines().any(|line| line == part), "no {part} in\n{texts}");
    }
}

#[test]
fn equal_names_are_told_apart() {
    let bench = Bench::with(&["quick"]);
    fs::create_dir(bench.path().join("other")).expect("a folder");
    fs::copy(
        bench.path().join("quick.wasm"),
        bench.path().join("other/quick.wasm"),
    )
    .expect("a copy");
    let result = bench.json(&["quick.wasm", "--against", "other/quick.wasm", "--runs", "1"]);
    let names = |at: usize| &result["artifacts"][at]["name"];
    assert_eq!([names(0), names(1)], ["quick.wasm", "other/quick.wasm"]);
}

#[test]
fn quiet_leaves_the_result() {
    let bench = Bench::with(&["quick"]);
    let output = setup::succeed(&mut bench.command(&["quick.wasm", "--runs", "1", "--quiet"]));
    assert!(String::from_utf8_lossy(&output.stdout).contains("quick"));
    assert!(output.stderr.is_empty());
}

/// Of a component that is no command, its only function without arguments is called.
#[test]
fn a_function_of_a_component_is_called() {
    let bench = Bench::with(&["greeter", "quick"]);
    let result = bench.json(&["greeter.wasm", "--runs", "2"]);
    let artifact = &result["artifacts"][0];
    assert_eq!(artifact["call"], "docs:greeter/greet@0.1.0#greet()");
    assert!(artifact["calls_per_second"].as_f64() > Some(0.0), "{artifact:#}");
    let told = bench.refused(&["greeter.wasm", "--invoke", "meet()"]);
    assert!(
        told.contains("there are docs:greeter/greet@0.1.0#greet"),
        "{told}"
    );
    let told = bench.refused(&["greeter.wasm", "--against", "quick.wasm", "--invoke", "greet()"]);
    assert!(
        told.contains("only functions of components can be called"),
        "{told}"
    );
}

#[test]
fn a_failing_artifact_is_an_error() {
    let bench = Bench::with(&["quick", "loud", "traps", "fails", "http"]);
    for (file, parts) in [
        ("loud.wasm", ["exit code 3", "no luck"]),
        ("traps.wasm", ["trapped", "unreachable"]),
        ("fails.wasm", ["exit code 1", "hint: "]),
        ("http.wasm", ["env", "fetch"]),
    ] {
        let told = bench.refused(&["quick.wasm", "--against", file, "--runs", "1"]);
        assert!(told.contains(&format!("error: {file}")), "{told}");
        for part in parts {
            assert!(told.contains(part), "{file}: no {part} in\n{told}");
        }
    }
}

#[test]
fn an_interrupted_bench_leaves_nothing() {
    let bench = Bench::with(&["quick"]);
    let mut child = bench
        .command(&["quick.wasm", "--runs", "4000000000"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("pywasm starts");
    let stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
    let line = stderr.lines().next().expect("a line").expect("UTF-8");
    assert!(line.contains("starting"), "{line}");
    let interrupt = format!("kill -INT {}", child.id());
    setup::succeed(setup::bare("sh", bench.path()).args(["-c", &interrupt]));
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    bench.has_cleaned_up();
}
