//! pywasm in CI: annotations and the step's summary, builds that write nothing outside of their
//! project, and the files of `docs/guides/ci.md`, which are parsed and whose commands are run.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    os::unix::fs::{MetadataExt as _, symlink},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{app::App, setup};

/// A repository with a project, a home with the base and its machine code, and a user's home.
struct Runner {
    folder: TempDir,
}

impl Runner {
    fn new() -> Self {
        let folder = setup::temporary();
        let at = |name: &str| folder.path().join(name);
        for name in ["repository", "home/cache/machine-code", "user"] {
            fs::create_dir_all(at(name)).expect("a folder");
        }
        symlink(setup::home().join("bases"), at("home/bases")).expect("a link");
        let code = setup::home().join("cache/machine-code");
        fs::create_dir_all(&code).expect("a folder");
        for file in setup::list(&code) {
            let copy = at("home/cache/machine-code").join(file.file_name().expect("a name"));
            // Not linked: another test's use of a link would change its time. Without a file the base
            // is compiled again, which only takes its time.
            fs::copy(&file, copy).ok();
        }
        Self { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.at("repository").join(name);
        fs::create_dir_all(path.parent().expect("below the repository")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// A program with what a runner gives it; `pywasm` is on its PATH, and the tests' installers.
    fn command(&self, program: &str, dir: &str) -> Command {
        let mut command = setup::bare(program, &self.at("repository").join(dir));
        let (pywasm, python) = (PathBuf::from(setup::PYWASM), setup::wasmtime_python());
        let tools = [&pywasm, &python].map(|program| program.parent().expect("a folder").to_owned());
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(tools.into_iter().chain(env::split_paths(&path))).expect("a PATH");
        command
            .env("PATH", path)
            .env("HOME", self.at("user"))
            .env("PYWASM_HOME", self.at("home"))
            // pip asks `rustc` for its version, and rustup writes its settings then.
            .env("RUSTUP_HOME", self.at("rustup"))
            .env("GITHUB_WORKSPACE", self.at("repository"))
            .env("GITHUB_STEP_SUMMARY", self.at("summary.md"))
            .env("PIP_NO_INDEX", "1")
            .env("PIP_FIND_LINKS", setup::wheels());
        command
    }

    fn pywasm(&self, dir: &str, args: &[&str]) -> Output {
        let mut command = self.command("pywasm", dir);
        command.args(args).output().expect("pywasm starts")
    }

    /// What stands outside of the project: paths, sizes and times of change.
    fn outside(&self) -> BTreeSet<(PathBuf, u64, i64)> {
        let below = ["home", "user"].map(|name| self.at(name));
        let files = below.iter().flat_map(|folder| {
            let paths = setup::tree(folder).into_iter().map(|path| folder.join(path));
            paths.chain([folder.clone()]).collect::<Vec<_>>()
        });
        files
            .map(|path| {
                let about = fs::symlink_metadata(&path).expect("is there");
                (path, about.size(), about.mtime_nsec() ^ (about.mtime() << 30))
            })
            .collect()
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn warnings_and_errors_become_annotations() {
    let runner = Runner::new();
    runner.write(
        "apps, all/app.py",
        "import importlib, sys\n\nimportlib.import_module(sys.argv[1])\n",
    );
    let args = [
        "build",
        "--profile",
        "dev",
        "--format",
        "github",
        "apps, all/app.py",
    ];
    let output = runner.pywasm(".", &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = stdout(&output);
    let line = "::warning file=apps%2C all/app.py,line=3::this import computes the module's name at run time";
    assert!(told.lines().any(|told| told.starts_with(line)), "{told}");
    assert!(!stderr(&output).contains("warning"), "it is told twice");
    let summary = setup::text(&runner.at("summary.md"));
    assert!(summary.starts_with("### app\n"), "{summary}");
    assert!(
        summary.contains("| app.wasm | ") && summary.contains("**Warnings**"),
        "{summary}"
    );

    runner.write("broken/app.py", "import os\nimport no_such_module\n");
    let line = "::error file=broken/app.py,line=2::";
    for command in ["build", "check"] {
        let output = runner.pywasm("broken", &[command, "--format", "github", "app.py"]);
        let code = if command == "build" { 1 } else { 4 };
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        let told = stdout(&output);
        let found = told.lines().find(|told| told.starts_with(line));
        assert!(
            found.is_some_and(|line| line.contains("no_such_module")),
            "{told}"
        );
    }
    // The summary of the step before stays.
    let more = setup::text(&runner.at("summary.md"));
    assert!(
        more.starts_with(&summary) && more.contains("audit for WASI"),
        "{more}"
    );

    let output = runner.pywasm("broken", &["check", "--format", "gitlab", "app.py"]);
    assert_eq!(output.status.code(), Some(4));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report[0]["location"]["lines"]["begin"], 2, "{report}");
    assert_eq!(report[0]["severity"], "critical", "{report}");
    assert!(
        report[0]["fingerprint"]
            .as_str()
            .is_some_and(|text| text.len() == 64)
    );
}

#[test]
fn a_budget_that_is_exceeded_is_annotated_on_its_line() {
    let runner = Runner::new();
    runner.write("shop/main.py", "");
    let config = "[tool.pywasm]\nname = \"hello\"\nentry = \"main.py\"\nbudget.wasm = 1000\nbudget.brotli = \"2 MB\"\n";
    runner.write("shop/pyproject.toml", config);
    let report = App::named("hello").dist().file("report.json");
    let report = report.to_str().expect("UTF-8");
    let output = runner.pywasm("shop", &["budget", report, "--format", "github"]);
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(3), "{told}{}", stderr(&output));
    let line = "::error file=shop/pyproject.toml,line=4::the budget `wasm` (hello.wasm) is exceeded by ";
    assert!(told.lines().any(|told| told.starts_with(line)), "{told}");
    let summary = setup::text(&runner.at("summary.md"));
    assert!(
        summary.contains("**exceeded**") && summary.contains("| within |"),
        "{summary}"
    );

    // Beside a diff, what is exceeded is a row of its own.
    let output = runner.pywasm("shop", &["diff", "no/baseline", report, "--format", "github"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let more = setup::text(&runner.at("summary.md"));
    assert!(
        more.starts_with(&summary) && more.contains("there is no baseline"),
        "{more}"
    );
}

#[test]
fn a_frozen_build_writes_nothing_outside_of_its_project() {
    let runner = Runner::new();
    runner.write("main.py", "import json, six\nprint(json.dumps(six.PY3))\n");
    let project = "[project]\nname = \"cold\"\n[tool.pywasm]\nentry = \"main.py\"\nrequirements = [\"requirements.txt\"]\n";
    runner.write("pyproject.toml", project);
    runner.write("requirements.txt", "six==1.17.0\n");
    let before = runner.outside();
    let build = ["build", "--profile", "dev", "--frozen", "--color", "always"];
    for installer in ["pip", "uv"] {
        let output = runner.pywasm(".", &[&build[..], &["--installer", installer]].concat());
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(
            stderr(&output).contains("hint: write a lock"),
            "{}",
            stderr(&output)
        );
    }
    let digest = "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274";
    runner.write(
        "requirements.txt",
        &format!("six==1.17.0 --hash=sha256:{digest}\n"),
    );
    let output = runner.pywasm(".", &[&build[..], &["--installer", "pip"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        !(stdout(&output) + &stderr(&output)).contains('\u{1b}'),
        "there is colour"
    );
    let after = runner.outside();
    let changed: Vec<_> = after.symmetric_difference(&before).collect();
    assert!(changed.is_empty(), "written outside: {changed:?}");
    let own = runner.at("repository/.pywasm");
    assert_eq!(setup::text(&own.join(".gitignore")), "*\n");
    for kept in ["cache/stages", "cache/site-packages"] {
        assert!(own.join(kept).is_dir(), "{kept} is not kept");
    }
    let run = runner.pywasm(".", &["run", "dist/cold.wasm"]);
    assert_eq!(stdout(&run), "true\n", "{}", stderr(&run));

    let first = setup::bytes(&runner.at("repository/dist/cold.wasm"));
    let output = runner.pywasm(".", &build);
    assert!(!stderr(&output).contains("installed"), "{}", stderr(&output));
    assert!(first == setup::bytes(&runner.at("repository/dist/cold.wasm")));
    setup::succeed(runner.command("pywasm", ".").arg("clean"));
    assert!(!own.exists(), "clean leaves .pywasm");

    // Without a base: a cure, and no build of one.
    let empty = runner.at("empty");
    let mut command = runner.command("pywasm", ".");
    let output = command
        .args(build)
        .env("PYWASM_HOME", &empty)
        .output()
        .expect("starts");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("pywasm base add"), "{}", stderr(&output));
    assert!(!empty.exists(), "the home was made");
}

/// The fenced blocks of YAML of a page, parsed by PyYAML.
fn documents(page: &str) -> Vec<Value> {
    let wheel = setup::list(&setup::wheels())
        .into_iter()
        .find(|path| path.to_string_lossy().contains("pyyaml"))
        .expect("the wheel of PyYAML");
    let blocks = page.split("```yaml\n").skip(1);
    blocks
        .map(|block| {
            let text = block.split("```").next().expect("a block ends");
            let file = setup::temporary();
            let path = file.path().join("block.yaml");
            fs::write(&path, text).expect("a file");
            let program = "import sys, json\nsys.path.insert(0, sys.argv[1])\nimport yaml\nprint(json.dumps(yaml.safe_load(open(sys.argv[2]))))";
            let mut python = setup::bare(setup::wasmtime_python(), file.path());
            let output = setup::succeed(python.args(["-c", program]).args([&wheel, &path]));
            serde_json::from_slice(&output.stdout).expect("JSON")
        })
        .collect()
}

/// A step's variables, with the inputs in their places.
fn variables(step: &Value, inputs: &BTreeMap<&str, &str>) -> Vec<(String, String)> {
    let none = serde_json::Map::new();
    let variables = step["env"].as_object().unwrap_or(&none).iter();
    variables
        .map(|(name, value)| {
            let mut value = value.as_str().expect("a text").to_owned();
            for (input, given) in inputs {
                value = value.replace(&format!("${{{{ inputs.{input} }}}}"), given);
            }
            assert!(!value.contains("${{"), "{name}: {value}");
            (name.clone(), value)
        })
        .collect()
}

fn lines(value: &Value) -> Vec<&str> {
    let lines = value.as_array().expect("a list of commands").iter();
    lines.map(|line| line.as_str().expect("a command")).collect()
}

#[test]
fn what_the_page_shows_is_yaml_and_its_commands_run() {
    let page = setup::text(&setup::root().join("docs/guides/ci.md"));
    let [action, workflow, gitlab] = <[Value; 3]>::try_from(documents(&page)).expect("three files");
    let runner = Runner::new();
    setup::copy(&App::named("hello").dir, &runner.at("repository"));
    // What other tests build is used here, too.
    let stages = setup::home().join("cache/stages");
    fs::create_dir_all(&stages).expect("a folder");
    let share = |project: &str| {
        fs::create_dir_all(runner.at(project).join(".pywasm/cache")).expect("a folder");
        symlink(&stages, runner.at(project).join(".pywasm/cache/stages")).expect("a link");
    };
    share("repository");

    let steps = |steps: &Value| -> Vec<Value> {
        let steps = steps.as_array().expect("steps").iter();
        // The wheel comes from an index.
        let runs = steps.filter(|step| step["run"].is_string() && step["name"] != "Install pywasm");
        runs.cloned().collect()
    };
    let inputs = BTreeMap::from([("project", "."), ("base", "unused.tar.br"), ("base-sha256", "")]);
    let (action, job) = (
        steps(&action["runs"]["steps"]),
        steps(&workflow["jobs"]["build"]["steps"]),
    );
    assert_eq!((action.len(), job.len()), (4, 1));
    // A first build without a baseline, which becomes one; then a second with it.
    for step in action.iter().chain(&job).chain(&action) {
        let script = step["run"].as_str().expect("a script");
        let mut bash = runner.command("bash", ".");
        bash.args(["-eo", "pipefail", "-c", script])
            .envs(variables(step, &inputs));
        setup::succeed(&mut bash);
    }
    let summary = setup::text(&runner.at("summary.md"));
    assert!(summary.contains("there is no baseline"), "{summary}");
    assert!(summary.contains("unchanged"), "{summary}");

    let mut names = vec!["check.json".to_owned()];
    let job = &gitlab["wasm"];
    assert_eq!(job["artifacts"]["reports"]["codequality"], names[0]);
    names.extend(
        lines(&job["artifacts"]["paths"])
            .iter()
            .map(|path| (*path).to_owned()),
    );
    let repository = runner.at("gitlab");
    setup::copy(&App::named("hello").dir, &repository);
    share("gitlab");
    let home = repository.join(".pywasm/home");
    fs::create_dir_all(home.join("cache")).expect("a folder");
    for shared in ["bases", "cache/machine-code"] {
        symlink(setup::home().join(shared), home.join(shared)).expect("a link");
    }
    for script in [
        "before_script",
        "script",
        "after_script",
        "script",
        "after_script",
    ] {
        for line in lines(&job[script]) {
            if line.contains("pip install") {
                continue;
            }
            let mut bash = runner.command("bash", "../gitlab");
            bash.args(["-eo", "pipefail", "-c", line])
                .env("PYWASM_HOME", &home)
                .env("CI_PROJECT_DIR", &repository)
                .env("CI_COMMIT_BRANCH", "main")
                .env("CI_DEFAULT_BRANCH", "main");
            setup::succeed(&mut bash);
        }
    }
    for name in names {
        assert!(repository.join(&name).exists(), "{name} is not there");
    }
    assert!(setup::text(&repository.join("diff.md")).contains("unchanged"));
    assert!(
        Path::new(&repository)
            .join(".pywasm/baseline/hello.report.json")
            .is_file()
    );
}
