//! Profiles and levels of optimization: each gives a program that does the same.

use std::path::Path;

use crate::{app::App, setup};

fn greeted(wasm: &Path) -> String {
    let mut command = setup::pywasm(setup::root());
    let output = setup::succeed(command.arg("run").arg(wasm).args(["--", "Ada"]));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_level_runs() {
    for level in ["off", "2", "4", "s", "speed"] {
        let dist = App::named("hello").build(&["--optimize", level]);
        assert_eq!(greeted(&dist.wasm()), "Hello, Ada!\n", "{level}");
    }
}

#[test]
fn dev_runs_and_is_not_compressed() {
    let dist = App::named("hello").build(&["--profile", "dev"]);
    assert_eq!(greeted(&dist.wasm()), "Hello, Ada!\n");
    assert!(!dist.file("wasm.br").exists(), "dev writes no Brotli file");
}

#[test]
fn a_release_after_dev_leaves_no_stale_file() {
    let project = setup::temporary();
    setup::copy(&App::named("hello").dir, project.path());
    for options in [&["build"][..], &["build", "--profile", "dev"]] {
        setup::succeed(setup::pywasm(project.path()).args(options));
    }
    assert!(
        !project.path().join("dist/hello.wasm.br").exists(),
        "the file of an earlier build was left"
    );
    setup::succeed(setup::bare("sha256sum", &project.path().join("dist")).args(["-c", "SHA256SUMS"]));
}
