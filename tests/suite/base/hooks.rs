//! What hooks and the pipeline do with dependencies, on small ones made for it: in: a project in a
//! temporary folder. Out: what its build says, and what its artifact prints.

use std::{fs, path::Path, process::Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::setup;

/// A project whose files are given, with its dependencies in `vendor`.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = setup::temporary();
    let config = "[tool.pywasm]\nentry = \"main.py\"\npaths = [\"vendor\"]\n";
    write(folder.path(), "pyproject.toml", config);
    fs::create_dir(folder.path().join("vendor")).expect("a folder");
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// A build that is quick, and starts from a snapshot all the same.
fn build(folder: &Path) -> Output {
    let mut command = setup::pywasm(folder);
    command.args([
        "build",
        "--profile",
        "dev",
        "--preinit",
        "stdlib",
        "--name",
        "app",
    ]);
    command.output().expect("the command starts")
}

fn built(folder: &Path) -> Value {
    let output = build(folder);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    serde_json::from_slice(&setup::bytes(&folder.join("dist/app.report.json"))).expect("JSON")
}

fn run(folder: &Path) -> String {
    let output = setup::succeed(setup::pywasm(folder).args(["run", "dist/app.wasm"]));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_dependency_that_draws_random_numbers_is_left_to_the_start() {
    let folder = project(&[
        ("main.py", "import lucky\nprint(lucky.NUMBER, lucky.quiet.NAME)\n"),
        (
            "vendor/lucky/__init__.py",
            "from lucky.numbers import NUMBER\nimport quiet\n",
        ),
        (
            "vendor/lucky/numbers.py",
            "import os\nNUMBER = os.urandom(8).hex()\n",
        ),
        ("vendor/quiet.py", "NAME = 'quiet'\n"),
    ]);
    let report = built(folder.path());
    assert_eq!(report["warnings"], Value::Array(Vec::new()));
    let (first, second) = (run(folder.path()), run(folder.path()));
    assert_ne!(first, second, "each start draws its own");
    assert!(first.trim_end().ends_with(" quiet"), "{first}");
}

#[test]
fn a_package_that_puts_another_one_in_its_place_is_trusted() {
    let folder = project(&[
        ("main.py", "from tlz import pipe\nprint(pipe(3, str))\n"),
        ("vendor/tlz/__init__.py", "from . import _build_tlz\n"),
        (
            "vendor/tlz/_build_tlz.py",
            "import sys, toolz\nsys.modules['tlz'] = toolz\n",
        ),
        (
            "vendor/toolz/__init__.py",
            "def pipe(value, function): return function(value)\n",
        ),
    ]);
    assert_eq!(built(folder.path())["warnings"], Value::Array(Vec::new()));
    assert_eq!(run(folder.path()), "3\n");
}

#[test]
fn a_hook_of_the_project_counts() {
    let plugins = "import importlib, pathlib\n\
        def load(name):\n    return importlib.import_module('plugins.' + name).NAME\n\
        def files():\n    return sorted(p.name for p in pathlib.Path(__file__).parent.glob('*.txt'))\n";
    let hook = "[[hidden]]\nimporter = \"plugins\"\nimports = [\"plugins.*\"]\nreason = \"by name\"\n\
        [[data]]\npackage = \"plugins\"\nfiles = [\"!big.txt\"]\nreason = \"unused\"\n\
        [[allow]]\nwords = [\"environment:plugins.b\"]\nreason = \"a default\"\n\
        [[beside]]\npackage = \"plugins\"\nfolders = [\"views\", \"absent\"]\nreason = \"a convention\"\n\
        [[alias]]\nname = \"plugins.vendored\"\nmodule = \"other\"\nreason = \"sys.modules\"\n";
    let folder = project(&[
        (
            "main.py",
            "import plugins, plugins.b, plugins.c\nprint(plugins.load('a'), plugins.files(), plugins.b.MODE)\n\
             print(open(__file__.replace('main.py', 'views/list/all.html')).read())\n\
             if plugins.load('a') == 'never':\n    import plugins.vendored.part\n",
        ),
        ("views/list/all.html", "<li>"),
        ("vendor/plugins/__init__.py", plugins),
        ("vendor/plugins/a.py", "NAME = 'a'\n"),
        (
            "vendor/plugins/b.py",
            "import os\nMODE = os.environ.get('MODE')\n",
        ),
        (
            "vendor/plugins/c.py",
            "import os\nMODE = os.environ.get('MODE')\n",
        ),
        ("vendor/plugins/big.txt", "big"),
        ("vendor/plugins/small.txt", "small"),
        ("vendor/other/__init__.py", ""),
        ("vendor/other/part.py", ""),
        ("hooks/plugins.toml", hook),
    ]);
    let config = folder.path().join("pyproject.toml");
    let text = setup::text(&config) + "hooks = [\"hooks/plugins.toml\"]\n";
    fs::write(&config, text).expect("a file");
    let report = built(folder.path());
    assert_eq!(report["warnings"], Value::Array(Vec::new()));
    assert_eq!(run(folder.path()), "a ['small.txt'] None\n<li>\n");
    let modules = report["modules"].as_array().expect("a list");
    assert!(
        modules.iter().any(|module| module["name"] == "other.part"),
        "{modules:?}"
    );

    fs::write(
        folder.path().join("hooks/plugins.toml"),
        hook.to_owned() + "why = 1\n",
    )
    .expect("a file");
    let output = build(folder.path());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && told.contains("hooks/plugins.toml:20:1"),
        "{told}"
    );
}

#[test]
fn large_data_is_mapped() {
    const SIZE: usize = 20_000_000;
    let main = "import pkgutil\nwith open('/pywasm/lib/python3.13/site-packages/atlas/map.bin', 'rb') as file:\n    \
        file.seek(19_999_996)\n    print(file.read())\nprint(bool(pkgutil), __import__('atlas').__name__)\n";
    let small = project(&[("main.py", main), ("vendor/atlas/__init__.py", "")]);
    write(small.path(), "vendor/atlas/map.bin", "");
    let large = project(&[("main.py", main), ("vendor/atlas/__init__.py", "")]);
    let mut bytes = vec![b'.'; SIZE];
    bytes[SIZE - 4..].copy_from_slice(b"edge");
    fs::write(large.path().join("vendor/atlas/map.bin"), bytes).expect("a file");

    let (small_report, large_report) = (built(small.path()), built(large.path()));
    assert_eq!(run(large.path()), "b'edge'\nTrue atlas\n");
    // The interpreter of the snapshot has seen nothing of it: neither read, nor copied.
    let heap = |report: &Value| {
        let stages = report["stages"].as_array().expect("a list");
        let preinit = stages
            .iter()
            .find(|stage| stage["stage"] == "preinit")
            .expect("a row");
        preinit["notes"][0]["total"].as_u64().expect("a number")
    };
    assert_eq!(heap(&small_report), heap(&large_report));
    // The artifact has the file once, as it is.
    let size = |folder: &Path| fs::metadata(folder.join("dist/app.wasm")).expect("a file").len();
    let more = size(large.path()) - size(small.path());
    assert!(
        (SIZE as u64..SIZE as u64 + 70_000).contains(&more),
        "{more} bytes more"
    );
}

#[test]
fn the_report_lists_the_lines_that_a_hook_replaces() {
    let hook = "[[replace]]\nmodule = \"dep.size\"\ntext = \"\"\"\nSIZE = 1\nNAME = 'a'\n\"\"\"\n\
        by = \"\"\"\nSIZE = 1\nNAME = 'b'\n\"\"\"\nreason = \"a test\"\n\
        [[replace]]\nmodule = \"dep.size\"\ntext = \"not there\"\nby = \"x\"\nreason = \"another version\"\n";
    let folder = project(&[
        ("main.py", "import dep.size\nprint(dep.size.NAME)\n"),
        ("vendor/dep/__init__.py", ""),
        ("vendor/dep/size.py", "# first\nSIZE = 1\nNAME = 'a'\n"),
        (
            "vendor/dep-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: Dep\nVersion: 1.0\n",
        ),
        (
            "vendor/dep-1.0.dist-info/RECORD",
            "dep/__init__.py,,\ndep/size.py,,\n",
        ),
        ("hooks/dep.toml", hook),
    ]);
    let config = folder.path().join("pyproject.toml");
    let text = setup::text(&config) + "hooks = [\"hooks/dep.toml\"]\n";
    fs::write(&config, text).expect("a file");
    let report = built(folder.path());
    let line = serde_json::json!({
        "distribution": "Dep", "file": "site-packages/dep/size.py", "line": 3, "hook": "hooks/dep.toml",
    });
    assert_eq!(report["replaced"], serde_json::json!([line]));
    assert_eq!(run(folder.path()), "b\n");
}
