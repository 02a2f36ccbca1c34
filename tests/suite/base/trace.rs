//! `pywasm trace`: what it finds makes a build that works. The transcript in
//! `testdata/commands/trace` shows its output; here stands what a transcript cannot hold.

use std::{fs, path::Path};

use crate::setup;

/// A copy of the app.
fn app() -> tempfile::TempDir {
    let folder = setup::temporary();
    setup::copy(&setup::root().join("testdata/commands/trace"), folder.path());
    folder
}

fn trace(folder: &Path, options: &[&str], args: &[&str]) -> String {
    let mut command = setup::pywasm(folder);
    command.arg("trace").args(options).arg("--").args(args);
    String::from_utf8(setup::succeed(&mut command).stdout).expect("UTF-8")
}

#[test]
fn what_is_written_keeps_the_file_and_is_enough() {
    let folder = app();
    let file = folder.path().join("pyproject.toml");
    let before = setup::text(&file);
    assert_eq!(
        trace(folder.path(), &["--write"], &["rows", "words", "letter"]),
        ""
    );
    let after = setup::text(&file);
    let expected = before
        .replace(
            "    \"notes.txt\",  # what to know\n",
            "    \"notes.txt\",  # what to know\n    \"texts\",\n",
        )
        .replace(
            "]\n\n[tool.other]",
            "]\ninclude = [\"shop.plugins.*\"]\n\n[tool.other]",
        );
    assert_eq!(after, expected);
    assert!(!folder.path().join("dist").exists(), "nothing is built");

    // Once it is there, nothing is lacking.
    assert_eq!(
        trace(folder.path(), &["--write"], &["rows", "words", "letter"]),
        ""
    );
    assert_eq!(setup::text(&file), after);
}

#[test]
fn a_script_beside_no_configuration_gets_one() {
    let folder = setup::temporary();
    let script = "import importlib, sys\nprint(importlib.import_module(sys.argv[1]).__name__)\n";
    fs::write(folder.path().join("tool.py"), script).expect("a file");
    trace(folder.path(), &["tool.py", "--write"], &["fractions"]);
    let text = setup::text(&folder.path().join("pyproject.toml"));
    assert_eq!(text, "[tool.pywasm]\ninclude = [\"fractions\"]\n");
}

#[test]
fn what_the_program_brings_itself_is_not_lacking() {
    let folder = setup::temporary();
    // An exception's traceback imports much that no build of this program needs.
    let script = "import json\njson.loads('{')\n";
    fs::write(folder.path().join("tool.py"), script).expect("a file");
    assert_eq!(trace(folder.path(), &["tool.py"], &[]), "");
    let json = trace(folder.path(), &["tool.py", "--format", "json"], &[]);
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(value["ended"]["exit"], 1);
    assert_eq!(value["include"], serde_json::json!([]));
}

#[test]
fn a_namespace_package_and_a_file_that_is_loaded_by_its_path() {
    let folder = setup::temporary();
    let script = "import importlib, importlib.util, pathlib\n\
        here = pathlib.Path(__file__).parent\n\
        spec = importlib.util.spec_from_file_location('extra', here / 'extras' / 'one.py')\n\
        extra = importlib.util.module_from_spec(spec)\n\
        spec.loader.exec_module(extra)\n\
        print(extra.NAME, importlib.import_module(extra.NAME).VALUE)\n";
    fs::create_dir_all(folder.path().join("extras")).expect("a folder");
    fs::create_dir_all(folder.path().join("parts/deep")).expect("a folder");
    fs::write(folder.path().join("tool.py"), script).expect("a file");
    fs::write(folder.path().join("extras/one.py"), "NAME = 'parts.deep.two'\n").expect("a file");
    fs::write(folder.path().join("parts/deep/two.py"), "VALUE = 2\n").expect("a file");
    trace(folder.path(), &["tool.py", "--write"], &[]);
    let text = setup::text(&folder.path().join("pyproject.toml"));
    assert_eq!(
        text,
        "[tool.pywasm]\ninclude = [\"parts.deep.two\"]\ndata = [\"extras/one.py\"]\n"
    );
    setup::succeed(setup::pywasm(folder.path()).args(["build", "-q", "tool.py"]));
    let output = setup::succeed(setup::pywasm(folder.path()).args(["run", "dist/tool.wasm"]));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "parts.deep.two 2\n");
}
