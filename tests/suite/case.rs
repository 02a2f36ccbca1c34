//! A case of an app: one TOML file in, one run under each engine, and what was seen out. What is
//! right is what a native CPython of the same version prints for the same input.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use serde::Deserialize;

use crate::{app::App, engine::Engine, setup};

/// One start of an app.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// The file's name without its suffix.
    #[serde(skip)]
    pub(crate) name: String,
    /// The folder that `dir.host` is relative to.
    #[serde(skip)]
    folder: PathBuf,
    /// `sys.argv[1:]`
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// Standard input.
    #[serde(default)]
    stdin: String,
    /// All environment variables.
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// Mounted folders; a native run finds them in its working directory.
    #[serde(default)]
    dir: Vec<Dir>,
    /// The expected exit code.
    #[serde(default)]
    exit: i32,
    /// Whether stderr is the same everywhere; it is not where it holds paths.
    #[serde(default = "yes")]
    stderr: bool,
    /// The expected output, where a native Python must behave differently.
    stdout: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dir {
    /// A folder beside the case file.
    host: String,
    /// Where the guest sees it: `/` and one name.
    guest: String,
}

fn yes() -> bool {
    true
}

/// A mounted folder of one run.
pub(crate) struct Mount {
    /// The name in the working directory; the guest's path is `/` and this name.
    pub(crate) name: String,
    /// The folder.
    pub(crate) host: PathBuf,
}

/// What was seen of a run.
#[derive(PartialEq, Eq)]
pub(crate) struct Seen {
    exit: Option<i32>,
    stdout: String,
    stderr: String,
    /// What the mounted folders hold afterwards.
    files: Vec<PathBuf>,
}

/// All cases of an app.
pub(crate) fn of(app: &App) -> Vec<Case> {
    let folder = app.dir.join("cases");
    let files = setup::list(&folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let cases: Vec<Case> = files.map(|path| Case::read(&path)).collect();
    assert!(!cases.is_empty(), "{} has no cases", app.folder);
    cases
}

impl Case {
    fn read(path: &Path) -> Self {
        let case: Self =
            toml::from_str(&setup::text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path
            .file_stem()
            .expect("a case has a name")
            .to_string_lossy()
            .into_owned();
        let folder = path.parent().expect("a case is in a folder").to_owned();
        Self { name, folder, ..case }
    }

    /// Runs the app under one engine and compares; a difference is told as text.
    pub(crate) fn check(&self, app: &App, engine: Engine) -> Result<(), String> {
        let mut expected = match &self.stdout {
            Some(stdout) => Seen {
                exit: Some(self.exit),
                stdout: stdout.clone(),
                stderr: String::new(),
                files: Vec::new(),
            },
            None => self.run(|dir, _| {
                let mut command = app.native(dir);
                command.envs(&self.env).args(&self.args);
                command
            }),
        };
        if expected.exit != Some(self.exit) {
            return Err(expected.told("the native Python", &format!("not with {}", self.exit)));
        }
        let mut actual = self.run(|dir, mounts| engine.command(app, self, dir, mounts));
        if !self.stderr {
            expected.stderr.clear();
            actual.stderr.clear();
        }
        if actual == expected {
            return Ok(());
        }
        Err(expected.told("expected", "") + &actual.told(engine.name(), ""))
    }

    /// Runs a command in a fresh folder with copies of the mounted folders.
    fn run(&self, command: impl FnOnce(&Path, &[Mount]) -> Command) -> Seen {
        let temporary = setup::temporary();
        let mounts: Vec<_> = self
            .dir
            .iter()
            .map(|dir| self.mount(dir, temporary.path()))
            .collect();
        let mut child = command(temporary.path(), &mounts)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: cannot start: {error}", self.name));
        let mut stdin = child.stdin.take().expect("stdin is piped");
        let output = thread::scope(|scope| {
            // A program need not read its input: a broken pipe is fine.
            scope.spawn(move || stdin.write_all(self.stdin.as_bytes()).ok());
            child
                .wait_with_output()
                .unwrap_or_else(|error| panic!("{}: {error}", self.name))
        });
        Seen {
            exit: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            files: setup::tree(temporary.path()),
        }
    }

    fn mount(&self, dir: &Dir, work: &Path) -> Mount {
        let name = dir.guest.strip_prefix('/').filter(|name| !name.contains('/'));
        let name = name.unwrap_or_else(|| panic!("{}: guest must be `/` and one name", self.name));
        let host = work.join(name);
        setup::copy(&self.folder.join(&dir.host), &host);
        Mount {
            name: name.to_owned(),
            host,
        }
    }
}

impl Seen {
    fn told(&self, who: &str, remark: &str) -> String {
        let mut told = String::new();
        let exit = self
            .exit
            .map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        writeln!(told, "--- {who}: exit {exit} {remark}").expect("writing to a string");
        for (stream, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(told, "{stream}: {}", text.replace('\n', "\n        "))
                    .expect("writing to a string");
            }
        }
        if !self.files.is_empty() {
            writeln!(told, "files: {:?}", self.files).expect("writing to a string");
        }
        told
    }
}

/// Checks all cases of an app under one engine, and tells all differences at once.
pub(crate) fn check_all(folder: &str, engine: Engine) {
    check_app(&App::named(folder), engine);
}

/// The same for an app whose artifact is given.
pub(crate) fn check_app(app: &App, engine: Engine) {
    let folder = &app.folder;
    app.dist();
    let cases = of(app);
    let told: Vec<_> = cases
        .iter()
        .filter_map(|case| {
            case.check(app, engine)
                .err()
                .map(|told| format!("case {}\n{told}", case.name))
        })
        .collect();
    assert!(
        told.is_empty(),
        "{folder} under {}: {} of {} cases differ\n{}",
        engine.name(),
        told.len(),
        cases.len(),
        told.join("\n")
    );
}

/// Every case names folders that are there; said here once rather than by each engine.
#[test]
fn cases_are_well_formed() {
    for name in crate::app::names() {
        let app = App::named(&name);
        for case in of(&app) {
            for dir in &case.dir {
                let host = case.folder.join(&dir.host);
                assert!(
                    fs::metadata(&host).is_ok_and(|meta| meta.is_dir()),
                    "{}: no folder {}",
                    case.name,
                    host.display()
                );
            }
        }
    }
}
