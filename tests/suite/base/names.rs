//! The names of the standard library and their docstrings: what a native CPython has and an artifact does not, against
//! lists that give each a reason (`differences.toml` and `docs.toml` in `testdata/runtime/names`).

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde::{Deserialize, de::DeserializeOwned};

use crate::setup;

/// By module: the names of the module and of its classes, or why it does not import.
type Survey = BTreeMap<String, Found>;

/// Docstrings by name.
type Docs = BTreeMap<String, Option<String>>;

#[derive(Deserialize)]
#[serde(untagged)]
enum Found {
    Error(String),
    Names(BTreeMap<String, Vec<String>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    difference: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    reason: String,
    names: Vec<String>,
    /// What stands before each of the names.
    #[serde(default)]
    modules: Vec<String>,
    /// Whether the native Python has the names on some machines only.
    #[serde(default)]
    on_some_machines: bool,
}

impl Difference {
    fn covers(&self, name: &str) -> bool {
        self.names.iter().any(|pattern| self.is_meant(pattern, name))
    }

    /// Whether this pattern, after any of the modules, stands for the name.
    fn is_meant(&self, pattern: &str, name: &str) -> bool {
        let mut modules = self.modules.iter();
        match self.modules.is_empty() {
            true => matches(pattern, name),
            false => modules.any(|module| matches(&format!("{module}.{pattern}"), name)),
        }
    }

    /// The patterns that stand for none of the names.
    fn stale<'d>(&'d self, missing: &'d BTreeMap<String, Option<String>>) -> impl Iterator<Item = &'d str> {
        let is_used = |pattern: &str| missing.keys().any(|name| self.is_meant(pattern, name));
        let patterns = self.names.iter().map(String::as_str);
        patterns.filter(move |pattern| !self.on_some_machines && !is_used(pattern))
    }
}

/// Whether a pattern, in which `*` is any text, stands for the whole text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text.strip_prefix(head).is_some_and(|tail| {
            (0..=tail.len()).any(|at| tail.is_char_boundary(at) && matches(rest, &tail[at..]))
        }),
    }
}

fn answer<T: DeserializeOwned>(mut command: Command, names: &str) -> T {
    let input = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(input.path(), names).expect("writes");
    command.stdin(Stdio::from(std::fs::File::open(input.path()).expect("opens")));
    let output = setup::succeed(&mut command);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn native(script: &Path) -> Command {
    let mut command = setup::limited(setup::native_python(), setup::root());
    command.args(["-B", "-X", "utf8"]).arg(script);
    command
}

/// What the native Python has and the artifact does not: modules with their errors, and names.
fn missing(native: &Survey, ours: &Survey) -> BTreeMap<String, Option<String>> {
    let mut missing = BTreeMap::new();
    for (module, found) in native {
        let Found::Names(found) = found else { continue };
        let own = match &ours[module] {
            Found::Names(own) => own,
            Found::Error(error) => {
                missing.insert(module.clone(), Some(error.clone()));
                continue;
            }
        };
        for (class, names) in found {
            let prefix = match class.is_empty() {
                true => module.clone(),
                false => format!("{module}.{class}"),
            };
            // A class that is missing is missing once, as a name of its module.
            let Some(own) = own.get(class) else { continue };
            let lacks = names.iter().filter(|name| !own.contains(name));
            missing.extend(lacks.map(|name| (format!("{prefix}.{name}"), None)));
        }
    }
    missing
}

/// Runs a script of testdata/runtime/names natively and as an artifact, with the names of all modules.
fn survey<T: DeserializeOwned>(script: &str) -> (T, T) {
    let folder = setup::root().join("testdata/runtime/names");
    let list = folder.join("survey.py");
    let listed = setup::succeed(native(&list).arg("list"));
    let names = String::from_utf8(listed.stdout).expect("text");
    let there: Survey = answer(native(&list), &names);
    let script = folder.join(script);
    let theirs = answer(native(&script), &names);

    // Each module is imported where it may be missing, so that it comes along where it is there.
    let app = setup::temporary();
    let imports = names
        .lines()
        .filter(|name| matches!(there.get(*name), Some(Found::Names(_))))
        .map(|name| format!("    try:\n        import {name}\n    except ImportError:\n        pass\n"));
    let text = setup::text(&script).replace(
        "if __name__ ==",
        &format!("def never():\n{}\n\nif __name__ ==", imports.collect::<String>()),
    );
    std::fs::write(app.path().join("survey.py"), text).expect("writes");
    let mut build = setup::pywasm(app.path());
    setup::succeed(build.args(["build", "survey.py", "-q", "--profile", "dev", "--name", "names"]));
    let mut run = setup::pywasm(app.path());
    run.args(["run", "dist/names.wasm"]);
    (theirs, answer(run, &names))
}

/// Compares what differs with a list: each has a reason, and each reason is of use.
fn explain(differences: &BTreeMap<String, Option<String>>, list: &str) {
    let path = setup::root().join("testdata/runtime/names").join(list);
    let list: List = toml::from_str(&setup::text(&path)).expect("TOML");
    assert!(list.difference.iter().all(|one| !one.reason.is_empty()));
    let unexplained: Vec<String> = differences
        .iter()
        .filter(|(name, _)| !list.difference.iter().any(|one| one.covers(name)))
        .map(|(name, error)| match error {
            Some(error) => format!("{name}: {error}"),
            None => name.clone(),
        })
        .collect();
    assert!(
        unexplained.is_empty(),
        "without a reason:\n{}",
        unexplained.join("\n")
    );
    let stale: Vec<&str> = list
        .difference
        .iter()
        .flat_map(|one| one.stale(differences))
        .collect();
    assert!(
        stale.is_empty(),
        "they stand for nothing that is missing, so they leave the list:\n{}",
        stale.join("\n")
    );
}

#[test]
fn names_that_linux_has_are_there_or_have_a_reason() {
    let (theirs, ours) = survey("survey.py");
    explain(&missing(&theirs, &ours), "differences.toml");
}

#[test]
fn docstrings_are_those_of_linux_or_have_a_reason() {
    let (theirs, ours): (Docs, Docs) = survey("docs.py");
    let differs = |(name, doc): &(&String, &Option<String>)| ours.get(*name).is_some_and(|own| own != *doc);
    let differences = theirs.iter().filter(differs);
    explain(
        &differences.map(|(name, _)| (name.clone(), None)).collect(),
        "docs.toml",
    );
}

#[test]
fn docstrings_of_c_stay_away_where_none_are_wanted() {
    let project = setup::temporary();
    let write = |name: &str, text: &str| fs::write(project.path().join(name), text).expect("writes");
    write("main.py", "print(len.__doc__, int.to_bytes.__doc__)\n");
    let print = |setting: &str| {
        let tool = "[tool.pywasm]\nname = \"told\"\nentry = \"main.py\"\n";
        write("pyproject.toml", &format!("{tool}{setting}\n"));
        setup::succeed(setup::pywasm(project.path()).args(["build", "--profile", "dev"]));
        let output = setup::succeed(setup::pywasm(project.path()).args(["run", "dist/told.wasm"]));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(print("").starts_with("Return the number of items in a container."));
    assert_eq!(print("docstrings = \"none\""), "None None\n");
}
