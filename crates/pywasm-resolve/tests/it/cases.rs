//! Tests the small projects in `testdata/resolve`, each with its loaded configuration, graph, data files,
//! warnings and errors in `expected.txt`. They share a standard library of a few files,
//! `testdata/resolve/stdlib`. `BLESS=1` rewrites the expected texts.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pywasm_diagnostic::Diagnostic;
use pywasm_project::{BuildOptions, Entry, Project};
use pywasm_resolve::{Origin, Request, resolve};
use pywasm_target::{PythonVersion, Target};

const TARGET: Target = Target::new(PythonVersion::new(3, 13, 15));

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../testdata/resolve")
        .canonicalize()
        .expect("the cases")
}

/// What the cases' interpreter has.
const BUILTINS: &[&str] = &[
    "_codecs",
    "_datetime",
    "_io",
    "_signal",
    "_socket",
    "_thread",
    "_weakref",
    "builtins",
    "posix",
    "sys",
    "time",
];

/// Names of modules that CPython has on some platform.
const STDLIB_NAMES: &[&str] = &[
    "json",
    "os",
    "ssl",
    "typing",
    "winreg",
    "_winapi",
    "_ssl",
    "importlib",
    "encodings",
];

fn request(project: &Project) -> Request {
    let mut request = Request::for_project(project, &folder().join("stdlib"), TARGET);
    request.builtins = BUILTINS.iter().map(|name| (*name).to_owned()).collect();
    request.stdlib_names = STDLIB_NAMES.iter().map(|name| (*name).to_owned()).collect();
    request.core_imports = vec!["encodings".to_owned()];
    request.c_imports = [("time".to_owned(), vec!["_strptime".to_owned()])].into();
    request
}

fn list(text: &mut String, title: &str, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let _ = writeln!(text, "\n{title}: {diagnostic}");
    }
}

/// All that the resolver says of a project.
fn describe(path: &Path, overrides: &BuildOptions) -> String {
    let mut text = String::new();
    let project = match Project::load(path, overrides) {
        Ok(project) => project,
        Err(error) => {
            list(&mut text, "error", &error.diagnostics);
            return text;
        }
    };
    let show = |path: &Path| {
        let path = path
            .strip_prefix(&project.root)
            .unwrap_or(path)
            .display()
            .to_string();
        if path.is_empty() {
            ".".to_owned()
        } else {
            path.replace('\\', "/")
        }
    };
    let entry = match &project.entry {
        Entry::Script(path) => format!("script {}", show(path)),
        Entry::Module(name) => format!("module {name}"),
        Entry::Function { module, attribute } => format!("function {module}:{attribute}"),
    };
    let roots: Vec<String> = project.source_roots.iter().map(|root| show(root)).collect();
    let paths: Vec<String> = project.paths.iter().map(|root| show(root)).collect();
    let _ = writeln!(
        text,
        "name {}\nentry {entry}\nsource {}",
        project.name,
        roots.join(" ")
    );
    if !paths.is_empty() {
        let _ = writeln!(text, "paths {}", paths.join(" "));
    }
    match resolve(&request(&project)) {
        Ok(resolved) => {
            if resolved.graph.needs_site {
                let _ = writeln!(text, "needs site");
            }
            let _ = write!(text, "\n{}", resolved.graph.to_text());
            match project.data_files(&resolved.graph.package_folders(Origin::App)) {
                Ok(files) => files.iter().for_each(|file| {
                    let _ = writeln!(text, "data {} <- {}", file.guest, show(&file.host));
                }),
                Err(error) => list(&mut text, "error", &error.diagnostics),
            }
            list(&mut text, "warning", &resolved.warnings);
        }
        Err(error) => {
            list(&mut text, "error", &error.errors);
            list(&mut text, "warning", &error.warnings);
        }
    }
    text
}

#[test]
fn cases_give_what_is_expected() {
    let mut wrong = Vec::new();
    let mut cases: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir() && path.file_name().is_some_and(|name| name != "stdlib"))
        .collect();
    cases.sort();
    assert!(cases.len() > 15);
    for case in cases {
        let overrides = BuildOptions {
            entry: fs::read_to_string(case.join("entry.txt"))
                .ok()
                .map(|text| text.trim().to_owned()),
            ..BuildOptions::default()
        };
        // A case with `script.txt` is built from that script alone.
        let script = fs::read_to_string(case.join("script.txt")).ok();
        let path = script.map_or_else(|| case.clone(), |script| case.join(script.trim()));
        let found = describe(&path, &overrides);
        let host = folder().display().to_string();
        assert!(
            !found.contains(&host),
            "{} shows a path of the host",
            case.display()
        );
        let file = case.join("expected.txt");
        if env::var_os("BLESS").is_some() {
            fs::write(&file, &found).expect("a file");
            continue;
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found != expected {
            wrong.push(format!(
                "{}: expected\n{expected}\nfound\n{found}",
                case.display()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nBLESS=1 writes these anew",
        wrong.join("\n")
    );
}

#[test]
fn the_same_comes_out_each_time() {
    let case = folder().join("packages");
    let project = Project::load(&case, &BuildOptions::default()).expect("a project");
    let render = || {
        let graph = resolve(&request(&project)).expect("a graph").graph;
        [graph.to_text(), graph.to_json(), graph.to_dot()].concat()
    };
    let first = render();
    for _ in 0..20 {
        assert_eq!(render(), first);
    }
    let json: serde_json::Value = {
        let graph = resolve(&request(&project)).expect("a graph").graph;
        serde_json::from_str(&graph.to_json()).expect("JSON")
    };
    assert_eq!(json["schema"], 1);
    assert_eq!(json["entry"]["module"], "main");
}
