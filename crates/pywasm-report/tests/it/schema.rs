//! Checks that the types, `docs/reference/report.schema.json` and the example in
//! `docs/reference/report.md` agree.

use pywasm_digest::Digest;
use pywasm_report::budget::{BudgetRow, ImportChain, Part, Unit, Verdict};
use pywasm_report::{
    ArtifactEntry, BaseInfo, ComponentEntry, DataEntry, DistributionEntry, InputEntry, ModuleEntry,
    ProgramPlace, ProjectInfo, ReadError, RehearsalEnd, ReplacedEntry, Report, SCHEMA, Settings, SharedCache,
    StageNote, StageRow, StartReport, Timings, Tool, WarningEntry, WholeEntry,
};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../../../docs/reference/report.md");

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/reference/report.schema.json"))
        .expect("the schema is JSON")
}

/// A report in which every list has an entry and every optional value is there.
fn full() -> Report {
    let sha256 = Digest::compute(b"bytes");
    Report {
        schema: SCHEMA,
        tool: Tool {
            name: "pywasm".to_owned(),
            version: "0.1.0".to_owned(),
        },
        base: BaseInfo {
            id: "cpython-3.13.15-0123456789ab".to_owned(),
            python: "3.13.15".to_owned(),
        },
        project: ProjectInfo {
            name: "app".to_owned(),
            version: Some("1.0".to_owned()),
            license: Some("MIT".to_owned()),
            entry: "app:main".to_owned(),
        },
        settings: Settings::default(),
        stages: vec![StageRow {
            brotli_bytes: Some(788_123),
            notes: vec![StageNote {
                name: "functions".to_owned(),
                live: 4100,
                total: 9000,
            }],
            ..StageRow::new("shake", 9_000_000, 3_000_000, sha256)
        }],
        artifacts: vec![ArtifactEntry {
            file: "app.wasm".to_owned(),
            kind: "wasm".to_owned(),
            bytes: 2_900_000,
            sha256,
        }],
        modules: vec![ModuleEntry {
            name: "json".to_owned(),
            origin: "stdlib".to_owned(),
            kind: "package".to_owned(),
            source_bytes: 14_020,
            image_bytes: 3_000,
            heap_bytes: Some(5_000),
            imported_by: vec!["app".to_owned()],
            distribution: Some("Six".to_owned()),
        }],
        data: vec![DataEntry {
            path: "/pywasm/app/table.csv".to_owned(),
            bytes: 12,
        }],
        inputs: vec![InputEntry {
            path: "project/app.py".to_owned(),
            sha256,
        }],
        distributions: vec![DistributionEntry {
            name: "Six".to_owned(),
            version: "1.17.0".to_owned(),
            sha256: Some(sha256),
            record_sha256: Some(sha256),
            license: Some("MIT".to_owned()),
            purl: "pkg:pypi/six@1.17.0".to_owned(),
        }],
        whole: vec![WholeEntry {
            package: "faker".to_owned(),
            modules: 2,
            bytes: 30,
        }],
        replaced: vec![ReplacedEntry {
            distribution: Some("Six".to_owned()),
            file: "site-packages/six.py".to_owned(),
            line: 4,
            hook: "hooks/six.toml".to_owned(),
        }],
        start: Some(StartReport {
            rehearsal: RehearsalEnd::Stopped(ProgramPlace {
                action: "reads the clock".into(),
                module: Some("settings".into()),
                file: Some("settings.py".into()),
                line: Some(3),
                hint: None,
            }),
            assumptions: vec!["DEBUG is not set".into()],
            fallback: Some(ProgramPlace {
                action: "reads the environment variable DEBUG".into(),
                module: None,
                file: None,
                line: None,
                hint: Some("do it later".into()),
            }),
            fallback_bytes: 12,
        }),
        component: Some(ComponentEntry {
            world: "a:b/shop@1.0.0".to_owned(),
            imports: vec!["wasi:cli/stdin@0.2.12".to_owned()],
            exports: vec!["a:b/prices@1.0.0".to_owned()],
            unused: vec!["a:b/log@1.0.0".to_owned()],
        }),
        warnings: vec![WarningEntry {
            message: "cannot see what is imported".to_owned(),
            file: Some("app.py".to_owned()),
            line: Some(3),
            hint: Some("name it in include".to_owned()),
        }],
        budgets: vec![BudgetRow {
            what: "wasm".to_owned(),
            counts: "app.wasm".to_owned(),
            unit: Unit::Bytes,
            value: Some(2_900_000),
            limit: Some(2_800_000),
            headroom: Some(-100_000),
            verdict: Verdict::Exceeded,
            reason: Some("none".to_owned()),
            line: Some(7),
            since: Some("baseline.json".to_owned()),
            largest: vec![Part {
                name: "interpreter".to_owned(),
                counts: "code and data".to_owned(),
                amount: 90_000,
            }],
            through: vec![ImportChain {
                name: "decimal".to_owned(),
                imported_by: Some("app".to_owned()),
            }],
        }],
        timings: Timings {
            total: 1.5,
            stages: [("shake".to_owned(), 0.25)].into(),
            shared_cache: Some(SharedCache {
                hits: [("shake".to_owned(), 2)].into(),
                misses: [("compress".to_owned(), 1)].into(),
            }),
        },
    }
}

fn value(report: &Report) -> Value {
    serde_json::from_str(&report.to_json().expect("it has a form in JSON")).expect("JSON")
}

fn faults(value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is one");
    validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn reports_are_of_the_schema() {
    assert_eq!(faults(&value(&full())), [""; 0]);
    let mut bare = full();
    bare.project.version = None;
    bare.project.license = None;
    bare.modules[0].distribution = None;
    bare.distributions[0].sha256 = None;
    bare.distributions[0].license = None;
    bare.stages[0] = StageRow::new("resolve", 0, 5, Digest::compute(b""));
    bare.warnings[0] = WarningEntry {
        message: "m".to_owned(),
        file: None,
        line: None,
        hint: None,
    };
    assert_eq!(faults(&value(&bare)), [""; 0]);
}

#[test]
fn the_schema_refuses_other_values() {
    for (place, wrong) in [
        ("/schema", json!(2)),
        ("/stages/0/sha256", json!("abc")),
        ("/stages/0/bytes_in", json!(-1)),
        ("/modules/0/origin", json!("moon")),
        ("/artifacts/0/file", Value::Null),
        ("/budgets/0/verdict", json!("fine")),
        ("/timings/total", json!("1 s")),
    ] {
        let mut report = value(&full());
        *report.pointer_mut(place).expect("a place") = wrong;
        assert_eq!(faults(&report).len(), 1, "{place}");
    }
}

/// Each key that is written has its description, and each that is described is written.
#[test]
fn the_schema_names_every_key() {
    fn compare(schema: &Value, value: &Value, place: &str) {
        match value {
            Value::Object(object) => {
                let Some(properties) = schema["properties"].as_object() else {
                    return;
                };
                let written: Vec<_> = object.keys().collect();
                let described: Vec<_> = properties.keys().collect();
                assert_eq!(written, described, "{place}");
                for (key, value) in object {
                    compare(&properties[key], value, &format!("{place}/{key}"));
                }
            }
            Value::Array(items) => compare(&schema["items"], &items[0], place),
            _ => {}
        }
    }
    compare(&schema(), &value(&full()), "");
}

#[test]
fn the_example_of_the_page_is_a_report() {
    let (_, rest) = PAGE.split_once("```json\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let report = Report::from_json(example).expect("a report");
    assert_eq!(
        value(&report),
        serde_json::from_str::<Value>(example).expect("JSON")
    );
    assert_eq!(faults(&value(&report)), [""; 0]);
    for stage in &report.stages {
        let again = StageRow::new(&stage.stage, stage.bytes_in, stage.bytes_out, stage.sha256);
        assert_eq!(stage.change_permille, again.change_permille, "{}", stage.stage);
    }
}

#[test]
fn a_report_is_read_back_and_newer_ones_are_refused() {
    let text = full().to_json().expect("it has a form in JSON");
    assert!(text.ends_with("}\n"));
    assert_eq!(Report::from_json(&text).expect("a report"), full());

    let mut more = value(&full());
    more["an_addition"] = json!([1]);
    assert_eq!(Report::from_json(&more.to_string()).expect("a report"), full());

    // Its shape may be any; the version is looked at first.
    let newer = Report::from_json(r#"{"schema": 2, "stages": {}}"#).expect_err("a newer one");
    assert_eq!(
        newer.to_string(),
        "the report has schema 2, but this pywasm reads only up to 1"
    );
    for text in ["", "[]", "{}", r#"{"schema": "1"}"#, r#"{"schema": 1}"#] {
        let error = Report::from_json(text).expect_err("no report");
        assert!(matches!(error, ReadError::Malformed(_)), "{text}");
    }
}
