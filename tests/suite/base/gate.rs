//! The project's own gate: each app of `testdata/apps` keeps the budgets that its `pyproject.toml`
//! has, by `pywasm budget` on what the other tests build anyway.

use serde_json::Value;

use crate::{
    app::{self, App},
    setup,
};

#[test]
fn every_app_keeps_its_budgets() {
    let mut told = Vec::new();
    for name in app::names() {
        let app = App::named(&name);
        let report = app.dist().file("report.json");
        let mut command = setup::pywasm(&app.dir);
        let output = command
            .arg("budget")
            .arg(&report)
            .output()
            .expect("pywasm starts");
        if !output.status.success() {
            let text = [output.stdout, output.stderr].concat();
            told.push(format!(
                "{name}: {}\n{}",
                output.status,
                String::from_utf8_lossy(&text)
            ));
        }
        // A limit that was left out keeps nothing.
        let report: Value = serde_json::from_slice(&setup::bytes(&report)).expect("JSON");
        let rows = report["budgets"].as_array().into_iter().flatten();
        let judged: Vec<_> = rows.filter_map(|row| row["what"].as_str()).collect();
        assert_eq!(judged, ["wasm", "brotli"], "{name}");
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}
