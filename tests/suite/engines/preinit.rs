//! Artifacts that begin with a snapshot, under engines that are not ours.

use std::{fs, process::Stdio};

use crate::{
    app::App,
    base::preinit::{
        modes::every_app,
        renewed::{MODES, state},
    },
    case::check_app,
    engine::Engine,
    setup,
};

#[test]
fn with_the_app_three_times_and_under_node() {
    let wasmtime = Engine::Pywasm;
    every_app("app", &[wasmtime, wasmtime, wasmtime, Engine::Node]);
}

/// As it is shipped: the module behind the snapshot has been through Binaryen.
#[test]
fn with_the_app_in_a_release() {
    for name in ["logstats", "asyncpipe"] {
        let app = App::named(name).otherwise(&["--preinit", "app"]);
        for engine in [Engine::Pywasm, Engine::Node, Engine::Wasmi] {
            check_app(&app, engine);
        }
    }
}

/// Under an engine that hands a file through as a file.
#[test]
fn a_file_as_standard_output_can_seek() {
    for mode in MODES {
        let folder = setup::temporary();
        let path = folder.path().join("out.txt");
        let mut node = setup::limited("node", folder.path());
        node.arg("--no-warnings")
            .arg(setup::root().join("tests/engines/run_node.mjs"))
            .arg(&state(mode).wasm)
            .arg("seeks")
            .stdout(fs::File::create(&path).expect("a file"))
            .stderr(Stdio::piped());
        let output = node.output().expect("node starts");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(stderr, "True True False False\n4\n", "preinit {mode}");
        assert!(setup::text(&path).starts_with('X'), "preinit {mode}");
    }
}
