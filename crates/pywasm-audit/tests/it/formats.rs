//! The forms of an audit: SARIF that its own schema takes, JSON with a version, Markdown and text.

use serde_json::Value;

use crate::fixture::{Fixture, elf};

fn sample() -> pywasm_audit::Audit {
    let main = "import must\nimport ssl\nimport os\nos.fork()\nimport nowhere\n";
    let fixture = Fixture::new(main, &["must", "idle"]);
    let linux = "cp313-cp313-manylinux_2_28_x86_64";
    let files: [(&str, &[u8]); 2] = [
        ("must/__init__.py", b"from . import c\n"),
        ("must/c.abi3.so", &elf()),
    ];
    fixture.install("must", &[], linux, &files);
    fixture.install("idle", &[], linux, &[("idle.abi3.so", &elf())]);
    fixture.audit()
}

#[test]
fn sarif_is_what_its_schema_says() {
    let mut schema: Value = serde_json::from_str(include_str!("sarif-2.1.0.schema.json")).expect("a schema");
    // Its pattern for languages has a bracket too many, which is no expression; nothing here has one.
    for part in ["run", "toolComponent"] {
        schema["definitions"][part]["properties"]["language"] = Value::Bool(true);
    }
    let schema = jsonschema::validator_for(&schema).expect("a valid schema");
    let log: Value = serde_json::from_str(&sample().to_sarif()).expect("JSON");
    let wrong: Vec<String> = schema.iter_errors(&log).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let seen: Vec<(String, String, String, u64)> = results
        .iter()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            (
                result["ruleId"].as_str().unwrap_or_default().to_owned(),
                result["level"].as_str().unwrap_or_default().to_owned(),
                place["artifactLocation"]["uri"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                place["region"]["startLine"].as_u64().unwrap_or_default(),
            )
        })
        .collect();
    let expected = [
        ("native-code", "note", "pyproject.toml", 6),
        ("native-code", "error", "main.py", 1),
        ("missing-module", "error", "main.py", 2),
        ("failing-call", "warning", "main.py", 4),
        ("build-problem", "error", "main.py", 5),
    ]
    .map(|(rule, level, file, line)| (rule.to_owned(), level.to_owned(), file.to_owned(), line));
    assert_eq!(seen, expected);
}

#[test]
fn json_has_a_version_and_is_the_same_each_time() {
    let text = serde_json::to_string(&sample()).expect("JSON");
    assert_eq!(text, serde_json::to_string(&sample()).expect("JSON"));
    let json: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["schema"], 1);
    assert_eq!(json["distributions"][1]["files"][0]["format"], "elf");
    assert!(!text.contains("/tmp"), "a path of this machine");
}

#[test]
fn text_and_markdown_name_each_finding() {
    let audit = sample();
    for text in [audit.to_text(), audit.to_markdown()] {
        for word in [
            "must",
            "idle",
            "ssl",
            "os.fork",
            "nowhere",
            "vendor/must/c.abi3.so",
            "main.py:1",
        ] {
            assert!(text.contains(word), "{word} is not in\n{text}");
        }
    }
}
