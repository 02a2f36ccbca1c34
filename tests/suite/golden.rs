//! Case folders: a project and the commands to run on it in, a transcript out, which has to be
//! the one that stands in `expected.txt`. With `BLESS=1` in the environment it is written anew.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::setup;

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
}

/// Runs all case folders below `testdata/FOLDER`, and tells all differences at once.
pub(crate) fn check_all(folder: &str) {
    // pywasm speaks of a base that another recipe made, and the transcripts would hold that.
    let bases = setup::succeed(setup::pywasm(setup::root()).args(["base", "list"])).stdout;
    let current = String::from_utf8_lossy(&bases).contains("this pywasm's recipe");
    assert!(
        current,
        "the base is older than its recipe: run scripts/test.sh, which builds it anew"
    );

    let folder = setup::root().join("testdata").join(folder);
    let dirs: Vec<_> = setup::list(&folder)
        .into_iter()
        .filter(|path| path.is_dir())
        .collect();
    assert!(!dirs.is_empty(), "{} holds no case", folder.display());
    let told: Vec<_> = dirs.iter().filter_map(|dir| check(dir).err()).collect();
    assert!(
        told.is_empty(),
        "{} of {} cases differ; BLESS=1 writes the transcripts anew\n{}",
        told.len(),
        dirs.len(),
        told.join("\n")
    );
}

fn check(dir: &Path) -> Result<(), String> {
    let actual = transcript(dir);
    let file = dir.join("expected.txt");
    let expected = fs::read_to_string(&file).unwrap_or_default();
    if actual == expected {
        return Ok(());
    }
    if env::var_os("BLESS").is_some_and(|value| value == "1") {
        fs::write(&file, &actual).unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
        return Ok(());
    }
    let name = dir.file_name().expect("a case has a name").to_string_lossy();
    Err(format!(
        "=== {name}: expected\n{expected}=== {name}: actual\n{actual}"
    ))
}

/// Runs a case's commands in a copy of its project.
fn transcript(dir: &Path) -> String {
    let script: Script = toml::from_str(&setup::text(&dir.join("cmd.toml")))
        .unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let temporary = setup::temporary();
    let root = temporary
        .path()
        .canonicalize()
        .expect("a temporary folder has a path");
    let (project, home) = (root.join("project"), root.join("home"));
    setup::copy(dir, &project);
    for file in ["cmd.toml", "expected.txt"] {
        fs::remove_file(project.join(file)).ok();
    }
    for path in &script.folders {
        fs::create_dir_all(project.join(path)).expect("a folder");
    }
    for (link, target) in &script.links {
        symlink(target, project.join(link)).expect("a symbolic link");
    }

    let hidden = hidden(&project, &home);
    let mut transcript = String::new();
    for step in &script.steps {
        let mut command = setup::pywasm(&project);
        if script.empty_home {
            command.env("PYWASM_HOME", &home);
        }
        let output = command
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

/// What differs from machine to machine, and what the transcript says in its place; the longest first.
fn hidden(project: &Path, home: &Path) -> Vec<(String, &'static str)> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let base = setup::base();
    let id = base
        .file_name()
        .expect("a base has an id")
        .to_string_lossy()
        .into_owned();
    let real = |path: &Path| -> PathBuf { path.canonicalize().unwrap_or_else(|_| path.to_owned()) };
    let mut hidden = vec![
        (text(project), "[PROJECT]"),
        (text(home), "[HOME]"),
        (text(setup::home()), "[HOME]"),
        (text(&real(setup::home())), "[HOME]"),
        (id, "[BASE]"),
    ];
    hidden.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    hidden
}

fn normalized(text: &str, hidden: &[(String, &'static str)]) -> String {
    hidden
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
