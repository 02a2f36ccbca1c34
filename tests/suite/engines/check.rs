//! `pywasm check` on seven packages as their maintainers built them: each gets the verdict that
//! they would give. And the table of calls that fail: a real artifact makes each of them.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::setup;

fn check(project: &Path, format: &str) -> String {
    let mut command = setup::pywasm(project);
    command.args(["check", "--no-install", "--format", format, "--path"]);
    let output = command
        .arg(setup::packages().join("seven"))
        .output()
        .expect("pywasm starts");
    assert_eq!(
        output.status.code(),
        Some(4),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn seven_packages_get_the_verdicts_of_their_maintainers() {
    let project = setup::root().join("testdata/check/seven");
    let json: Value = serde_json::from_str(&check(&project, "json")).expect("JSON");
    let verdict = |name: &str| {
        let all = json["distributions"].as_array().expect("a list");
        let one = all.iter().find(|one| one["name"] == name).expect("a verdict");
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        (
            text("verdict"),
            text("level"),
            one["path"].as_array().map_or(0, Vec::len),
        )
    };
    let expect = |verdict: &str, level: &str, path| (verdict.to_owned(), level.to_owned(), path);
    for name in ["numpy", "cryptography", "lxml", "orjson"] {
        assert_eq!(verdict(name), expect("native", "error", 1), "{name}");
    }
    assert_eq!(verdict("pydantic-core"), expect("native", "error", 2));
    // Nothing is compiled in it, and it cannot be imported all the same.
    assert_eq!(verdict("pydantic"), expect("pure", "error", 1));
    for name in ["markupsafe", "pyyaml"] {
        assert_eq!(verdict(name), expect("fallback", "none", 1), "{name}");
    }
    assert_eq!(verdict("cffi"), expect("native", "note", 2));
    let calls = json["calls"].as_array().expect("a list").iter();
    let in_app: Vec<_> = calls
        .filter(|call| call["place"]["in_project"] == true)
        .map(|call| {
            (
                call["call"].as_str().unwrap_or_default(),
                call["place"]["line"].as_u64(),
            )
        })
        .collect();
    assert_eq!(
        in_app,
        [("threading.Thread().start", Some(35)), ("os.system", Some(39))]
    );

    let text = check(&project, "text");
    assert!(text.contains("pydantic -> pydantic-core"), "{text}");
    assert!(check(&project, "markdown").contains("| numpy | 2.5.5 | native | **cannot run** |"));
    assert!(check(&project, "sarif").contains("\"uri\": \"main.py\""));
}

#[test]
fn each_call_of_the_table_raises_what_it_says() {
    #[derive(serde::Deserialize)]
    struct Table {
        call: Vec<Row>,
    }
    #[derive(serde::Deserialize)]
    struct Row {
        calls: Vec<String>,
        raises: Option<String>,
    }
    let text = setup::text(&setup::root().join("crates/pywasm-audit/src/stdlib.toml"));
    let table: Table = toml::from_str(&text).expect("a table");
    let mut imports = BTreeSet::from(["queue".to_owned()]);
    let mut program = String::new();
    for row in &table.call {
        for call in &row.calls {
            let head = call.split('(').next().unwrap_or(call);
            imports.extend(head.rsplit_once('.').map(|(module, _)| module.to_owned()));
            let made = match head.starts_with("asyncio.") {
                true => format!("asyncio.run({call})"),
                false => call.clone(),
            };
            program += &match &row.raises {
                Some(raises) => format!(
                    "try:\n    {made}\nexcept {raises}:\n    pass\nexcept BaseException as error:\n    \
                     print({call:?}, 'raises', repr(error), 'and not {raises}')\nelse:\n    print({call:?}, 'works')\n"
                ),
                None => format!("{made}\n"),
            };
        }
    }
    let imports: String = imports
        .iter()
        .map(|module| format!("import {module}\n"))
        .collect();
    let folder = setup::temporary();
    fs::write(folder.path().join("app.py"), imports + &program).expect("written");
    setup::succeed(setup::pywasm(folder.path()).args(["build", "--profile", "dev", "app.py"]));
    let output = setup::succeed(setup::pywasm(folder.path()).args(["run", "dist/app.wasm"]));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}
