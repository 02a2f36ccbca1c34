//! Compares what commands print with case folders: a project and the commands to run on it in, a
//! transcript out, which has to be the one in the folder's `expected.txt`. With `BLESS=1` in the
//! environment, `expected.txt` is written instead.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;

use crate::folder::{copy, list};

/// What the commands of the cases run with.
pub struct Transcripts<'a> {
    /// The program `pywasm`.
    pub program: &'a Path,
    /// The home folder that holds a base.
    pub home: &'a Path,
    /// The base's id.
    pub base: &'a str,
    /// Whether only the cases with `fast = true` count.
    pub only_fast: bool,
}

/// `cmd.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    /// Arguments of `pywasm`, one list for each command.
    steps: Vec<Vec<String>>,
    /// Environment variables, beside PATH and PYWASM_HOME.
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Whether the commands get an empty home folder instead of the one with the base.
    #[serde(default)]
    empty_home: bool,
    /// Symbolic links to make, with what they point to.
    #[serde(default)]
    links: BTreeMap<String, String>,
    /// Folders to make, which git would not keep.
    #[serde(default)]
    folders: Vec<String>,
    /// Whether the commands print the same on the base that [`write_base`](crate::write_base) makes.
    #[serde(default)]
    fast: bool,
}

impl Transcripts<'_> {
    /// Runs all case folders in `folder`, and reports all differences at once.
    ///
    /// # Panics
    /// When a case differs.
    pub fn check_all(&self, folder: &Path) {
        let cases: Vec<(PathBuf, Script)> = list(folder)
            .into_iter()
            .filter(|path| path.is_dir())
            .map(|dir| {
                let script = script(&dir);
                (dir, script)
            })
            .filter(|(_, script)| script.fast || !self.only_fast)
            .collect();
        assert!(!cases.is_empty(), "{} holds no case", folder.display());
        let differences: Vec<_> = cases
            .iter()
            .filter_map(|(dir, script)| self.check(dir, script).err())
            .collect();
        assert!(
            differences.is_empty(),
            "{} of {} cases differ; BLESS=1 writes the transcripts again\n{}",
            differences.len(),
            cases.len(),
            differences.join("\n")
        );
    }

    fn check(&self, dir: &Path, script: &Script) -> Result<(), String> {
        let actual = self.run(dir, script);
        let file = dir.join("expected.txt");
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if actual == expected {
            return Ok(());
        }
        if env::var_os("BLESS").is_some_and(|value| value == "1") {
            fs::write(&file, &actual)
                .unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
            return Ok(());
        }
        let name = dir.file_name().expect("a case has a name").to_string_lossy();
        Err(format!(
            "=== {name}: expected\n{expected}=== {name}: actual\n{actual}"
        ))
    }

    /// Runs a case's commands in a copy of its project.
    fn run(&self, dir: &Path, script: &Script) -> String {
        let temporary = tempfile::Builder::new()
            .prefix("pywasm-test-")
            .tempdir()
            .expect("a temporary folder");
        let root = temporary
            .path()
            .canonicalize()
            .expect("a temporary folder has a path");
        let (project, empty_home) = (root.join("project"), root.join("home"));
        copy(dir, &project);
        for file in ["cmd.toml", "expected.txt"] {
            fs::remove_file(project.join(file)).ok();
        }
        for path in &script.folders {
            fs::create_dir_all(project.join(path)).expect("a folder");
        }
        for (link, target) in &script.links {
            symlink(target, project.join(link)).expect("a symbolic link");
        }

        let hidden = self.hidden(&project, &empty_home);
        let home = if script.empty_home { &empty_home } else { self.home };
        let mut transcript = String::new();
        for step in &script.steps {
            let output = self
                .command(&project, home)
                .envs(&script.env)
                .args(step)
                .output()
                .expect("pywasm starts");
            writeln!(transcript, "$ pywasm {}", step.join(" ")).expect("writing to a string");
            for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
                let text = normalized(&String::from_utf8_lossy(&bytes), &hidden);
                if !text.is_empty() {
                    let end = if text.ends_with('\n') {
                        ""
                    } else {
                        "\n(no line end)\n"
                    };
                    write!(transcript, "--- {name}\n{text}{end}").expect("writing to a string");
                }
            }
            let exit = output
                .status
                .code()
                .map_or_else(|| output.status.to_string(), |code| code.to_string());
            writeln!(transcript, "--- exit {exit}").expect("writing to a string");
        }
        transcript
    }

    /// `pywasm` with nothing of the environment but PATH, and offline.
    fn command(&self, project: &Path, home: &Path) -> Command {
        let mut command = Command::new(self.program);
        command
            .env_clear()
            .current_dir(project)
            .stdin(Stdio::null())
            .env("PYWASM_HOME", home)
            .env("PYWASM_OFFLINE", "1");
        if let Some(path) = env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
    }

    /// What differs from machine to machine, and what the transcript says in its place; the longest first.
    fn hidden(&self, project: &Path, empty_home: &Path) -> Vec<(String, &'static str)> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let real = |path: &Path| -> PathBuf { path.canonicalize().unwrap_or_else(|_| path.to_owned()) };
        let mut hidden = vec![
            (text(project), "[PROJECT]"),
            (text(empty_home), "[HOME]"),
            (text(self.home), "[HOME]"),
            (text(&real(self.home)), "[HOME]"),
            (self.base.to_owned(), "[BASE]"),
        ];
        hidden.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        hidden
    }
}

fn script(dir: &Path) -> Script {
    let path = dir.join("cmd.toml");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn normalized(text: &str, hidden: &[(String, &'static str)]) -> String {
    let text = text.split_inclusive('\n').map(without_figures).collect();
    hidden
        .iter()
        .fold(text, |text: String, (from, to)| text.replace(from, to))
}

/// Takes out of a line the time of a start, and the size of what a start carries twice.
fn without_figures(line: &str) -> String {
    let time = "A start takes ";
    if line.starts_with(time) {
        return without(line, time, " ms ", "[TIME]");
    }
    let size = "runs at the start; this takes ";
    without(line, size, " of the artifact.", "[SIZE]")
}

/// The line with `instead` in the place of what stands between two texts, if it has both.
fn without(line: &str, before: &str, after: &str, instead: &str) -> String {
    line.split_once(before)
        .and_then(|(start, rest)| Some((start, rest.split_once(after)?.1)))
        .map_or_else(
            || line.to_owned(),
            |(start, end)| format!("{start}{before}{instead}{after}{end}"),
        )
}
