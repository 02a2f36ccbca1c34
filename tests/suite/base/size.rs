//! `pywasm size` and `pywasm why --size`: every byte of a module has one owner, and what would
//! leave with a thing is told. One build of its own, without the optimizer, and that of `hello`.

use std::{fs, path::Path, process::Output, sync::OnceLock};

use serde_json::Value;
use tempfile::TempDir;

use crate::{app::App, setup};

/// What `pywasm size --format json` says of a file.
fn sizes(path: &Path) -> Value {
    let mut command = setup::pywasm(setup::root());
    let output = setup::succeed(command.args(["size", "--format", "json"]).arg(path));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Checks that each node is what its children are together.
fn check(node: &Value) {
    let Some(children) = node["children"].as_array() else {
        return;
    };
    for what in ["bytes", "brotli"] {
        let sum: u64 = children.iter().filter_map(|child| child[what].as_u64()).sum();
        assert_eq!(node[what].as_u64(), Some(sum), "{what} of {}", node["name"]);
    }
    children.iter().for_each(check);
}

/// The node at the end of a path of names.
fn at<'a>(tree: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(tree, |node, name| {
        let children = node["children"]
            .as_array()
            .unwrap_or_else(|| panic!("{path:?}: no {name}"));
        let found = children.iter().find(|child| child["name"] == *name);
        found.unwrap_or_else(|| panic!("{path:?}: no {name} among {} children", children.len()))
    })
}

fn number(node: &Value, key: &str) -> u64 {
    node[key]
        .as_u64()
        .unwrap_or_else(|| panic!("no {key} in {}", node["name"]))
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).expect("it is there").len()
}

/// A project that imports `decimal` and a dependency, built with `--profile dev`.
fn decimals() -> &'static Path {
    static PROJECT: OnceLock<TempDir> = OnceLock::new();
    let project = PROJECT.get_or_init(|| {
        let project = setup::temporary();
        let write = |name: &str, text: &str| {
            let path = project.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("makes folders");
            fs::write(path, text).expect("writes");
        };
        write(
            "pyproject.toml",
            "[project]\nname = \"sums\"\n[tool.pywasm]\nentry = \"main.py\"\npaths = [\"vendor\"]\n\
             install = false\ndata = [\"prices.txt\"]\n",
        );
        write(
            "main.py",
            "import decimal, lamps.colour\nprint(decimal.Decimal(1) / 7)\n",
        );
        write("prices.txt", "1.25\n2.50\n");
        write("vendor/lamps/__init__.py", "");
        write("vendor/lamps/colour.py", "RED = 'red' * 3\n");
        setup::succeed(setup::pywasm(project.path()).args(["build", "--profile", "dev"]));
        project
    });
    project.path()
}

#[test]
fn every_byte_of_an_artifact_has_an_owner() {
    let dist = App::named("hello").dist();
    let report = sizes(&dist.file("report.json"));
    let tree = &report["tree"];
    check(tree);
    assert_eq!(number(tree, "bytes"), length(&dist.wasm()));
    assert_eq!(number(tree, "brotli"), length(&dist.file("wasm.br")));
    assert_eq!(report["brotli_from"], "file");
    for path in [
        &["interpreter", "Objects", "unicodeobject.c"][..],
        &["interpreter", "Python", "ceval.c", "_PyEval_EvalFrameDefault"],
        &["interpreter", "libc", "dlmalloc.c"],
        &["interpreter", "runtime", "image.c"],
        &["interpreter", "Modules", "_io", "textio.c"],
        &["standard library", "encodings"],
        &["snapshot", "interpreter", "dict"],
        &["snapshot", "builtin modules", "sys", "dict"],
        &["snapshot", "memory without objects"],
        &["standard library", "codecs", "function"],
        &["snapshot", "state of C code"],
        &["sections", "types"],
    ] {
        assert!(number(at(tree, path), "bytes") > 0, "{path:?}");
    }
    let codecs = at(tree, &["standard library", "codecs"]);
    assert!(number(codecs, "retained") >= number(codecs, "bytes"));
    let function = at(codecs, &["function"]);
    assert_eq!(
        function["retained"],
        Value::Null,
        "a kind is a share of its module"
    );
    let untold = number(at(tree, &["snapshot", "memory without objects"]), "bytes");
    let snapshot = number(at(tree, &["snapshot"]), "bytes");
    assert!(
        untold * 4 < snapshot,
        "{untold} of {snapshot} bytes of the snapshot are nobody's"
    );
    let unnamed = at(tree, &["interpreter", "Objects"]);
    assert!(number(unnamed, "retained") >= number(unnamed, "bytes"));
    let by_module = sizes(&dist.wasm());
    assert_eq!(&by_module["tree"], tree, "the report leads to the same module");
    let page = setup::temporary();
    let page = page.path().join("size.html");
    setup::succeed(setup::pywasm(dist.dir()).arg("size").arg("--html").arg(&page));
    let page = setup::text(&page);
    assert!(
        page.contains("unicodeobject.c") && page.ends_with("</html>\n"),
        "a whole page"
    );
}

#[test]
fn modules_and_packages_are_named() {
    let wasm = decimals().join("dist/sums.wasm");
    let tree = &sizes(decimals())["tree"];
    check(tree);
    assert_eq!(number(tree, "bytes"), length(&wasm));
    let decimal = at(tree, &["interpreter", "Modules", "_decimal"]);
    let library = at(tree, &["interpreter", "mpdecimal"]);
    let both = number(decimal, "bytes") + number(library, "bytes");
    assert!(number(library, "bytes") > 50_000);
    assert!(
        number(decimal, "retained") > both * 9 / 10,
        "libmpdec leaves with _decimal"
    );
    assert!(number(at(tree, &["dependencies", "lamps", "colour"]), "bytes") > 0);
    assert_eq!(number(at(tree, &["data files", "prices.txt"]), "bytes"), 10);
}

#[test]
fn a_chain_tells_who_keeps_a_thing() {
    let why = |name: &str| {
        let mut command = setup::pywasm(decimals());
        let output = setup::succeed(command.args(["why", "--size", "--format", "json", name]));
        let why: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let chain = why["chain"].as_array().expect("a chain").iter();
        let names = chain.map(|thing| thing["name"].as_str().expect("a name").to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(why("_decimal"), ["_decimal", "decimal", "main"]);
    let chain = why("mpd_qdivmod");
    assert!(chain.ends_with(&why("_decimal")), "{chain:?}");
    let mut command = setup::pywasm(decimals());
    let text = setup::succeed(command.args(["why", "--size", "decimal"]));
    let text = String::from_utf8(text.stdout).expect("UTF-8");
    assert!(
        text.starts_with("module decimal, ") && text.contains("is kept by module main, "),
        "{text}"
    );
}

#[test]
fn a_module_of_others_is_told_by_section_and_function() {
    let folder = setup::temporary();
    let path = folder.path().join("other.wasm");
    let module = r#"(module (import "a" "b" (func)) (memory 1) (data (i32.const 8) "some bytes") (data "more")
        (func $first (result i32) i32.const 7) (func $second (result i64) i64.const 700) (func))"#;
    fs::write(&path, wat::parse_str(module).expect("a module")).expect("writes");
    let report = sizes(&path);
    let tree = &report["tree"];
    check(tree);
    assert_eq!(number(tree, "bytes"), length(&path));
    assert_eq!(report["brotli_from"], "made");
    assert_eq!(number(at(tree, &["code", "second"]), "bytes"), 6);
    assert_eq!(number(at(tree, &["code", "function 3"]), "bytes"), 3);
    assert_eq!(number(at(tree, &["data", "segment 0 at 0x8"]), "bytes"), 10);
    assert!(number(at(tree, &["custom: name"]), "bytes") > 0);
}

fn refused(args: &[&str], dir: &Path) -> (i32, String) {
    let output: Output = setup::pywasm(dir).args(args).output().expect("starts");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!text.contains("panicked"), "{text}");
    (output.status.code().unwrap_or(-1), text)
}

#[test]
fn what_cannot_be_told_apart_is_said() {
    let folder = setup::temporary();
    let dir = folder.path();
    let module = wat::parse_str("(module (func))").expect("a module");
    fs::write(dir.join("garbage.wasm"), "no module at all").expect("writes");
    fs::write(dir.join("cut.wasm"), &module[..module.len() - 1]).expect("writes");
    fs::write(dir.join("bad.report.json"), "[]").expect("writes");
    fs::write(dir.join("named.wasm"), &module).expect("writes");
    fs::write(dir.join("named.symbols.json"), "{").expect("writes");
    fs::write(dir.join("other.wasm"), &module).expect("writes");
    let other = r#"{"schema":1,"functions":[{"index":0,"size":99}],"data":[]}"#;
    fs::write(dir.join("other.symbols.json"), other).expect("writes");
    fs::write(dir.join("circle.wasm"), &module).expect("writes");
    let circle = r#"{"schema":1,"functions":[{"index":0,"size":2,"keeper":0}],"data":[],"program":{"start":0,"end":9}}"#;
    fs::write(dir.join("circle.symbols.json"), circle).expect("writes");
    for (file, code, text) in [
        ("garbage.wasm", 1, "the file is not a WebAssembly module"),
        ("cut.wasm", 1, "cut.wasm"),
        ("bad.report.json", 2, "`bad.report.json`: "),
        ("named.wasm", 1, "named.symbols.json is no symbol file"),
        ("other.wasm", 1, "the symbol file belongs to another module"),
        ("circle.wasm", 1, "the symbol file is damaged"),
        ("absent.wasm", 2, "cannot read absent.wasm"),
        (".", 2, "bad.report.json"),
    ] {
        let (found, said) = refused(&["size", file], dir);
        assert_eq!(found, code, "{file}: {said}");
        assert!(said.contains(text), "{file}: {said}");
    }
    let (code, said) = refused(&["why", "--size", "main", "garbage.wasm"], dir);
    assert!(
        code == 1 && said.contains("the file is not a WebAssembly module"),
        "{said}"
    );
    let (code, said) = refused(&["why", "--size", "decimall"], decimals());
    assert!(code == 1 && said.contains("did you mean `decimal`?"), "{said}");
}
