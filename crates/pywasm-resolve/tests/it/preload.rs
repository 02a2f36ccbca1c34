//! Tests which modules are imported before a snapshot. Each rule has a project of a few files in `app/`,
//! `lib/` (the standard library) and `deps/`.

use std::fs;

use pywasm_project::{Entry, ModulePattern, Trim};
use pywasm_resolve::{ModuleGraph, Origin, Preload, Request, Root, resolve};
use pywasm_target::{PythonVersion, Target};
use tempfile::TempDir;

/// The graph of a project whose entry is written as in the configuration.
pub(crate) fn graph(entry: &str, exclude: &[&str], files: &[(&str, &str)]) -> ModuleGraph {
    let folder = TempDir::new().expect("a folder");
    let root = folder.path().canonicalize().expect("a folder");
    for name in ["app", "lib", "deps"] {
        fs::create_dir(root.join(name)).expect("a folder");
    }
    for (name, text) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let origins = [
        ("app", Origin::App),
        ("lib", Origin::Stdlib),
        ("deps", Origin::Dependency),
    ];
    let entry = match entry.parse::<Entry>().expect("an entry") {
        Entry::Script(path) => Entry::Script(root.join("app").join(path)),
        entry => entry,
    };
    let request = Request {
        entry,
        roots: origins
            .map(|(name, origin)| Root {
                path: root.join(name),
                origin,
                label: format!("{name}/"),
            })
            .to_vec(),
        builtins: ["sys", "builtins", "_signal", "time"].map(str::to_owned).into(),
        core_imports: Vec::new(),
        c_imports: [("time".to_owned(), vec!["late".to_owned()])].into(),
        stdlib_names: [].into(),
        hooks: Vec::new(),
        target: Target::new(PythonVersion::new(3, 13, 15)),
        include: Vec::new(),
        external: Vec::new(),
        codecs: Vec::new(),
        exclude: exclude
            .iter()
            .map(|pattern| pattern.parse::<ModulePattern>().expect("a pattern"))
            .collect(),
        own_packages: Vec::new(),
        own_entry_points: Vec::new(),
        keep: Vec::new(),
        trim: Trim::default(),
        keeps_sources: false,
        keeps_docstrings: true,
        dependencies: Vec::new(),
    };
    resolve(&request).unwrap_or_else(|error| panic!("{error}")).graph
}

fn list(graph: &ModuleGraph, scope: Preload) -> String {
    let names: Vec<String> = graph.preload(scope).iter().map(ToString::to_string).collect();
    names.join(" ")
}

/// What is imported for each scope: the standard library's, and the app's.
fn both(entry: &str, files: &[(&str, &str)]) -> (String, String) {
    let graph = graph(entry, &[], files);
    (list(&graph, Preload::Stdlib), list(&graph, Preload::App))
}

fn stdlib(entry: &str, files: &[(&str, &str)]) -> String {
    both(entry, files).0
}

#[test]
fn the_app_is_walked_in_the_order_in_which_it_runs() {
    let files = [
        ("app/main.py", "import z, late\nimport one\nimport a\nimport z\n"),
        ("app/one.py", "import two\nimport b\nimport a\n"),
        ("app/two.py", "import one, main\nimport c, sys\n"),
        ("lib/a.py", "import d\n"),
        ("lib/b.py", ""),
        ("lib/c.py", ""),
        ("lib/d.py", ""),
        ("lib/z.py", ""),
        ("lib/late.py", ""),
    ];
    let (stdlib, app) = both("main.py", &files);
    // What `a` imports comes with it.
    assert_eq!(stdlib, "z late c sys b a");
    assert_eq!(app, "z late one a");
    let (stdlib, app) = both(
        "one:run",
        &[
            &files[..1],
            &[("app/one.py", "import two\nimport b\ndef run(): import c\n")],
            &files[2..],
        ]
        .concat(),
    );
    assert_eq!((stdlib.as_str(), app.as_str()), ("z late a c sys b", "one"));
}

#[test]
fn a_module_that_runs_as_main_needs_its_packages_first() {
    let files = [
        ("app/shop/__init__.py", "import a\n"),
        ("app/shop/web/__init__.py", "import b\n"),
        (
            "app/shop/web/run.py",
            "import c\nfrom .pages import home\nif __name__ == '__main__':\n    import d\n",
        ),
        (
            "app/shop/web/pages.py",
            "import e\nif __name__ == '__main__':\n    import f\nhome = 1\n",
        ),
        ("lib/a.py", ""),
        ("lib/b.py", ""),
        ("lib/c.py", ""),
        ("lib/d.py", ""),
        ("lib/e.py", ""),
        ("lib/f.py", ""),
    ];
    let (stdlib, app) = both("shop.web.run", &files);
    assert_eq!(stdlib, "a b c e d");
    assert_eq!(app, "shop.web c shop.web.pages d");
    let (stdlib, app) = both("shop.web.pages:home", &files);
    assert_eq!((stdlib.as_str(), app.as_str()), ("a b e", "shop.web.pages"));
}

#[test]
fn what_may_not_run_is_left_to_the_program() {
    let files = [
        (
            "app/main.py",
            "import sys, typing
if typing.TYPE_CHECKING:
    import hidden
if sys.platform == 'wasi':
    import known
if sys.argv:
    import unknown, helper
def f():
    import lazy
class C:
    import inside
for x in sys.argv:
    import looped
import importlib
importlib.import_module('named')
try:
    import tried
except ImportError:
    tried = None
try:
    import nowhere
except ImportError:
    import instead
try:
    import there
except ImportError:
    import not_needed
try:
    sys.argv[5]
except IndexError:
    import handler
'x'.encode('latin-1')
import time
",
        ),
        ("app/helper.py", "import helped\n"),
        ("lib/encodings/__init__.py", ""),
        ("lib/encodings/latin_1.py", ""),
        ("lib/importlib/__init__.py", ""),
        ("lib/typing.py", "TYPE_CHECKING = False\n"),
        ("lib/known.py", ""),
        ("lib/unknown.py", ""),
        ("lib/helped.py", ""),
        ("lib/lazy.py", ""),
        ("lib/inside.py", ""),
        ("lib/looped.py", ""),
        ("lib/named.py", ""),
        ("lib/tried.py", ""),
        ("lib/instead.py", ""),
        ("lib/there.py", ""),
        ("lib/not_needed.py", ""),
        ("lib/handler.py", ""),
        ("lib/late.py", ""),
    ];
    let (stdlib, app) = both("main.py", &files);
    assert_eq!(
        stdlib,
        "sys typing known inside importlib ?tried instead ?there time"
    );
    assert_eq!(app, stdlib);
}

#[test]
fn what_is_caught_once_and_needed_elsewhere_is_needed() {
    let files = [
        (
            "app/main.py",
            "try:\n    import one\nexcept ImportError:\n    pass\nimport two\n",
        ),
        ("app/one.py", "import a, b\n"),
        (
            "app/two.py",
            "import b\ntry:\n    import c.d\nexcept ImportError:\n    pass\n",
        ),
        ("lib/a.py", ""),
        ("lib/b.py", ""),
        ("lib/c/__init__.py", ""),
        ("lib/c/d.py", ""),
    ];
    let (stdlib, app) = both("main.py", &files);
    assert_eq!(stdlib, "?a b ?c.d");
    assert_eq!(app, "?one two");
    let again = [
        &files[1..],
        &[(
            "app/main.py",
            "try:\n    import one\nexcept ImportError:\n    pass\nimport two, one, c\n",
        )],
    ]
    .concat();
    assert_eq!(both("main.py", &again).0, "a b c ?c.d");
}

#[test]
fn a_package_comes_with_its_submodule() {
    let files = [
        (
            "app/main.py",
            "import a.b\nimport a\nimport c\nimport d\nimport c.e.f\n",
        ),
        ("lib/a/__init__.py", ""),
        ("lib/a/b.py", ""),
        ("lib/c/__init__.py", ""),
        ("lib/c/e/__init__.py", ""),
        ("lib/c/e/f.py", ""),
        ("lib/d.py", ""),
    ];
    // `c` is imported before `d`, so it stays.
    assert_eq!(stdlib("main.py", &files), "a.b c d c.e.f");
}

#[test]
fn a_name_of_a_package_is_a_submodule_only_where_the_package_has_none() {
    let files = [
        (
            "app/main.py",
            "from own import part, value\nfrom dep import run, tool, star, again\nfrom open import any\nimport own.late\n",
        ),
        ("app/own/__init__.py", "from . import first\nvalue = 1\n"),
        ("app/own/first.py", "from . import second\n"),
        ("app/own/second.py", "import s\n"),
        ("app/own/part.py", "import p\n"),
        ("app/own/value.py", "import never\n"),
        ("app/own/late.py", "import q\n"),
        (
            "deps/dep/__init__.py",
            "from .impl import *\nfrom .again import again\ndef run(): pass\n",
        ),
        ("deps/dep/impl.py", "from .more import *\n"),
        ("deps/dep/more.py", "star = 1\n"),
        ("deps/dep/run.py", ""),
        ("deps/dep/star.py", ""),
        ("deps/dep/tool.py", ""),
        ("deps/dep/again.py", "again = 1\n"),
        ("deps/open/__init__.py", "def __getattr__(name): pass\n"),
        ("deps/open/any.py", ""),
        ("lib/s.py", ""),
        ("lib/p.py", ""),
        ("lib/q.py", ""),
        ("lib/never.py", ""),
    ];
    let (stdlib, app) = both("main.py", &files);
    assert_eq!(stdlib, "s p dep.tool open q");
    assert_eq!(app, "own.part dep.tool open own.late");
}

#[test]
fn namespaces_have_no_code() {
    let files = [
        (
            "app/main.py",
            "import ns.own\nimport ns.dep\nimport other\nimport ns.own.below\n",
        ),
        ("app/ns/own/__init__.py", "import a\n"),
        ("app/ns/own/below.py", "import b\n"),
        ("deps/ns/dep.py", ""),
        ("deps/other/part.py", ""),
        ("lib/a.py", ""),
        ("lib/b.py", ""),
    ];
    let (stdlib, app) = both("main.py", &files);
    assert_eq!(stdlib, "a ns.dep other b");
    assert_eq!(app, "ns.own ns.dep other ns.own.below");
}

#[test]
fn what_would_run_code_of_the_app_is_left_out_with_its_importers() {
    let files = [
        (
            "app/main.py",
            "import plugin, fine, far, shadowed, time, conditional, named, lazy\n",
        ),
        ("app/settings.py", "import a\n"),
        ("app/colour.py", ""),
        ("deps/plugin.py", "import settings\n"),
        ("deps/far/__init__.py", "from . import near\n"),
        (
            "deps/far/near.py",
            "try:\n    import plugin\nexcept ImportError:\n    pass\n",
        ),
        ("deps/fine.py", "def f(): import settings\n"),
        (
            "deps/conditional.py",
            "import sys\nif sys.argv:\n    import settings\n",
        ),
        (
            "deps/named.py",
            "import importlib\nimportlib.import_module('settings')\n",
        ),
        (
            "deps/lazy.py",
            "import importlib\ndef f(): importlib.import_module('settings')\n",
        ),
        // The app's `colour` takes the place of the standard library's.
        ("lib/shadowed.py", "import colour\n"),
        ("lib/colour.py", ""),
        ("lib/importlib/__init__.py", ""),
        // C code of the builtin module `time` imports this one.
        ("lib/late.py", "import colour\n"),
        ("lib/a.py", ""),
    ];
    let (stdlib, app) = both("main.py", &files);
    // What these import themselves, and would import in this order, is imported early.
    assert_eq!(stdlib, "a fine sys importlib lazy");
    assert_eq!(app, "plugin fine far shadowed time conditional named lazy");
}

#[test]
fn what_the_project_leaves_out_does_not_appear() {
    let files = [
        (
            "app/main.py",
            "import a\ntry:\n    import b\nexcept ImportError:\n    pass\nimport __main__\n",
        ),
        ("lib/a.py", ""),
        ("lib/b.py", ""),
        ("lib/late.py", ""),
    ];
    let graph = graph("main.py", &["b"], &files);
    assert_eq!(list(&graph, Preload::Stdlib), "a");
    assert_eq!(list(&graph, Preload::App), "a");
}

#[test]
fn a_long_chain_of_the_app_is_walked_to_its_end() {
    let texts: Vec<(String, String)> = (0..2_000)
        .map(|n| (format!("app/m{n}.py"), format!("import m{}, m{}\n", n + 1, n / 2)))
        .chain([
            ("app/m2000.py".to_owned(), "import a\n".to_owned()),
            ("app/main.py".to_owned(), "import m0\n".to_owned()),
            ("lib/a.py".to_owned(), String::new()),
        ])
        .collect();
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    assert_eq!(stdlib("main.py", &files), "a");
}
