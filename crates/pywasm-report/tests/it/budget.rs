//! Tests limits at their edges: where warnings begin, how growth is measured, and reports with absurd
//! figures.

use pywasm_report::budget::{
    Baseline, BudgetRow, BudgetTarget, Growth, Limit, Limits, Verdict, baseline_remarks, describe_exceeded,
    judge, render_budget_table,
};
use pywasm_report::{Preinit, Report};

fn report(name: &str) -> Report {
    let text = match name {
        "new" => include_str!("../../../../testdata/commands/budget/new.json"),
        _ => include_str!("../../../../testdata/commands/budget/old.json"),
    };
    Report::from_json(text).expect("a report")
}

fn old() -> Baseline {
    Baseline::Found {
        name: "old.json".to_owned(),
        report: Box::new(report("old")),
    }
}

fn limit(target: BudgetTarget, most: u64) -> Limits {
    Limits {
        limits: vec![Limit {
            target,
            most,
            line: None,
        }],
        growth: None,
    }
}

fn one(target: BudgetTarget, most: u64) -> BudgetRow {
    let mut rows = judge(&report("new"), &limit(target, most), None, &Baseline::None);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

#[test]
fn the_warning_begins_at_95_percent() {
    // The module has 2810000 bytes.
    for (most, verdict) in [
        (2_957_895, Verdict::Within),
        (2_957_894, Verdict::Near),
        (2_810_000, Verdict::Near),
        (2_809_999, Verdict::Exceeded),
        (0, Verdict::Exceeded),
        (u64::MAX, Verdict::Within),
    ] {
        let row = one(BudgetTarget::Wasm, most);
        assert_eq!(row.verdict, verdict, "{most}");
        assert_eq!(row.largest.is_empty(), verdict != Verdict::Exceeded);
    }
}

#[test]
fn what_is_absent_keeps_a_limit_of_zero() {
    let package = |name: &str| BudgetTarget::Package(name.to_owned());
    assert_eq!(one(package("numpy"), 0).verdict, Verdict::Within);
    assert_eq!(one(package("numpy"), 1).verdict, Verdict::Absent);
    assert_eq!(one(package("decimal"), 0).verdict, Verdict::Exceeded);
    // Two modules below it, without the package itself, and a data file.
    assert_eq!(one(package("rich.*"), 1).value, Some(90_000 + 2_100 + 12_000));
    assert_eq!(one(package("rich"), 1).value, Some(108_100));
    assert_eq!(one(BudgetTarget::Gzip, 1).verdict, Verdict::Unknown);
    assert_eq!(one(BudgetTarget::Cwasm, 0).verdict, Verdict::Within);
    assert_eq!(
        one(BudgetTarget::Stage("link".to_owned()), 1).verdict,
        Verdict::Absent
    );
}

#[test]
fn growth_is_measured_from_the_baseline() {
    let grown = |growth, baseline: &Baseline| {
        let limits = Limits {
            limits: Vec::new(),
            growth: Some((growth, Some(3))),
        };
        judge(&report("new"), &limits, None, baseline)
    };
    // From 2500000 and 615000 to 2810000 and 660000.
    let rows = grown(Growth::Share(12_400), &old());
    let figures: Vec<_> = rows
        .iter()
        .map(|row| (row.what.as_str(), row.value, row.limit, row.verdict))
        .collect();
    assert_eq!(
        figures,
        [
            ("growth.wasm", Some(310_000), Some(310_000), Verdict::Near),
            ("growth.brotli", Some(45_000), Some(76_260), Verdict::Within),
        ]
    );
    let rows = grown(Growth::Bytes(44_999), &old());
    assert!(rows.iter().all(|row| row.verdict == Verdict::Exceeded));
    let chains: Vec<_> = rows[0].through.iter().map(|chain| chain.name.as_str()).collect();
    assert_eq!(chains, ["decimal", "rich"]);

    for baseline in [
        Baseline::None,
        Baseline::Missing {
            name: "gone.json".to_owned(),
        },
    ] {
        let rows = grown(Growth::Share(0), &baseline);
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].verdict, rows[0].limit), (Verdict::Unknown, None));
    }
    let mut without = report("old");
    without.artifacts.retain(|file| file.kind != "brotli");
    let without = Baseline::Found {
        name: "old.json".to_owned(),
        report: Box::new(without),
    };
    assert_eq!(grown(Growth::Share(0), &without)[1].verdict, Verdict::Unknown);
}

#[test]
fn a_baseline_with_other_settings_gets_a_remark() {
    assert_eq!(baseline_remarks(&report("new"), &old()), [""; 0]);
    let mut other = report("new");
    other.tool.version = "0.2.0".to_owned();
    other.settings.preinit = Preinit::None;
    assert_eq!(
        baseline_remarks(&other, &old()),
        [
            "the baseline `old.json` was built differently, which may be why the artifact grew: \
             pywasm 0.1.0, now 0.2.0; preinit stdlib, now none"
        ]
    );
}

#[test]
fn absurd_figures_are_judged_too() {
    let mut huge = report("new");
    for module in &mut huge.modules {
        (module.image_bytes, module.source_bytes) = (u64::MAX, u64::MAX);
    }
    for file in &mut huge.artifacts {
        file.bytes = u64::MAX;
    }
    for stage in &mut huge.stages {
        (stage.bytes_in, stage.bytes_out) = (u64::MAX, 0);
    }
    for file in &mut huge.data {
        file.bytes = u64::MAX;
        file.path = "../é/..".to_owned();
    }
    let mut empty = report("old");
    empty.stages.clear();
    empty.modules.clear();
    let baseline = Baseline::Found {
        name: String::new(),
        report: Box::new(empty),
    };
    let targets = [
        BudgetTarget::Wasm,
        BudgetTarget::Gzip,
        BudgetTarget::Modules,
        BudgetTarget::Stage("resolve".to_owned()),
        BudgetTarget::Stage("optimize".to_owned()),
        BudgetTarget::Package("*".to_owned()),
    ];
    let limits = Limits {
        limits: targets
            .into_iter()
            .flat_map(|target| limit(target, 1).limits)
            .collect(),
        growth: Some((Growth::Share(u64::MAX), None)),
    };
    for baseline in [&baseline, &Baseline::None] {
        let rows = judge(&huge, &limits, Some(u64::MAX), baseline);
        assert!(render_budget_table(&rows).lines().count() > rows.len());
        for row in rows.iter().filter(|row| row.verdict == Verdict::Exceeded) {
            assert!(describe_exceeded(row).0.contains("is exceeded by "));
        }
    }
}
