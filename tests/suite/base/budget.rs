//! Budgets of real builds: what is measured is what was written, what came in is named, and
//! `--update` makes it fit again. The words are in `testdata/commands/budget`.

use std::{fs, path::Path, process::Output};

use serde_json::Value;

use crate::{app::App, setup};

fn run(project: &Path, args: &[&str]) -> Output {
    setup::pywasm(project).args(args).output().expect("pywasm starts")
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn row<'a>(report: &'a Value, what: &str) -> &'a Value {
    let rows = report["budgets"].as_array().expect("budgets");
    let found = rows.iter().find(|row| row["what"] == what);
    found.unwrap_or_else(|| panic!("no row for {what}: {rows:?}"))
}

/// The project's configuration without the budget that keeps it small, which stands last.
fn without_budget(project: &Path) -> String {
    let config = setup::text(&project.join("pyproject.toml"));
    let end = config.find("\n[tool.pywasm.budget]").expect("a budget");
    config[..end].to_owned()
}

#[test]
fn what_came_in_is_named_and_can_be_let_in() {
    let hello = App::named("hello");
    let dist = hello.dist();
    let small = setup::bytes(&dist.wasm()).len();
    let temporary = setup::temporary();
    let project = temporary.path();
    setup::copy(&hello.dir, project);
    fs::copy(dist.file("report.json"), project.join("before.json")).expect("a baseline");
    let source = setup::text(&project.join("hello.py"));
    fs::write(
        project.join("hello.py"),
        format!("import decimal\n{source}\nprint(decimal.Decimal(1))\n"),
    )
    .expect("a changed app");
    let config = without_budget(project);
    let limits = format!(
        "[tool.pywasm.budget]\nwasm = {small} # one import less\nbrotli = \"2 MB\"\ngzip = '2 MiB'\nmodules = 500\n\
         growth = \"1%\"\nbaseline = \"before.json\"\npackage.decimal = \"1 MB\"\nstage.preinit = \"9MB\"\n"
    );
    let config = format!("{config}\n{limits}");
    fs::write(project.join("pyproject.toml"), &config).expect("limits");

    let built = run(project, &["build"]);
    let (stdout, stderr) = (text(&built.stdout), text(&built.stderr));
    assert_eq!(built.status.code(), Some(3), "{stderr}");
    for part in [
        "the budget `wasm` (hello.wasm) is exceeded by ",
        "_decimal, ",
        "added through: decimal (imported by hello)\n",
        "pyproject.toml:",
        "before.json",
    ] {
        assert!(stderr.contains(part), "{part:?} is not told:\n{stderr}");
    }
    assert!(stdout.contains("brotli -q 11 of hello.wasm"), "{stdout}");
    setup::succeed(setup::bare("sha256sum", &project.join("dist")).args(["--strict", "-c", "SHA256SUMS"]));

    let report = json(&setup::bytes(&project.join("dist/hello.report.json")));
    let wasm = setup::bytes(&project.join("dist/hello.wasm"));
    let brotli = setup::bytes(&project.join("dist/hello.wasm.br"));
    assert_eq!(row(&report, "wasm")["value"], wasm.len());
    assert_eq!(row(&report, "wasm")["headroom"], small as i64 - wasm.len() as i64);
    assert_eq!(row(&report, "brotli")["value"], brotli.len());
    assert_eq!(row(&report, "growth.wasm")["value"], wasm.len() - small);
    assert_eq!(row(&report, "growth.wasm")["verdict"], "exceeded");
    assert_eq!(row(&report, "package.decimal")["verdict"], "within");
    let preinit = report["stages"]
        .as_array()
        .expect("stages")
        .iter()
        .find(|stage| stage["stage"] == "preinit");
    assert_eq!(
        row(&report, "stage.preinit")["value"],
        preinit.expect("a row")["bytes_out"]
    );
    assert_eq!(
        row(&report, "modules")["value"],
        report["modules"].as_array().expect("modules").len()
    );
    let packed = setup::succeed(setup::bare("gzip", project).args(["-9nc", "dist/hello.wasm"])).stdout;
    let gzip = row(&report, "gzip")["value"].as_u64().expect("a size");
    let other = packed.len() as u64;
    assert!(
        gzip.abs_diff(other) * 100 < other,
        "gzip -9 makes {other}, we say {gzip}"
    );

    let judged = run(project, &["budget", "--format", "json"]);
    assert_eq!(judged.status.code(), Some(3));
    let judged = json(&judged.stdout);
    assert_eq!(judged["budgets"], report["budgets"]);
    assert_eq!(judged["exceeded"], true);
    // The earlier report has no size under gzip, but the module stands beside it.
    let path = dist.file("report.json");
    let earlier = run(
        project,
        &["budget", "--format", "json", path.to_str().expect("UTF-8")],
    );
    assert_eq!(row(&json(&earlier.stdout), "gzip")["verdict"], "within");

    let updated = run(project, &["budget", "--update"]);
    assert_eq!(updated.status.code(), Some(0), "{}", text(&updated.stderr));
    let told = text(&updated.stdout);
    let new = setup::text(&project.join("pyproject.toml"));
    let (_, raised) = told
        .split_once(&format!("wasm: {small} -> "))
        .expect("what was changed");
    let raised = raised.lines().next().expect("a number");
    assert_eq!(
        new,
        config.replace(&format!("wasm = {small} #"), &format!("wasm = {raised} #"))
    );
    assert!(told.contains("before.json: hello.wasm "), "{told}");
    let again = run(project, &["budget", "-q"]);
    assert_eq!((again.status.code(), text(&again.stderr).as_str()), (Some(0), ""));
}

#[test]
fn what_is_meant_to_be_large_is_not_judged() {
    let temporary = setup::temporary();
    let project = temporary.path();
    setup::copy(&App::named("hello").dir, project);
    let config = without_budget(project);
    fs::write(
        project.join("pyproject.toml"),
        format!("{config}budget.wasm = 0\n"),
    )
    .expect("a limit");
    let built = run(project, &["build", "--profile", "dev"]);
    let told = text(&built.stderr);
    assert_eq!(built.status.code(), Some(0), "{told}");
    assert!(told.contains("not judged with --profile dev"), "{told}");
    let judged = run(project, &["budget"]);
    assert_eq!(judged.status.code(), Some(2), "{}", text(&judged.stderr));
}
