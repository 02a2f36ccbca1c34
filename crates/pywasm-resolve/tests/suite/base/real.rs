//! Opens the base that `scripts/test.sh base` built, and makes requests that use it.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use pywasm_project::{Entry, Trim};
use pywasm_resolve::{Origin, Request, Root};
use pywasm_target::Target;
use serde_json::Value;

/// A base's folder and what its manifest says.
pub(crate) struct Base {
    pub(crate) stdlib: PathBuf,
    manifest: Value,
}

/// Finds the base: `PYWASM_TEST_BASE`, or the one in `PYWASM_HOME`.
pub(crate) fn base() -> Base {
    let folder = env::var_os("PYWASM_TEST_BASE")
        .map(PathBuf::from)
        .or_else(in_home);
    let folder =
        folder.expect("no base: run `scripts/test.sh base`, or set PYWASM_TEST_BASE to a base's folder");
    let text = fs::read_to_string(folder.join("manifest.json")).expect("the base has a manifest");
    let manifest = serde_json::from_str(&text).expect("the manifest is JSON");
    Base {
        stdlib: folder
            .join("stdlib")
            .canonicalize()
            .expect("the base has a stdlib"),
        manifest,
    }
}

fn in_home() -> Option<PathBuf> {
    let bases = PathBuf::from(env::var_os("PYWASM_HOME")?).join("bases");
    let mut folders: Vec<PathBuf> = fs::read_dir(bases)
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    folders.retain(|folder| folder.join("manifest.json").is_file());
    folders.sort();
    folders.pop()
}

impl Base {
    pub(crate) fn builtins(&self) -> BTreeSet<String> {
        strings(&self.manifest["builtins"]).into_iter().collect()
    }

    /// A request for the script in `app`, with the packages in `packages`.
    pub(crate) fn request(&self, app: &Path, packages: &Path) -> Request {
        let app = app.canonicalize().expect("the app's folder is there");
        let packages = packages.canonicalize().expect("the packages' folder is there");
        let root = |path: &Path, origin, label: &str| Root {
            path: path.to_path_buf(),
            origin,
            label: label.to_owned(),
        };
        let python = self.manifest["python"].as_str().expect("a text");
        let python = python.parse().expect("a version");
        let c_imports = self.manifest["c_imports"].as_object().expect("a table");
        Request {
            entry: Entry::Script(app.join("main.py")),
            roots: vec![
                root(&app, Origin::App, ""),
                root(&self.stdlib, Origin::Stdlib, "<stdlib>/"),
                root(&packages, Origin::Dependency, "packages/"),
            ],
            builtins: self.builtins(),
            core_imports: strings(&c_imports[""]),
            c_imports: c_imports
                .iter()
                .filter(|(module, _)| !module.is_empty())
                .map(|(module, imports)| (module.clone(), strings(imports)))
                .collect(),
            stdlib_names: strings(&self.manifest["stdlib_names"]).into_iter().collect(),
            hooks: Vec::new(),
            target: Target::new(python),
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
}

fn strings(value: &Value) -> Vec<String> {
    let list = value.as_array().expect("a list");
    list.iter()
        .map(|item| item.as_str().expect("a string").to_owned())
        .collect()
}
