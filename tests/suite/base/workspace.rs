//! `pywasm build --workspace`: several projects side by side, one of them wrong, two of one name.

use std::{
    fs,
    path::Path,
    process::{Output, Stdio},
};

use serde_json::Value;

use super::interrupt;
use crate::{app::App, setup};

fn write(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Two projects of one name, one with an unknown key, one with an import that leads nowhere, and a
/// library.
fn workspace(root: &Path) {
    for place in ["east", "west"] {
        write(
            root,
            &format!("{place}/pyproject.toml"),
            "[project]\nname = 'same'\n",
        );
        write(root, &format!("{place}/main.py"), &format!("print('{place}')\n"));
    }
    write(root, "key/pyproject.toml", "[tool.pywasm]\nentyr = 'main.py'\n");
    write(root, "import/pyproject.toml", "[tool.pywasm]\n");
    write(root, "import/main.py", "import nowhere_at_all\n");
    write(root, "library/pyproject.toml", "[project]\nname = 'library'\n");
    write(root, "library/node_modules/x/pyproject.toml", "[tool.pywasm]\n");
}

fn build(root: &Path, options: &[&str]) -> Output {
    let mut command = setup::pywasm(root);
    command
        .args(["build", "--workspace", "--profile", "dev"])
        .args(options);
    command.output().expect("pywasm starts")
}

#[test]
fn what_is_wrong_is_annotated_at_its_place_in_the_repository() {
    let folder = setup::temporary();
    let root = folder.path();
    write(root, "a/key/pyproject.toml", "[tool.pywasm]\nentyr = 'main.py'\n");
    let mut command = setup::pywasm(root);
    command.args(["build", "--workspace", "a", "--format", "github"]);
    let output = command.env("GITHUB_WORKSPACE", root).output();
    let output = output.expect("pywasm starts");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stdout);
    let line = "::error file=a/key/pyproject.toml,line=2::unknown key `entyr`";
    assert!(told.lines().any(|told| told.starts_with(line)), "{told}");
    assert!(told.contains("failed (2)"), "{told}");
}

#[test]
fn one_that_fails_does_not_stop_the_others() {
    let folder = setup::temporary();
    let root = folder.path();
    workspace(root);
    let output = build(root, &["--format", "json"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    // A failed build outweighs wrong configuration.
    assert_eq!(output.status.code(), Some(1), "{told}");

    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let of = |path: &str| {
        let projects = summary["projects"].as_array().expect("a list");
        let found = projects.iter().find(|project| project["path"] == path);
        found
            .unwrap_or_else(|| panic!("no {path} in {summary:#}"))
            .clone()
    };
    assert_eq!((&summary["built"], &summary["failed"]), (&2.into(), &2.into()));
    assert_eq!(summary["projects"].as_array().map(Vec::len), Some(4));
    for (path, exit, word) in [("import", 1, "nowhere_at_all"), ("key", 2, "entyr")] {
        let project = of(path);
        assert_eq!(project["exit"], exit, "{project:#}");
        let message = project["error"]["message"].as_str().expect("a message");
        assert!(message.contains(word), "{message}");
        assert!(told.contains(&format!("error: {path}: ")), "{told}");
        assert!(!root.join(path).join("dist").exists());
    }
    assert!(told.contains("passed over library"), "{told}");

    // Projects of one name keep their own files, which are those of a build of one alone.
    for path in ["east", "west"] {
        let wasm = root.join(path).join("dist/same.wasm");
        let alone = root.join(".alone").join(path);
        let mut command = setup::pywasm(&root.join(path));
        command
            .args(["build", "--profile", "dev", "--out-dir"])
            .arg(&alone);
        setup::succeed(&mut command);
        assert_eq!(
            setup::bytes(&wasm),
            setup::bytes(&alone.join("same.wasm")),
            "{path}"
        );
        let ran = setup::succeed(setup::pywasm(root).arg("run").arg(&wasm));
        assert_eq!(String::from_utf8_lossy(&ran.stdout), format!("{path}\n"));
        let mut report = of(path)["report"].clone();
        let mut written: Value =
            serde_json::from_slice(&setup::bytes(&alone.join("same.report.json"))).expect("JSON");
        for report in [&mut report, &mut written] {
            report
                .as_object_mut()
                .and_then(|report| report.remove("timings"))
                .expect("timings");
        }
        assert_eq!(report, written);
    }
}

#[test]
fn the_table_has_a_line_for_each_and_one_for_all() {
    let folder = setup::temporary();
    workspace(folder.path());
    fs::remove_dir_all(folder.path().join("import")).expect("it is there");
    let output = build(folder.path(), &["--jobs", "3"]);
    assert_eq!(output.status.code(), Some(2));
    let table = String::from_utf8(output.stdout).expect("UTF-8");
    // Sizes and times are not the same everywhere.
    let words: Vec<_> = table
        .lines()
        .map(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            (words[0].to_owned(), words[words.len() - 2..].join(" "))
        })
        .collect();
    let expected = [
        ("project", "time result"),
        ("east", "s ok"),
        ("key", "failed (2)"),
        ("west", "s ok"),
        ("3", "1 failed"),
    ];
    let expected = expected.map(|(first, last)| (first.to_owned(), last.to_owned()));
    assert_eq!(words, expected, "{table}");
}

#[test]
fn options_that_only_one_project_can_have_are_refused() {
    let folder = setup::temporary();
    let empty = build(folder.path(), &[]);
    assert_eq!(empty.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&empty.stderr).contains("it contains no project"));
    for options in [
        ["--name", "x"],
        ["--out-dir", "x"],
        ["--entry", "x.py"],
        ["--jobs", "0"],
    ] {
        assert_eq!(
            build(folder.path(), &options).status.code(),
            Some(2),
            "{options:?}"
        );
    }
    let jobs = setup::pywasm(folder.path())
        .args(["build", "--jobs", "2"])
        .output()
        .expect("pywasm starts");
    assert_eq!(jobs.status.code(), Some(2));
}

#[test]
fn an_interrupt_leaves_nothing_half_made() {
    let folder = setup::temporary();
    let (root, home) = (folder.path().join("projects"), folder.path().join("home"));
    for name in ["one", "two", "three"] {
        setup::copy(&App::named("hello").dir, &root.join(name));
    }
    let before = setup::tree(&root);
    let mut command = setup::pywasm(&root);
    command
        .args(["build", "--workspace", "--jobs", "3", "--base"])
        .arg(setup::base())
        .env("PYWASM_HOME", &home);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("pywasm starts");
    interrupt::wait_for(&home, "stages/", &mut child);
    let kill = format!("kill -INT {}", child.id());
    setup::succeed(setup::bare("sh", &root).args(["-c", &kill]));
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(setup::tree(&root), before, "the projects are as they were");
    let left: Vec<_> = setup::tree(&home)
        .into_iter()
        .filter(|path| interrupt::is_temporary(path))
        .collect();
    assert!(left.is_empty(), "temporary files were left: {left:?}");
}
