//! Reads worlds, prunes them, and refuses what cannot be one, with its place.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use pywasm_component::{Error, Program, World};

struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with these files.
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        Self(folder)
    }

    fn load(&self, names: &[&str]) -> Result<World, Error> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        World::load(Some(self.0.path()), &names)
    }
}

fn fails(files: &[(&str, &str)], names: &[&str]) -> Error {
    Folder::new(files).load(names).expect_err("a fault")
}

#[test]
fn worlds_of_wasi_need_no_wit() {
    for (name, whole, is_async) in [
        ("wasi:cli/command@0.2", "wasi:cli/command@0.2.12", false),
        ("wasi:http/proxy@0.2.12", "wasi:http/proxy@0.2.12", false),
        ("wasi:cli/command@0.3", "wasi:cli/command@0.3.0", true),
        ("wasi:http/service@0.3.0", "wasi:http/service@0.3.0", true),
    ] {
        let world = World::load(None, &[name.to_owned()]).expect("a world");
        assert_eq!((world.full_name().as_str(), world.is_async()), (whole, is_async));
    }
    let error = World::load(None, &["wasi:cli/comand@0.2".to_owned()]).expect_err("no world");
    assert!(
        error
            .worlds()
            .iter()
            .any(|name| name == "wasi:cli/command@0.2.12"),
        "{error}"
    );
}

#[test]
fn packages_of_wasi_come_with_pywasm_unless_the_project_has_them() {
    let wit = "package a:b; world w { import wasi:random/random@0.2.12; export f: func() -> u64; }";
    let world = Folder::new(&[("w.wit", wit)]).load(&[]).expect("a world");
    assert_eq!(world.imports(), ["wasi:random/random@0.2.12"]);
    let own = "package wasi:random@0.2.12; interface random { only: func() -> u8; }";
    let world = Folder::new(&[("w.wit", wit), ("deps/random/random.wit", own)])
        .load(&[])
        .expect("a world");
    let stubs = world.stubs();
    assert!(
        stubs["wit_world/imports/random.pyi"].contains("def only()"),
        "{stubs:?}"
    );
}

#[test]
fn several_worlds_become_one() {
    let wit = "package a:b; world x { import f: func(); export g: func(); } world y { export h: func(); }";
    let folder = Folder::new(&[("w.wit", wit)]);
    let world = folder.load(&["x", "y"]).expect("a world");
    assert_eq!(
        (world.imports(), world.exports()),
        (vec!["f".to_owned()], vec!["g".to_owned(), "h".to_owned()])
    );
    assert!(matches!(folder.load(&[]), Err(Error::Which { worlds }) if worlds == ["x", "y"]));
    assert!(matches!(folder.load(&["z"]), Err(Error::NoWorld { worlds, .. }) if worlds == ["x", "y"]));
}

#[test]
fn faults_have_places() {
    let cases = [
        ("package a:b;\nworld w {\n  export f: fnc();\n}\n", "expected", 3),
        (
            "package a:b;\nworld w {\n  export f: func(a: list<u8, 4>);\n}\n",
            "a list of a fixed length",
            3,
        ),
        (
            "package a:b;\nworld w {\n\n  export f: func(a: error-context);\n}\n",
            "an error-context",
            4,
        ),
    ];
    for (wit, says, line) in cases {
        let error = fails(&[("w.wit", wit)], &[]);
        assert!(error.to_string().contains(says), "{error}");
        let place = error.place().unwrap_or_else(|| panic!("{error} has no place"));
        assert_eq!(
            (place.path.file_name(), place.line),
            (Some("w.wit".as_ref()), line),
            "{error}"
        );
    }
    let deep = [
        ("w.wit", "package a:b; world w { import c:d/e; }"),
        ("deps/d/d.wit", "package c:d;\n\ninterface {\n}\n"),
    ];
    let place = fails(&deep, &[]).place().expect("a place").clone();
    assert_eq!(
        (place.path.ends_with(PathBuf::from("deps/d/d.wit")), place.line),
        (true, 3)
    );
}

#[test]
fn what_the_program_does_not_reach_leaves_the_world() {
    let wit = "package a:b;
        interface types { record r { a: u8 } }
        interface used { use types.{r}; get: func() -> r; }
        interface unused { put: func(); }
        interface out { use types.{r}; take: func(r: r); }
        world w { import used; import unused; export out; }";
    let mut world = Folder::new(&[("w.wit", wit)]).load(&[]).expect("a world");
    let reached = BTreeSet::from(["wit_world.imports.used".to_owned()]);
    world.prune(&reached).expect("a smaller world");
    assert_eq!(world.imports(), ["a:b/types", "a:b/used"]);
    world.prune(&BTreeSet::new()).expect("a smaller world");
    assert_eq!(world.imports(), ["a:b/types"]);
}

#[test]
fn names_of_modules_stay_when_the_world_gets_smaller() {
    let one = "package a:one; interface types { f: func(); }";
    let two = "package a:two; interface types { g: func(); }";
    let wit = "package a:b; world w { import a:one/types; import a:two/types; export h: func(); }";
    let folder = Folder::new(&[("w.wit", wit), ("deps/one.wit", one), ("deps/two.wit", two)]);
    let mut world = folder.load(&[]).expect("a world");
    let reached = BTreeSet::from(["wit_world.imports.a_one_types".to_owned()]);
    world.prune(&reached).expect("a smaller world");
    assert_eq!(world.imports(), ["a:one/types"]);
    let modules = BTreeSet::new();
    let program = Program {
        module: "app",
        modules: &modules,
        has_dataclasses: false,
        exceptions_are_errors: false,
    };
    let bindings = world.bindings(&world.side_module(), program);
    assert!(bindings.files.contains_key("wit_world/imports/a_one_types.py"));
}

#[test]
fn an_async_world_that_uses_asyncio_gets_a_clock() {
    let wit = "package a:b; world w { export f: async func(); }";
    let mut world = Folder::new(&[("w.wit", wit)]).load(&[]).expect("a world");
    world.prune(&BTreeSet::new()).expect("a world");
    assert!(world.imports().is_empty());
    world
        .prune(&BTreeSet::from(["asyncio".to_owned()]))
        .expect("a world");
    assert_eq!(world.imports(), ["wasi:clocks/monotonic-clock@0.3.0"]);
}

#[test]
fn streams_and_futures_have_makers() {
    let wit = "package a:b; interface i { record r { a: u8 } f: func(x: stream<u8>, y: stream<r>) -> future<result<_, string>>; }
        world w { import i; export g: func(z: stream<s8>); }";
    let world = Folder::new(&[("w.wit", wit)]).load(&[]).expect("a world");
    let stub = &world.stubs()["wit_world/__init__.pyi"];
    for maker in [
        "def byte_stream()",
        "def i_r_stream()",
        "def result_unit_string_future(default:",
    ] {
        assert_eq!(stub.matches(maker).count(), 1, "{stub}");
    }
}
