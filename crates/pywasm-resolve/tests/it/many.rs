//! Tests projects that `testdata` cannot hold: very large ones, very deep ones, links that lead in
//! circles, files that cannot be read.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pywasm_project::{Entry, ModulePattern, Trim};
use pywasm_resolve::{Origin, Request, Resolution, ResolveError, Root, resolve};
use pywasm_target::{PythonVersion, Target};
use tempfile::TempDir;

/// The request for `main.py` of a folder.
pub(crate) fn request(app: &Path) -> Request {
    let app = app.canonicalize().expect("a folder");
    Request {
        entry: Entry::Script(app.join("main.py")),
        roots: vec![Root {
            path: app,
            origin: Origin::App,
            label: String::new(),
        }],
        builtins: ["sys", "builtins", "_signal"].map(str::to_owned).into(),
        core_imports: Vec::new(),
        c_imports: [].into(),
        stdlib_names: [].into(),
        hooks: Vec::new(),
        target: Target::new(PythonVersion::new(3, 13, 15)),
        include: Vec::new(),
        exclude: Vec::new(),
        external: Vec::new(),
        codecs: Vec::new(),
        own_packages: Vec::new(),
        own_entry_points: Vec::new(),
        keep: Vec::new(),
        trim: Trim::default(),
        keeps_sources: false,
        keeps_docstrings: true,
        dependencies: Vec::new(),
    }
}

/// Writes files to a folder of their own.
pub(crate) fn write(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

fn build(files: &[(&str, &[u8])]) -> (TempDir, Result<Resolution, ResolveError>) {
    let folder = write(files);
    let result = resolve(&request(folder.path()));
    (folder, result)
}

#[test]
fn ten_thousand_modules() {
    const COUNT: usize = 10_000;
    let folder = TempDir::new().expect("a folder");
    // A chain as long as it can be, with jumps back and forth: each module knows three others.
    for number in 0..COUNT {
        let mut text = String::new();
        for next in [number + 1, number * 7 % COUNT, number / 2] {
            let _ = writeln!(text, "import m{}", next % COUNT);
        }
        fs::write(folder.path().join(format!("m{number}.py")), text).expect("a file");
    }
    fs::write(folder.path().join("main.py"), "import m0\n").expect("a file");
    let resolved = resolve(&request(folder.path())).expect("a graph");
    assert_eq!(resolved.graph.modules.len(), COUNT + 1 + 1);
    assert!(resolved.omitted.iter().all(|name| !name.starts_with('m')));
    let chain = resolved.graph.why("m9999").expect("a chain");
    assert!(chain.steps.len() > 3);
}

#[test]
fn a_failure_at_the_end_of_a_circle_reaches_its_start() {
    const COUNT: usize = 10_000;
    let folder = TempDir::new().expect("a folder");
    // Each module needs the next one, and the last one the first, and one that is nowhere.
    for number in 0..COUNT {
        let next = (number + 1) % COUNT;
        let more = if next == 0 { "import nowhere\n" } else { "" };
        fs::write(
            folder.path().join(format!("m{number}.py")),
            format!("import m{next}\n{more}"),
        )
        .expect("a file");
    }
    let main = "try:\n    import m0\nexcept ImportError:\n    pass\n";
    fs::write(folder.path().join("main.py"), main).expect("a file");
    let resolved = resolve(&request(folder.path())).expect("a graph");
    assert!(resolved.graph.misses.iter().any(|miss| miss.module == "m0"));
    assert!(!resolved.graph.modules.contains_key("m0"));
}

#[test]
fn a_chain_of_packages_is_followed_to_its_end() {
    let name = vec!["p"; 100].join(".");
    let mut files = vec![("main.py".to_owned(), format!("import {name}\n"))];
    let mut path = String::new();
    for _ in 0..100 {
        path.push_str("p/");
        files.push((format!("{path}__init__.py"), String::new()));
    }
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    let (_folder, result) = build(&files);
    assert_eq!(result.expect("a graph").graph.modules.len(), 102);
}

#[test]
fn deeply_nested_source_does_no_harm() {
    let sources = [
        format!("x = {}1{}\n", "(".repeat(50_000), ")".repeat(50_000)),
        format!("x = {}1\n", "not ".repeat(100_000)),
        format!("x = {}1{}\n", "[".repeat(50_000), "]".repeat(50_000)),
        format!("x = 1{}\n", " + 1".repeat(100_000)),
        format!("x = a{}\n", ".b".repeat(100_000)),
        format!("x = f{}\n", "()".repeat(100_000)),
        format!("x = {}1\n", "lambda: ".repeat(20_000)),
        format!("__all__ = []{}\n", " + []".repeat(50_000)),
        format!(
            "match x:\n    case {}y{}:\n        pass\n",
            "[".repeat(20_000),
            "]".repeat(20_000)
        ),
        format!("{}x\n", "(".repeat(50_000)),
        format!("f'{}x{}'\n", "{".repeat(5_000), "}".repeat(5_000)),
        (0..900)
            .map(|depth| format!("{}if x:\n", " ".repeat(depth)))
            .collect::<String>()
            + &" ".repeat(900)
            + "import sys\n",
    ];
    for source in &sources {
        // An answer is wanted, not which one.
        let (_folder, result) = build(&[("main.py", source.as_bytes())]);
        if let Err(error) = result {
            assert!(error.to_string().len() < 10_000_000);
        }
    }
}

#[test]
fn any_bytes_are_answered() {
    let sources: [&[u8]; 8] = [
        b"",
        b"\xef\xbb\xbf",
        b"\0",
        b"\xff\xfe\0",
        b"\r\r\r",
        b"import",
        b"from . import *",
        b"\\\n",
    ];
    for source in sources {
        let (_folder, _) = build(&[("main.py", source)]);
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_circles() {
    use std::os::unix::fs::symlink;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path();
    fs::create_dir(path.join("shop")).expect("a folder");
    fs::write(path.join("shop/__init__.py"), "").expect("a file");
    fs::write(path.join("shop/cart.py"), "").expect("a file");
    symlink("../shop", path.join("shop/again")).expect("a link");
    symlink("nowhere.py", path.join("lost.py")).expect("a link");
    symlink("circle.py", path.join("circle.py")).expect("a link");
    fs::write(path.join("main.py"), "import shop.again.again.cart\n").expect("a file");
    let mut request = request(path);
    request.include = vec!["shop.*".parse::<ModulePattern>().expect("a pattern")];
    let resolved = resolve(&request).expect("a graph");
    // As often as the program says, and no oftener.
    assert!(resolved.graph.modules.contains_key("shop.again.again.cart"));
    assert!(
        resolved.graph.modules.len() < 15,
        "{:?}",
        resolved.graph.modules.keys()
    );

    fs::write(path.join("main.py"), "import lost\nimport circle\n").expect("a file");
    let error = resolve(&request).expect_err("they are not there").to_string();
    assert!(error.contains("there is no module `lost`"), "{error}");
    assert!(error.contains("there is no module `circle`"), "{error}");
}

#[cfg(unix)]
#[test]
fn files_that_cannot_be_read_are_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path();
    fs::write(
        path.join("main.py"),
        "import secret\nimport pipe\nimport locked.x\n",
    )
    .expect("a file");
    fs::write(path.join("secret.py"), "").expect("a file");
    fs::create_dir(path.join("locked")).expect("a folder");
    fs::create_dir(path.join("pipe.py")).expect("a folder");
    fs::set_permissions(path.join("secret.py"), fs::Permissions::from_mode(0o000)).expect("a mode");
    fs::set_permissions(path.join("locked"), fs::Permissions::from_mode(0o000)).expect("a mode");
    // Nothing is locked for root.
    let root = fs::read(path.join("secret.py")).is_ok();
    let error = resolve(&request(path))
        .expect_err("it cannot be read")
        .to_string();
    assert!(error.contains("there is no module `pipe`"), "{error}");
    if !root {
        assert!(
            error.contains("the file cannot be read: permission denied\n  --> secret.py"),
            "{error}"
        );
        assert!(
            error.contains("the folder `locked` cannot be read: permission denied"),
            "{error}"
        );
    }
    fs::set_permissions(path.join("locked"), fs::Permissions::from_mode(0o755)).expect("a mode");
}
