//! Which stages work, in which order, and whose time is whose.

use std::{thread::sleep, time::Duration};

use pywasm_pipeline::Profile;
use pywasm_report::Stage;
use pywasm_testkit::{TestInterpreter, TestProgress, seen::see};

use crate::case::Case;

fn rows(case: &Case) -> Vec<String> {
    let report = case.output().report;
    report.stages.into_iter().map(|row| row.stage).collect()
}

#[test]
fn a_release_goes_through_the_stages_in_order() {
    let case = Case::new("", &[("main.py", "import json\n")]);
    let wanted = [
        Stage::Resolve,
        Stage::Shake,
        Stage::Optimize,
        Stage::Bundle,
        Stage::Preinit,
        Stage::Strip,
        Stage::Compress,
    ];
    assert_eq!(rows(&case), wanted.map(Stage::name));
}

#[test]
fn a_development_build_leaves_the_slow_stages_out() {
    let mut case = Case::new("", &[("main.py", "import json\n")]);
    case.options.profile = Profile::Dev;
    let wanted = [Stage::Resolve, Stage::Shake, Stage::Bundle];
    assert_eq!(rows(&case), wanted.map(Stage::name));
    assert_eq!(case.optimizer.optimized(), 0);
}

#[test]
fn progress_and_times_name_stages() {
    let case = Case::new("smoke = true\n", &[("main.py", "import json\n")]);
    let timings = case.output().report.timings;
    let steps = case.progress.steps();
    for step in &steps {
        assert!(Stage::from_name(step).is_some(), "{step} is not a stage");
        assert!(timings.stages.contains_key(step), "{step} has no time");
    }
    for stage in timings.stages.keys() {
        assert!(steps.contains(stage), "nobody heard of the stage {stage}");
    }
    assert_eq!(steps.first().map(String::as_str), Some("resolve"));
    assert_eq!(steps.last().map(String::as_str), Some("compress"));
    assert!(steps.iter().any(|step| step == "smoke"));
}

/// Slow work of a tool counts for the stage that asked for it, and for no other.
#[test]
fn time_is_booked_to_the_stage_that_spends_it() {
    const LONG: Duration = Duration::from_millis(300);
    let mut case = Case::new("", &[("main.py", "import json\n")]);
    case.interpreter = TestInterpreter::default().on_compile(|path| {
        if path.ends_with("/main.py") {
            sleep(LONG);
        }
    });
    case.progress = TestProgress::default();
    let timings = case.output().report.timings;
    let sum: f64 = timings.stages.values().sum();
    assert!(sum <= timings.total, "{sum} of {}", timings.total);
    for (stage, time) in &timings.stages {
        let is_slow = *time >= LONG.as_secs_f64();
        assert_eq!(is_slow, stage == "bundle", "{stage}: {time}");
    }
}

#[test]
fn shaking_leaves_what_the_program_reaches() {
    let shaken = |main: &str| {
        let mut case = Case::new("preinit = 'none'\n", &[("main.py", main)]);
        case.options.keep_stages = true;
        see(&case.output().files["app.shake.wasm"]).live
    };
    let (without, with) = (shaken("import json\n"), shaken("import time\n"));
    let live = |functions: &[String], name: &str| functions.iter().any(|function| function == name);
    assert!(live(&with, "PyInit_time") && live(&with, "read_clock"));
    assert!(!live(&without, "PyInit_time") && !live(&without, "read_clock"));
    // The command line is the base's only.
    assert!(!live(&with, "read_arguments"));
}
