//! Real packages from their registry: a small program for each is built with the default settings,
//! tells no warning, prints what a native Python prints, and stays within its bound.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{app::App, case::check_app, engine::Engine, setup};

macro_rules! packages {
    ($($test:ident = $name:literal,)*) => {
        /// The folders that have a test here.
        const TESTED: &[&str] = &[$($name),*];

        $(#[test]
        fn $test() {
            check($name);
        })*
    };
}

packages! {
    attrs = "attrs",
    babel = "babel",
    beautifulsoup4 = "beautifulsoup4",
    click = "click",
    flask = "flask",
    jinja2 = "jinja2",
    jsonschema = "jsonschema",
    markdown_it_py = "markdown-it-py",
    more_itertools = "more-itertools",
    networkx = "networkx",
    pygments = "pygments",
    pytest = "pytest",
    python_dateutil = "python-dateutil",
    pyyaml = "pyyaml",
    requests = "requests",
    rich = "rich",
    sqlalchemy = "sqlalchemy",
    sympy = "sympy",
    tomlkit = "tomlkit",
    tzdata = "tzdata",
}

fn folder() -> PathBuf {
    setup::root().join("testdata/packages")
}

fn check(name: &str) {
    let app = App::in_folder(&folder().join(name)).with_dependencies(&setup::packages().join(name));
    let report: Value = serde_json::from_slice(&setup::bytes(&app.dist().file("report.json"))).expect("JSON");
    let warnings = report["warnings"].as_array().expect("a list");
    assert!(
        warnings.is_empty(),
        "{name} is built with warnings: {warnings:#?}"
    );
    check_app(&app, Engine::Pywasm);
    check_bound(name, &app.dist().file("wasm.br"));
}

/// What the Brotli file of each case may take at most, in bytes.
fn bounds() -> BTreeMap<String, u64> {
    toml::from_str(&setup::text(&folder().join("bounds.toml"))).expect("bounds.toml")
}

fn check_bound(name: &str, brotli: &Path) {
    let size = fs::metadata(brotli).expect("a build writes the file").len();
    let bounds = bounds();
    let bound = bounds
        .get(name)
        .unwrap_or_else(|| panic!("bounds.toml does not name {name}"));
    assert!(
        size <= *bound,
        "{name}: {size} bytes, {} more than {bound}",
        size - bound
    );
}

#[test]
fn no_package_is_forgotten() {
    let mut folders = setup::list(&folder());
    folders.retain(|path| path.is_dir());
    let names: Vec<String> = folders
        .iter()
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, TESTED);
    assert_eq!(names, bounds().into_keys().collect::<Vec<_>>());
}
