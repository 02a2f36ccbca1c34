//! A build sees one state of each file: what was parsed is what is compiled, hashed and recorded.

use std::{fs, path::PathBuf, sync::Arc};

use pywasm_digest::Digest;
use pywasm_dist::record;
use pywasm_pipeline::{BuildOutput, Profile};
use pywasm_testkit::{TestInterpreter, TestProgress};

use crate::case::{Case, holds};

const OLD: &str = "import json\nTEXT = 'the old text'\n";
const NEW: &str = "import json\nTEXT = 'the new text'\n";

/// Writes the new text over the old one.
fn save(path: &Arc<PathBuf>) -> impl Fn() + Send + Sync + 'static {
    let path = Arc::clone(path);
    move || fs::write(&*path, NEW).expect("the file can be written")
}

/// Everything that a build says about `main.py` is about this text.
fn is_about(output: &BuildOutput, text: &str) {
    let module = &output.files["app.wasm"];
    for (candidate, is_there) in [(OLD, text == OLD), (NEW, text == NEW)] {
        assert_eq!(holds(module, candidate), is_there, "{candidate}");
    }
    let inputs = &output.report.inputs;
    let main = inputs.iter().find(|input| input.path == "project/main.py");
    let main = main.expect("the report lists the file");
    assert_eq!(main.sha256, Digest::compute(text.as_bytes()));
    let sealed = record::read(module).expect("a record");
    assert_eq!(sealed.inputs, record::inputs_digest(inputs));
}

#[test]
fn a_file_saved_while_it_is_compiled_keeps_its_old_text() {
    for profile in [Profile::Release, Profile::Dev] {
        let mut case = Case::new("", &[("main.py", OLD)]);
        case.options.profile = profile;
        let save = save(&Arc::new(case.path("main.py")));
        case.interpreter = TestInterpreter::default().on_compile(move |_| save());
        is_about(&case.output(), OLD);
        is_about(&case.output(), NEW);
    }
}

/// At each step: after parsing, whenever a file is saved, the build is about the old text.
#[test]
fn a_file_saved_at_any_stage_keeps_its_old_text() {
    let case = Case::new("smoke = true\n", &[("main.py", OLD)]);
    case.output();
    let mut steps = case.progress.steps();
    steps.retain(|step| step != "resolve");
    steps.sort();
    steps.dedup();
    assert!(steps.len() > 5, "{steps:?}");
    for stage in steps {
        let mut case = Case::new("smoke = true\n", &[("main.py", OLD)]);
        let save = save(&Arc::new(case.path("main.py")));
        case.progress = TestProgress::default().on_step(move |step| {
            if step == stage {
                save();
            }
        });
        is_about(&case.output(), OLD);
    }
}

#[test]
fn a_data_file_saved_after_the_image_keeps_its_old_content() {
    let mut case = Case::new("data = ['data.txt']\n", &[("main.py", "import json\n")]);
    case.write("data.txt", "the old content");
    let path = case.path("data.txt");
    case.progress = TestProgress::default().on_step(move |step| {
        if step == "optimize" {
            fs::write(&path, "the new content").expect("the file can be written");
        }
    });
    let output = case.output();
    assert!(holds(&output.files["app.wasm"], "the old content"));
    let inputs = &output.report.inputs;
    let data = inputs.iter().find(|input| input.path == "project/data.txt");
    assert_eq!(
        data.map(|input| input.sha256),
        Some(Digest::compute(b"the old content"))
    );
}

/// A hook file that changes after the resolver has parsed it is recorded as it was parsed.
#[test]
fn a_hook_saved_after_it_was_parsed_keeps_its_old_digest() {
    let (old, new) = ("# the old hook\n", "# the new hook\n");
    let mut case = Case::new("hooks = ['hook.toml']\n", &[("main.py", OLD), ("hook.toml", old)]);
    let path = case.path("hook.toml");
    case.progress = TestProgress::default().on_step(move |step| {
        if step == "bundle" {
            fs::write(&path, new).expect("the file can be written");
        }
    });
    let output = case.output();
    let mut inputs = output.report.inputs.iter();
    let hook = inputs.find(|input| input.path == "project/hook.toml");
    assert_eq!(
        hook.map(|input| input.sha256),
        Some(Digest::compute(old.as_bytes()))
    );
    let now = fs::read_to_string(case.path("hook.toml")).expect("the file can be read");
    assert_eq!(now, new, "the build has the stage in which the file is saved");
}
