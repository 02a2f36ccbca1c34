//! `smoke`: the artifact is started once before it is written. `testdata/errors/smoke_import_fails`
//! shows what a failure looks like; here stands what must not be one, and what is left behind.

use std::{fs, path::Path};

use crate::setup;

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = setup::temporary();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn build(folder: &Path, options: &[&str]) -> std::process::Output {
    setup::pywasm(folder)
        .args(["build", "-q", "--smoke"])
        .args(options)
        .output()
        .expect("it starts")
}

fn check_fine(folder: &Path, options: &[&str]) {
    let output = build(folder, options);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{options:?}\n{stderr}");
    assert!(!stderr.contains("loud"), "what is printed is not shown: {stderr}");
}

#[test]
fn a_script_without_a_guard_does_not_run() {
    let folder = project(&[
        (
            "app.py",
            "import helper\nprint(helper.VALUE, input())\nraise SystemExit(5)\n",
        ),
        ("helper.py", "print('loud')\nVALUE = 1\n"),
    ]);
    for options in [&["app.py", "--profile", "dev"][..], &["app.py"]] {
        check_fine(folder.path(), options);
    }
    assert!(folder.path().join("dist/app.wasm").is_file());
}

#[test]
fn a_script_with_a_guard_is_imported() {
    let script = "import sys\nVALUE = sys.maxsize.missing\nif __name__ == '__main__':\n    print(VALUE)\n";
    let folder = project(&[("app.py", script)]);
    let output = build(folder.path(), &["app.py", "--profile", "dev"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("the artifact cannot import `app`"), "{stderr}");
    assert!(stderr.contains("app.py\", line 2, in <module>"), "{stderr}");
    assert!(!folder.path().join("dist").exists(), "nothing is written");
}

#[test]
fn an_import_that_ends_the_process_is_told() {
    let cli = "def main():\n    pass\n";
    let folder = project(&[
        (
            "pyproject.toml",
            "[tool.pywasm]\nname = \"a\"\nentry = \"shop.cli:main\"\n",
        ),
        ("shop/__init__.py", "import os\nos._exit(4)\n"),
        ("shop/cli.py", cli),
    ]);
    let output = build(folder.path(), &["--profile", "dev"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("the program ended with exit code 4"), "{stderr}");
}

#[test]
fn every_app_passes() {
    for name in crate::app::names() {
        let app = crate::app::App::named(&name);
        app.build(&["--smoke"]);
    }
}
