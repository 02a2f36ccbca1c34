//! A project with dependencies, from an empty folder to what its artifact prints: with `pip` and
//! with `uv`, from wheels in a folder, without a network.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::setup;

const PROGRAM: &str = r##"
import sys
import markdown_it, yaml
from importlib.metadata import version

html = markdown_it.MarkdownIt().render("# Hello *you*")
print(html, yaml.safe_load("{a: [1, 2]}"), yaml.__with_libyaml__, version("PyYAML"))
try:
    print(version("six"))
except Exception as error:
    print(type(error).__name__)
"##;

const PRINTED: &str = "<h1>Hello <em>you</em></h1>\n {'a': [1, 2]} False 6.0.3\n1.17.0\n";

const PROJECT: &str = r#"
[project]
name = "notes"
version = "1"
requires-python = ">=3.11"
dependencies = ["markdown-it-py", "PyYAML>=6", "absent; sys_platform != 'wasi'"]
[project.optional-dependencies]
six = ["six"]
[tool.pywasm]
extras = ["six"]
entry = "main.py"
preinit = "none"
"#;

/// A project, and a home of its own that shares the base and what was made of it.
pub(crate) struct Notes {
    folder: TempDir,
}

impl Notes {
    pub(crate) fn new(project: &str) -> Self {
        let folder = setup::temporary();
        let at = |name: &str| folder.path().join(name);
        for name in ["notes", "home/cache"] {
            fs::create_dir_all(at(name)).expect("a folder");
        }
        for shared in ["bases", "cache/stages", "cache/machine-code"] {
            let shared_folder = setup::home().join(shared);
            fs::create_dir_all(&shared_folder).expect("a folder");
            std::os::unix::fs::symlink(shared_folder, at("home").join(shared)).expect("a link");
        }
        let wheels = setup::wheels();
        let config = format!(
            "no-index = true\nfind-links = [{:?}]\n",
            wheels.display().to_string()
        );
        fs::write(at("uv.toml"), config).expect("a file");
        let notes = Self { folder };
        notes.write("main.py", PROGRAM);
        notes.write("pyproject.toml", project);
        notes
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("notes")
    }

    /// The folder that its dependencies were installed into.
    pub(crate) fn site_packages(&self) -> PathBuf {
        let mut found = setup::list(&self.folder.path().join("home/cache/site-packages"));
        found
            .pop()
            .expect("something was installed")
            .join("site-packages")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.dir().join(name), text).expect("a file");
    }

    /// A command that finds wheels in the folder and nowhere else.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = setup::bare(program, &self.dir());
        let venv = setup::wasmtime_python();
        let tools = venv.parent().expect("a folder").to_owned();
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([tools].into_iter().chain(env::split_paths(&path))).expect("a PATH");
        command
            .env("PATH", path)
            .env("HOME", self.folder.path())
            .env("PYWASM_HOME", self.folder.path().join("home"))
            .env("PIP_NO_INDEX", "1")
            .env("PIP_FIND_LINKS", setup::wheels())
            .env("UV_CONFIG_FILE", self.folder.path().join("uv.toml"))
            .env("UV_PYTHON_DOWNLOADS", "never")
            .env("UV_CACHE_DIR", self.folder.path().join("uv"));
        command
    }

    fn pywasm(&self, args: &[&str]) -> Command {
        let mut command = self.command(setup::PYWASM);
        command.args(args);
        command
    }

    /// Builds, and gives what was said.
    pub(crate) fn build(&self, args: &[&str]) -> String {
        let output = setup::succeed(self.pywasm(&["build", "--profile", "dev"]).args(args));
        String::from_utf8(output.stderr).expect("UTF-8")
    }

    /// What fails, and how it is said.
    fn fails(&self, code: i32, args: &[&str]) -> String {
        let output = self
            .pywasm(&["build", "--profile", "dev"])
            .args(args)
            .output()
            .expect("starts");
        let told = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(code), "{told}");
        told
    }

    fn prints(&self) -> String {
        let output = setup::succeed(&mut self.pywasm(&["run", "dist/notes.wasm"]));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn wasm(&self) -> Vec<u8> {
        setup::bytes(&self.dir().join("dist/notes.wasm"))
    }
}

#[test]
fn pip_and_uv_give_the_same_artifact() {
    let with_pip = Notes::new(PROJECT);
    let told = with_pip.build(&["--installer", "pip"]);
    assert!(told.contains("installed 4 distributions"), "{told}");
    assert_eq!(with_pip.prints(), PRINTED);
    assert!(!with_pip.build(&["--offline"]).contains("installed"));
    for installer in ["pip", "uv"] {
        with_pip.build(&["--offline", "--upgrade", "--installer", installer]);
        assert_eq!(with_pip.prints(), PRINTED, "{installer}");
    }

    let with_uv = Notes::new(PROJECT);
    let told = with_uv.build(&["--installer", "uv"]);
    assert!(told.contains("installed 4 distributions"), "{told}");
    assert_eq!(with_uv.prints(), PRINTED);
    assert!(with_pip.wasm() == with_uv.wasm(), "the two artifacts differ");

    // What was fetched once is enough without a network.
    let installed = with_pip.folder.path().join("home/cache/site-packages");
    fs::remove_dir_all(installed).expect("is there");
    let mut command = with_pip.pywasm(&["build", "--profile", "dev", "--offline", "--installer", "pip"]);
    setup::succeed(command.env_remove("PIP_FIND_LINKS"));
    assert!(with_pip.wasm() == with_uv.wasm(), "the two artifacts differ");
}

#[test]
fn the_other_commands_see_the_dependencies() {
    let notes = Notes::new(PROJECT);
    let output = setup::succeed(&mut notes.pywasm(&["why", "mdurl", "--installer", "pip"]));
    let chain = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(chain.contains("site-packages/markdown_it/"), "{chain}");
    let host = notes.folder.path().to_string_lossy().into_owned();
    assert!(!chain.contains(&host), "{chain}");
    setup::succeed(&mut notes.pywasm(&["graph"]));
}

/// As poetry 1 has it: what is not in its own table stands nowhere but in its head.
const FOREIGN: &str = r#"
[build-system]
requires = []
build-backend = "told"
backend-path = ["tools"]
[tool.poetry]
name = "notes"
[tool.pywasm]
extras = ["six"]
entry = "main.py"
preinit = "none"
"#;

const BACKEND: &str = r#"
import os

METADATA = """Metadata-Version: 2.1
Name: notes
Version: 1
Requires-Dist: markdown-it-py
Requires-Dist: PyYAML (>=6)
Requires-Dist: absent; sys_platform != "wasi"
Requires-Dist: six (>=1) ; (python_version > "3") and extra == "six"
Provides-Extra: six
"""


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    os.mkdir(os.path.join(folder, "notes-1.dist-info"))
    with open(os.path.join(folder, "notes-1.dist-info", "METADATA"), "w", encoding="utf-8") as file:
        file.write(METADATA)
    return "notes-1.dist-info"
"#;

/// What saves a file of the project itself, and not of the backend's copy.
const SAVING: &str = r#"
import json, sys

with open(sys.argv[1], encoding="utf-8") as order:
    root = json.load(order)["root"]
with open(os.path.join(root, "README.md"), "a", encoding="utf-8") as file:
    file.write("saved")
"#;

#[test]
fn a_build_backend_tells_what_to_install() {
    let notes = Notes::new(FOREIGN);
    fs::create_dir(notes.dir().join("tools")).expect("a folder");
    notes.write("tools/told.py", BACKEND);
    let told = notes.build(&["--installer", "pip"]);
    assert!(told.contains("installed 4 distributions"), "{told}");
    assert_eq!(notes.prints(), PRINTED);
    assert!(!notes.build(&["--offline"]).contains("warning"));

    // Where it does not tell, that is said.
    notes.write("tools/told.py", "raise SystemExit('it is broken')\n");
    notes.write("pyproject.toml", &FOREIGN.replace("extras = [\"six\"]", ""));
    notes.write("main.py", "print('alone')\n");
    let told = notes.build(&["--installer", "pip"]);
    assert!(
        told.contains("pywasm does not know them") && told.contains("it is broken"),
        "{told}"
    );

    // Where somebody saves a file while the backend runs, nobody knows what it has read.
    notes.write("tools/told.py", &(BACKEND.to_owned() + SAVING));
    let told = notes.build(&["--installer", "pip"]);
    assert!(told.contains("changed while the build backend ran"), "{told}");
}

#[test]
fn metadata_comes_only_where_it_is_read() {
    let notes = Notes::new(&PROJECT.replace("extras = [\"six\"]", ""));
    notes.write("main.py", "import yaml\nprint(yaml.__version__)\n");
    notes.build(&["--installer", "pip"]);
    let report: Value =
        serde_json::from_slice(&setup::bytes(&notes.dir().join("dist/notes.report.json"))).expect("JSON");
    assert!(!report.to_string().contains("dist-info"), "metadata came along");
    assert_eq!(notes.prints(), "6.0.3\n");
}

#[test]
fn locks_that_uv_writes_are_followed() {
    let notes = Notes::new(&PROJECT.replace("\"absent; sys_platform != 'wasi'\"", ""));
    let told = notes.fails(2, &["--locked"]);
    assert!(
        told.contains("no lock file pins `markdown-it-py`") && told.contains("hint: "),
        "{told}"
    );
    setup::succeed(notes.command("uv").args(["lock", "--quiet"]));
    for installer in ["uv", "pip"] {
        notes.build(&["--installer", installer, "--upgrade"]);
        assert_eq!(notes.prints(), PRINTED, "{installer}");
    }
    let lines = "markdown-it-py\npyyaml\nsix\n";
    notes.write("requirements.in", lines);
    let mut compile = notes.command("uv");
    compile.args([
        "pip",
        "compile",
        "--quiet",
        "--generate-hashes",
        "--python-version",
        "3.13",
        "-o",
        "requirements.txt",
        "requirements.in",
    ]);
    setup::succeed(&mut compile);
    let pyproject = notes.dir().join("pyproject.toml");
    let project = setup::text(&pyproject);
    notes.write(
        "pyproject.toml",
        &project.replace("extras = [\"six\"]", "requirements = [\"requirements.txt\"]"),
    );
    for installer in ["uv", "pip"] {
        notes.build(&["--locked", "--installer", installer, "--upgrade"]);
        assert_eq!(notes.prints(), PRINTED, "{installer}");
        // Another file than the one that is pinned.
        let text = setup::text(&notes.dir().join("requirements.txt"));
        let at = text.find("sha256:").expect("a digest") + "sha256:".len();
        let changed = format!("{}{}{}", &text[..at], "0".repeat(64), &text[at + 64..]);
        notes.write("wrong.txt", &changed);
        notes.write(
            "pyproject.toml",
            &project.replace("extras = [\"six\"]", "requirements = [\"wrong.txt\"]"),
        );
        let told = notes.fails(1, &["--installer", installer]);
        assert!(
            told.to_lowercase().contains("hash") && told.contains("hint: "),
            "{told}"
        );
        notes.write(
            "pyproject.toml",
            &project.replace("extras = [\"six\"]", "requirements = [\"requirements.txt\"]"),
        );
    }
}

#[test]
fn a_pure_source_is_built_where_it_is_allowed() {
    let project = "[project]\nname = \"notes\"\nversion = \"1\"\ndependencies = [\"docopt\"]\n[tool.pywasm]\nentry = \"main.py\"\n";
    let notes = Notes::new(project);
    notes.write("main.py", "import docopt\nprint(docopt.__version__)\n");
    let told = notes.fails(1, &["--installer", "pip"]);
    assert!(told.contains("sdists = "), "{told}");
    notes.build(&["--installer", "pip", "--sdist", "docopt"]);
    assert_eq!(notes.prints(), "0.6.2\n");
}

#[test]
fn without_an_installer_the_cure_is_told() {
    let notes = Notes::new(PROJECT);
    let output = notes
        .pywasm(&["build"])
        .env("PATH", Path::new("/nowhere"))
        .output()
        .expect("starts");
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("neither `uv` nor a Python with `pip`") && told.contains("hint: "),
        "{told}"
    );
    assert!(!notes.dir().join("dist").exists());
    // Nobody needs one who installs nothing.
    notes.write("main.py", "print(1)\n");
    setup::succeed(
        notes
            .pywasm(&["build", "--no-install", "--profile", "dev"])
            .env("PATH", Path::new("/nowhere")),
    );
    assert_eq!(notes.prints(), "1\n");
}
