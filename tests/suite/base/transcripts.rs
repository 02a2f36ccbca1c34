//! Every error that a user can meet, and what the smaller commands print, word for word.

use std::path::Path;

use pywasm_testkit::Transcripts;

use crate::setup;

#[test]
fn errors() {
    check_all("errors");
}

#[test]
fn commands() {
    check_all("commands");
}

fn check_all(folder: &str) {
    // pywasm names a base that another recipe made, and the transcripts would hold that.
    let bases = setup::succeed(setup::pywasm(setup::root()).args(["base", "list"])).stdout;
    let current = String::from_utf8_lossy(&bases).contains("this pywasm's recipe");
    assert!(
        current,
        "the base is older than its recipe: run `scripts/test.sh base`, which builds it again"
    );
    let id = setup::base()
        .file_name()
        .expect("a base has an id")
        .to_string_lossy();
    let transcripts = Transcripts {
        program: Path::new(setup::PYWASM),
        home: setup::home(),
        base: &id,
        only_fast: false,
    };
    transcripts.check_all(&setup::root().join("testdata").join(folder));
}
