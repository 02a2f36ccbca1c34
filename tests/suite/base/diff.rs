//! Two real builds side by side: an import that came in is named, and what a baseline lacks is
//! said. The forms of the output are in `testdata/commands/diff`.

use std::{fs, path::Path};

use serde_json::Value;

use crate::setup;

fn build(project: &Path, program: &str, out: &str) {
    fs::write(project.join("app.py"), program).expect("a script");
    let args = ["build", "-q", "app.py", "--profile", "dev", "--out-dir", out];
    setup::succeed(setup::pywasm(project).args(args));
}

fn diff(project: &Path, args: &[&str]) -> String {
    let output = setup::succeed(setup::pywasm(project).arg("diff").args(args));
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    for wrong in ["NaN", "inf%", "inf %"] {
        assert!(!told.contains(wrong), "{wrong}: {told}");
    }
    told
}

#[test]
fn an_added_import_is_named_with_its_bytes() {
    let folder = setup::temporary();
    let project = folder.path();
    build(project, "print(1)\n", "baseline");
    build(project, "import decimal\nprint(decimal.Decimal(1))\n", "dist");

    let json: Value = serde_json::from_str(&diff(project, &["baseline", "--format", "json"])).expect("JSON");
    let find = |list: &Value, name: &str| -> Value {
        let items = list.as_array().expect("a list");
        let found = items.iter().find(|item| item["name"] == name);
        found.unwrap_or_else(|| panic!("{name} is not in {list}")).clone()
    };
    let decimal = find(&json["builtins"], "_decimal");
    assert_eq!(decimal["state"], "new");
    assert_eq!(decimal["imported_by"][0], "decimal");
    let symbols: Value =
        serde_json::from_slice(&setup::bytes(&project.join("dist/app.symbols.json"))).expect("JSON");
    // A base that does not know its source files leaves the code unknown, and says so.
    if symbols["files"].is_array() {
        assert!(decimal["code"]["new"].as_u64() > Some(50_000), "{decimal}");
    } else {
        assert!(
            json["remarks"].to_string().contains("does not name source files"),
            "{json}"
        );
    }
    assert_eq!(find(&json["modules"]["in"], "decimal")["imported_by"][0], "app");
    assert_eq!(find(&json["code"]["functions"], "mpd_qpow")["state"], "new");
    assert!(
        json["code"]["came"]["bytes"].as_u64() > Some(50_000),
        "{}",
        json["code"]["came"]
    );

    assert!(diff(project, &["baseline"]).contains("_decimal"));
    let markdown = diff(project, &["baseline", "dist/app.wasm", "--format", "markdown"]);
    assert!(markdown.contains("| \\_decimal | "), "{markdown}");

    let same = diff(project, &["dist", "dist/app.report.json"]);
    assert!(same.contains("unchanged"), "{same}");
    assert!(!same.contains("Functions"), "{same}");

    // An artifact that its report does not tell of is only a file.
    fs::write(project.join("dist/app.wasm"), b"\0asm\x01\0\0\0").expect("a module");
    let other = diff(project, &["baseline", "dist/app.wasm"]);
    assert!(
        other.contains("is not of the build that the report beside it tells of"),
        "{other}"
    );
    assert!(other.contains("only file sizes are compared"), "{other}");
    fs::remove_dir_all(project.join("baseline")).expect("is there");
    let none = diff(project, &["baseline"]);
    assert!(
        none.contains("there is no baseline: `baseline` is not there"),
        "{none}"
    );
}
