//! Where dependencies are written down: tables, groups, locks and requirements in, what is
//! installed out. All wheels are kept in the cache already.

use pywasm_deps::{Installation, distributions};
use pywasm_project::BuildOptions;

use crate::maker::{Case, Wheel, member};

const PROJECT: &str = r#"
[project]
name = "app"
dependencies = ["A.A>=1", "b; sys_platform == 'win32'", "c[more]; sys_platform == 'wasi'"]
[project.optional-dependencies]
Full_Set = ["e", "app[tiny]"]
tiny = ["f"]
[dependency-groups]
dev = [{ include-group = "Lint" }, "h"]
lint = ["g; python_version >= '3.13'"]
round = [{ include-group = "about" }]
about = [{ include-group = "round" }]
"#;

/// Distributions `a-a`, `b` ... `h`, each with one module, and their digests.
fn wheels(case: &Case) -> impl Fn(&str) -> String {
    let mut digests = std::collections::BTreeMap::new();
    for name in ["a_a", "b", "c", "d", "e", "f", "g", "h"] {
        let wheel = Wheel::named(name, "1.0", vec![member(&format!("{name}.py"), "")]).bytes();
        let digest = case.keep(&format!("{name}-1.0-py3-none-any.whl"), &wheel);
        digests.insert(name.replace('_', "-"), digest);
    }
    move |name| digests[name].clone()
}

fn names(installed: &Installation) -> Vec<String> {
    let site = installed.roots.first().expect("a folder");
    let found = distributions(site).expect("reads");
    found.into_iter().map(|distribution| distribution.name).collect()
}

fn asks(extras: &[&str], groups: &[&str]) -> BuildOptions {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let mut overrides = BuildOptions::default();
    overrides.dependencies.extras = owned(extras);
    overrides.dependencies.groups = owned(groups);
    overrides
}

fn uv_lock(digest: &dyn Fn(&str) -> String) -> String {
    let entry = |name: &str, more: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"1.0\"\nsource = {{ registry = \"https://index/simple\" }}\n{more}\nwheels = [\n  {{ url = \"https://files/{0}-1.0-cp313-cp313-win_amd64.whl\", hash = \"sha256:00\" }},\n  {{ url = \"https://files/{0}-1.0-py3-none-any.whl\", hash = \"sha256:{1}\" }},\n]\n",
            name.replace('-', "_"),
            digest(name)
        )
    };
    let mut lock = String::from(
        "version = 1\nrevision = 3\nrequires-python = \">=3.11\"\n[[package]]\nname = \"app\"\nversion = \"0\"\nsource = { virtual = \".\" }\n\
         dependencies = [{ name = \"a-a\" }, { name = \"b\", marker = \"sys_platform == 'win32'\" }, { name = \"c\", extra = [\"more\"], marker = \"sys_platform == 'wasi'\" }]\n\
         [package.optional-dependencies]\nfull-set = [{ name = \"e\" }, { name = \"f\" }]\ntiny = [{ name = \"f\" }]\n\
         [package.dev-dependencies]\ndev = [{ name = \"g\" }, { name = \"h\" }]\n",
    );
    for name in ["a-a", "b", "d", "e", "f", "g", "h"] {
        lock += &entry(name, "");
    }
    // `c` brings `d` with its extra, and a circle.
    lock += &(entry("c", "dependencies = [{ name = \"a-a\" }]")
        + "[package.optional-dependencies]\nmore = [{ name = \"d\" }, { name = \"c\" }]\n");
    lock
}

#[test]
fn uv_lock_is_walked_for_the_target() {
    let case = Case::new();
    let digest = wheels(&case);
    case.write("pyproject.toml", PROJECT);
    case.write("uv.lock", &uv_lock(&digest));
    let names = |extras: &[&str], groups: &[&str]| names(&case.run(&asks(extras, groups)).expect("installs"));
    assert_eq!(names(&[], &[]), ["a-a", "c", "d"]);
    assert_eq!(names(&["full.set"], &[]), ["a-a", "c", "d", "e", "f"]);
    assert_eq!(names(&["tiny"], &["DEV"]), ["a-a", "c", "d", "f", "g", "h"]);
}

#[test]
fn pylock_goes_before_uv_lock_and_knows_extras_and_groups() {
    let case = Case::new();
    let digest = wheels(&case);
    let mut lock = "lock-version = \"1.0\"\ncreated-by = \"test\"\nextras = [\"tiny\"]\n".to_owned();
    for (name, marker) in [
        ("a-a", ""),
        ("b", "sys_platform == 'win32'"),
        (
            "c",
            "python_full_version >= '3.13.15' and platform_machine == 'wasm32'",
        ),
        ("f", "'tiny' in extras"),
        ("g", "'lint' in dependency_groups or 'dev' in dependency_groups"),
        ("h", "'dev' in dependency_groups"),
    ] {
        let marker = if marker.is_empty() {
            String::new()
        } else {
            format!("marker = \"{marker}\"\n")
        };
        let (file, digest) = (name.replace('-', "_"), digest(name));
        lock += &format!(
            "[[packages]]\nname = \"{name}\"\nversion = \"1.0\"\n{marker}[[packages.wheels]]\nname = \"{file}-1.0-py3-none-any.whl\"\nurl = \"https://files/x\"\nhashes = {{ sha256 = \"{digest}\" }}\n"
        );
    }
    case.write("pyproject.toml", PROJECT);
    case.write("pylock.toml", &lock);
    case.write("uv.lock", "not read");
    let names = |extras: &[&str], groups: &[&str]| names(&case.run(&asks(extras, groups)).expect("installs"));
    assert_eq!(names(&[], &[]), ["a-a", "c"]);
    assert_eq!(names(&["tiny"], &["lint"]), ["a-a", "c", "f", "g"]);
    assert_eq!(names(&[], &["dev"]), ["a-a", "c", "g", "h"]);
}

#[test]
fn hashed_requirements_are_a_lock_and_include_others() {
    let case = Case::new();
    let digest = wheels(&case);
    let line = |name: &str| {
        format!(
            "{name}==1.0 \\\n    --hash=sha256:{}  # of {name}\n",
            digest(name)
        )
    };
    case.write("base.txt", &line("a-a"));
    case.write(
        "all.txt",
        &(line("c") + "-r base.txt\n# nothing\n" + &line("b").replace(" \\", " ; os_name == 'nt' \\")),
    );
    let mut overrides = BuildOptions::default();
    overrides.dependencies.requirements = vec![case.path("project/all.txt")];
    assert_eq!(names(&case.run(&overrides).expect("installs")), ["a-a", "c"]);
    case.write("all.txt", "-r ../../outside.txt\n-e .\n--what\n");
    std::fs::write(case.path("../outside.txt"), "").expect("written");
    let error = case.run(&overrides).map(drop).expect_err("is wrong");
    for text in ["outside the project", "all.txt:2", "`--what`"] {
        assert!(error.contains(text), "{text}: {error}");
    }
}

#[test]
fn what_does_not_fit_together_is_told_with_its_cure() {
    let case = Case::new();
    let digest = wheels(&case);
    let lock = uv_lock(&digest);
    let told = |extras: &[&str], groups: &[&str], project: &str, lock: &str, wanted: &[&str]| {
        case.write("pyproject.toml", project);
        case.write("uv.lock", lock);
        let error = case.run(&asks(extras, groups)).map(drop).expect_err("is wrong");
        for text in wanted.iter().chain(&["hint: "]) {
            assert!(error.contains(text), "`{text}` is not in: {error}");
        }
    };
    told(
        &["ful-set"],
        &["deb"],
        PROJECT,
        &lock,
        &["no extra `ful-set`", "no dependency group `deb`", "did you mean"],
    );
    told(
        &[],
        &["round"],
        PROJECT,
        &lock,
        &["round -> about -> round", "pyproject.toml:12"],
    );
    told(
        &[],
        &[],
        &PROJECT.replace(">=1", ">=2"),
        &lock,
        &["out of date: it pins `a-a` 1.0", "uv lock"],
    );
    told(
        &[],
        &[],
        &PROJECT.replace("A.A>=1", "z"),
        &lock,
        &["out of date: it does not pin `z`", "pyproject.toml:4"],
    );
    told(
        &[],
        &[],
        &PROJECT.replace("A.A>=1", "A.A=>1"),
        &lock,
        &["not a version specifier", "pyproject.toml:4"],
    );
    told(&[], &[], PROJECT, "version = 7\n", &["the lock has version 7"]);
    told(&[], &[], PROJECT, "[", &["not a valid lock file"]);
    let source_only = lock.replace("a_a-1.0-py3-none-any.whl", "a_a-1.0-py2-none-any.whl");
    told(
        &[],
        &[],
        PROJECT,
        &source_only,
        &["no suitable wheel of `a-a` 1.0"],
    );
    let git = lock.replacen(
        "{ registry = \"https://index/simple\" }",
        "{ git = \"https://repo?rev=1\" }",
        1,
    );
    told(&[], &[], PROJECT, &git, &["from a repository"]);
    let other = lock.replacen(&digest("a-a"), &"0".repeat(64), 1);
    std::fs::remove_file(case.path("project/uv.lock")).expect("removed");
    let error = case
        .run(&BuildOptions::default())
        .map(drop)
        .expect_err("is not locked");
    assert!(error.contains("no lock file pins `a-a`, `c`"), "{error}");
    assert_ne!(other, lock);
}

#[test]
fn folders_that_hold_everything_are_enough() {
    let case = Case::new();
    case.write(
        "pyproject.toml",
        "[project]\nname = \"app\"\ndependencies = [\"x\"]\n[tool.pywasm]\npaths = [\"vendor\"]\n",
    );
    let info = case.path("project/vendor/X-1.dist-info");
    std::fs::create_dir_all(&info).expect("made");
    std::fs::write(info.join("METADATA"), "Name: X\nVersion: 1\n").expect("written");
    let installed = case.run(&BuildOptions::default()).expect("has it");
    assert!(installed.roots.is_empty());
    case.write(
        "pyproject.toml",
        "[project]\nname = \"app\"\ndependencies = [\"y\"]\n[tool.pywasm]\ninstall = false\n",
    );
    assert!(
        case.run(&BuildOptions::default())
            .expect("installs nothing")
            .roots
            .is_empty()
    );
}

#[test]
fn a_virtual_environment_is_taken_as_it_is() {
    let case = Case::new();
    case.write(
        "pyproject.toml",
        "[project]\nname = \"app\"\n[tool.pywasm]\nvenv = \"env\"\n",
    );
    let site = case.path("project/env/lib/python3.12/site-packages");
    std::fs::create_dir_all(&site).expect("made");
    std::fs::write(
        case.path("project/env/pyvenv.cfg"),
        "home = /usr/bin\nversion = 3.12.1\n",
    )
    .expect("written");
    let installed = case.run(&BuildOptions::default()).expect("has it");
    assert_eq!(installed.roots, [std::fs::canonicalize(&site).expect("is there")]);
    assert!(installed.warnings[0].to_string().contains("Python 3.12.1"));
}

#[test]
fn a_project_cannot_depend_on_its_own_name() {
    let case = Case::new();
    case.write(
        "pyproject.toml",
        "[project]\nname = \"Flask\"\ndependencies = [\"flask>=3\"]\n",
    );
    let error = case
        .run(&BuildOptions::default())
        .expect_err("is refused")
        .to_string();
    assert!(
        error.contains("pyproject.toml:3") && error.contains("the project `flask` depends on `flask`"),
        "{error}"
    );
    assert!(error.contains("hint: ") && error.contains("[project]"), "{error}");
}
