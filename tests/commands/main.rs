//! Runs the commands whose output does not depend on the base, on a base that the tests make: what
//! is wrong with a project, its configuration, its imports or its arguments, word for word.
//! Needs neither a real base nor a network.

use std::path::Path;

use pywasm_testkit::{Transcripts, write_base};

#[test]
fn errors() {
    check_all("errors");
}

#[test]
fn commands() {
    check_all("commands");
}

fn check_all(folder: &str) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let made = write_base(&home.path().join("made"));
    let id = made.id().to_owned();
    let bases = home.path().join("bases");
    std::fs::create_dir(&bases).expect("a folder");
    std::fs::rename(made.dir(), bases.join(&id)).expect("a base in the home folder");
    let transcripts = Transcripts {
        program: Path::new(env!("CARGO_BIN_EXE_pywasm")),
        home: home.path(),
        base: &id,
        only_fast: true,
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    transcripts.check_all(&root.join("testdata").join(folder));
}
