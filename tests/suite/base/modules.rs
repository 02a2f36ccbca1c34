//! The standard library as a whole: each module that a native Python imports, mapped files, and threads that
//! run at once. `testdata/stdlib` has the programs.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::setup;

fn folder(name: &str) -> PathBuf {
    setup::root().join("testdata/stdlib").join(name)
}

fn build(project: &Path, out: &Path) {
    let mut command = setup::pywasm(out);
    command.arg("build").arg(project);
    setup::succeed(command.args(["--profile", "dev", "--name", "case", "--out-dir", "dist"]));
}

/// The modules that an artifact does not have, each with its reason.
fn exceptions() -> BTreeMap<String, String> {
    let text = setup::text(&folder("modules").join("exceptions.txt"));
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, reason) = line.split_once(": ").expect("a name and a reason");
            (name.to_owned(), reason.to_owned())
        })
        .collect()
}

/// What the program prints when it runs as `case.py` in the folder, natively.
fn native(script: &Path, work: &Path, args: &[&str]) -> String {
    let mut command = setup::limited(setup::native_python(), work);
    command.args(["-B", "-P", "-X", "utf8"]).arg(script).args(args);
    String::from_utf8(setup::succeed(&mut command).stdout).expect("UTF-8")
}

#[test]
fn every_module_imports_or_has_a_reason() {
    let work = setup::temporary();
    let listed = native(&folder("modules").join("list.py"), work.path(), &[]);
    let exceptions = exceptions();
    let is_below = |name: &str, top: &str| {
        name.strip_prefix(top)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let names: BTreeSet<&str> = listed
        .lines()
        .filter(|name| !exceptions.keys().any(|top| is_below(name, top)))
        .collect();
    assert!(names.len() > 500, "{}", names.len());
    let project = work.path().join("project");
    fs::create_dir(&project).expect("a folder");
    fs::copy(folder("modules").join("main.py"), project.join("main.py")).expect("copies");
    let include: String = names.iter().map(|name| format!("{name:?},\n")).collect();
    let text = format!(
        "[project]\nname = \"modules\"\nversion = \"1\"\n[tool.pywasm]\nentry = \"main.py\"\ninclude = [\n{include}]\n"
    );
    fs::write(project.join("pyproject.toml"), text).expect("writes");
    build(&project, work.path());
    let input: String = names.iter().map(|name| format!("{name}\n")).collect();
    fs::write(work.path().join("names"), input).expect("writes");
    let mut command = setup::pywasm(work.path());
    command.args(["run", "dist/case.wasm"]);
    command.stdin(fs::File::open(work.path().join("names")).expect("opens"));
    let output = setup::succeed(&mut command);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "done\n");
}

#[test]
fn mapped_files_behave_as_under_a_native_python() {
    let work = setup::temporary();
    let script = folder("mapped").join("main.py");
    build(&script, work.path());
    let [here, there] = ["here", "there"].map(|name| {
        let folder = work.path().join(name);
        fs::create_dir(&folder).expect("a folder");
        folder.display().to_string()
    });
    let mut command = setup::pywasm(work.path());
    command.args([
        "run",
        "dist/case.wasm",
        "--dir",
        &format!("{there}::/data"),
        "--",
        "/data",
    ]);
    let ours = setup::succeed(&mut command).stdout;
    let theirs = native(&script, work.path(), &[&here]);
    assert_eq!(String::from_utf8_lossy(&ours), theirs);
    for name in ["mmapfile", "empty"] {
        let read = |folder: &str| setup::bytes(&Path::new(folder).join(name));
        assert_eq!(read(&there), read(&here), "{name}");
    }
}

#[test]
fn threads_run_at_once_where_the_project_wants_it() {
    let work = setup::temporary();
    build(&folder("eager"), work.path());
    let mut command = setup::pywasm(work.path());
    let ours = setup::succeed(command.args(["run", "dist/case.wasm"])).stdout;
    let theirs = native(&folder("eager").join("main.py"), work.path(), &[]);
    assert_eq!(String::from_utf8_lossy(&ours), theirs);
}
