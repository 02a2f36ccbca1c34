//! The stage cache: a changed line of the app does not make the interpreter anew.

use std::{fs, path::PathBuf};

use crate::{app::App, setup};

#[test]
fn a_changed_line_leaves_shake_and_optimize_alone() {
    let (project, home) = (setup::temporary(), setup::temporary());
    setup::copy(&App::named("hello").dir, project.path());
    let build = || {
        let mut command = setup::pywasm(project.path());
        setup::succeed(
            command
                .args(["build", "--base"])
                .arg(setup::base())
                .env("PYWASM_HOME", home.path()),
        );
        setup::bytes(&project.path().join("dist/hello.wasm"))
    };
    let kept = |stage: &str| -> Vec<PathBuf> {
        let stages = setup::tree(&home.path().join("cache/stages"));
        stages
            .into_iter()
            .filter(|path| path.to_string_lossy().contains(stage))
            .collect()
    };

    let first = build();
    let (shaken, optimized) = (kept("shake"), kept("optimize"));
    assert!(!shaken.is_empty() && !optimized.is_empty(), "the stages are kept");

    let script = project.path().join("hello.py");
    fs::write(&script, setup::text(&script).replace("Hello", "Good day")).expect("a changed app");
    let second = build();
    assert!(first != second, "a changed app gives a changed module");
    assert_eq!((kept("shake"), kept("optimize")), (shaken, optimized));
}

#[test]
fn a_damaged_cache_is_made_anew() {
    let (project, home) = (setup::temporary(), setup::temporary());
    setup::copy(&App::named("hello").dir, project.path());
    let build = || {
        let mut command = setup::pywasm(project.path());
        let command = command
            .args(["build", "--profile", "dev", "--base"])
            .arg(setup::base());
        setup::succeed(command.env("PYWASM_HOME", home.path()));
        setup::bytes(&project.path().join("dist/hello.wasm"))
    };
    let first = build();
    let cache = home.path().join("cache/stages");
    for path in setup::tree(&cache)
        .iter()
        .map(|path| cache.join(path))
        .filter(|path| path.is_file())
    {
        let bytes = setup::bytes(&path);
        fs::write(&path, &bytes[..bytes.len() / 2]).expect("a damaged file");
    }
    assert!(build() == first, "a damaged cache changes what is built");
}
