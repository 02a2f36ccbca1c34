//! The page of a tree of sizes, in a real browser: see `tests/browser/treemap.mjs`.

use std::{fs, path::PathBuf};

use pywasm_size::{Kind, Tree, render_html};

use crate::setup;

fn leaf(name: &str, kind: Kind, bytes: u64) -> Tree {
    Tree::leaf(name, kind, bytes)
        .with_brotli(bytes / 3 + 1)
        .with_retained(bytes + bytes / 2)
}

/// Sizes from large to small, as those of functions are.
fn functions(of: &str, count: u64, largest: u64) -> Vec<Tree> {
    (1..=count)
        .map(|number| {
            leaf(
                &format!("{of}_{number}"),
                Kind::Function,
                1 + largest / number + number % 7,
            )
        })
        .collect()
}

/// A small artifact, about as one is made up.
fn artifact() -> Tree {
    let files = |kind, names: &[&str], bytes: u64| {
        let sizes = names
            .iter()
            .zip(1..)
            .map(|(name, at)| leaf(name, kind, bytes / at));
        sizes.collect::<Vec<_>>()
    };
    let objects = ["unicodeobject.c", "longobject.c", "dictobject.c", "typeobject.c"]
        .iter()
        .zip(1..)
        .map(|(name, at)| Tree::group(*name, Kind::File, functions("PyObject", 60, 30_000 / at)));
    Tree::group(
        "hello.wasm",
        Kind::Root,
        vec![
            Tree::group(
                "interpreter",
                Kind::Interpreter,
                vec![
                    Tree::group("Objects", Kind::Area, objects.collect()),
                    Tree::group("libc", Kind::Library, functions("__libc", 300, 9_000)),
                ],
            ),
            Tree::group("builtin modules", Kind::Builtin, functions("_sre", 90, 12_000)),
            Tree::group(
                "standard library",
                Kind::Stdlib,
                files(
                    Kind::Stdlib,
                    &["json", "re", "encodings", "typing", "enum"],
                    60_000,
                ),
            ),
            Tree::group(
                "dependencies",
                Kind::Dependency,
                files(Kind::Dependency, &["rich", "markdown_it"], 40_000),
            ),
            leaf("<img src=x onerror=document.title='taken'>", Kind::App, 9_000),
            leaf(
                "</script><script>document.title='taken'</script>",
                Kind::App,
                4_000,
            ),
            leaf("snapshot", Kind::Snapshot, 120_000),
            leaf("data", Kind::Data, 70_000),
            leaf("headers", Kind::Format, 150),
        ],
    )
}

#[test]
fn the_page_works_in_a_browser() {
    let folder = setup::temporary();
    let page = |name: &str, tree: &Tree| {
        tree.check().expect("its sums agree");
        let file = folder.path().join(name);
        fs::write(&file, render_html(tree, &tree.name, None)).expect("the page is written");
        file
    };
    let large = Tree::group(
        "large.wasm",
        Kind::Root,
        vec![
            Tree::group("code", Kind::Section, functions("f", 10_000, 50_000)),
            Tree::group("data", Kind::Section, functions("d", 500, 5_000)),
        ],
    );
    // They stay, to be looked at.
    let shots = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let script = setup::root().join("tests/browser/treemap.mjs");
    let mut node = setup::limited("node", folder.path());
    node.arg(script)
        .arg(page("artifact.html", &artifact()))
        .arg(page("large.html", &large))
        .arg(&shots);
    setup::succeed(&mut node);
    assert!(shots.join("treemap-light.png").is_file());
}
