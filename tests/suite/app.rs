//! An app of `testdata/apps`: its configuration, its artifact (built once for all tests) and
//! how a native Python starts it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, OnceLock},
};

use serde::Deserialize;
use tempfile::TempDir;

use crate::setup;

/// The part of `pyproject.toml` that the tests need.
#[derive(Deserialize)]
struct PyProject {
    project: Project,
    tool: Tool,
}

#[derive(Deserialize)]
struct Project {
    name: String,
}

#[derive(Deserialize)]
struct Tool {
    pywasm: ToolPywasm,
}

#[derive(Deserialize)]
struct ToolPywasm {
    entry: String,
    #[serde(default)]
    paths: Vec<String>,
}

/// One app.
#[derive(Clone)]
pub(crate) struct App {
    /// Its folder's name.
    pub(crate) folder: String,
    /// Its folder.
    pub(crate) dir: PathBuf,
    /// Its project's name, which is the artifact's.
    pub(crate) name: String,
    /// `[tool.pywasm] entry`.
    pub(crate) entry: String,
    /// Where a native Python finds the app's modules and dependencies.
    search: Vec<PathBuf>,
    /// An artifact to look at in the place of the usual one.
    other: Option<Arc<Dist>>,
}

/// The files that a build left.
pub(crate) struct Dist {
    /// The folder, as long as the tests run.
    _temporary: TempDir,
    dir: PathBuf,
    name: String,
}

impl Dist {
    /// The folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The file with this suffix, for example `wasm.br`.
    pub(crate) fn file(&self, suffix: &str) -> PathBuf {
        self.dir.join(format!("{}.{suffix}", self.name))
    }

    /// The machine code for this machine, of a build with `--aot`.
    pub(crate) fn machine_code(&self) -> PathBuf {
        let is_code = |path: &PathBuf| path.extension().is_some_and(|end| end == "cwasm");
        let mut found = setup::list(&self.dir).into_iter().filter(is_code);
        found.next().expect("a build with --aot leaves a .cwasm")
    }

    /// The module.
    pub(crate) fn wasm(&self) -> PathBuf {
        self.file("wasm")
    }
}

/// The folder that holds all apps.
pub(crate) fn folder() -> PathBuf {
    setup::root().join("testdata/apps")
}

/// The names of all apps.
pub(crate) fn names() -> Vec<String> {
    let dirs = setup::list(&folder()).into_iter().filter(|path| path.is_dir());
    dirs.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect()
}

impl App {
    /// The app in a folder of `testdata/apps`.
    pub(crate) fn named(folder_name: &str) -> Self {
        Self::in_folder(&folder().join(folder_name))
    }

    /// The app in any folder.
    pub(crate) fn in_folder(dir: &Path) -> Self {
        let (dir, folder_name) = (dir.to_owned(), dir.file_name().expect("a name").to_string_lossy());
        let config: PyProject = toml::from_str(&setup::text(&dir.join("pyproject.toml")))
            .unwrap_or_else(|error| panic!("{folder_name}: {error}"));
        let src = dir.join("src");
        let mut search = vec![if src.is_dir() { src } else { dir.clone() }];
        search.extend(config.tool.pywasm.paths.iter().map(|path| dir.join(path)));
        Self {
            folder: folder_name.into_owned(),
            dir,
            name: config.project.name,
            entry: config.tool.pywasm.entry,
            search,
            other: None,
        }
    }

    /// The same app with one more folder of dependencies, built with it.
    pub(crate) fn with_dependencies(mut self, site_packages: &Path) -> Self {
        self.search.push(site_packages.to_owned());
        let path = site_packages.to_str().expect("a path in UTF-8");
        self.otherwise(&["--path", path])
    }

    /// The same app with an artifact that is built in another way.
    pub(crate) fn otherwise(self, options: &[&str]) -> Self {
        let other = Some(Arc::new(self.build(options)));
        Self { other, ..self }
    }

    /// The app's artifact, built when it is first asked for.
    pub(crate) fn dist(&self) -> Arc<Dist> {
        if let Some(other) = &self.other {
            return other.clone();
        }
        self.built(&[])
    }

    /// The same with machine code for this machine.
    pub(crate) fn ahead_of_time(&self) -> Arc<Dist> {
        self.built(&["--aot"])
    }

    fn built(&self, options: &[&str]) -> Arc<Dist> {
        type Slot = Arc<OnceLock<Arc<Dist>>>;
        static BUILT: Mutex<BTreeMap<String, Slot>> = Mutex::new(BTreeMap::new());
        let slot = {
            let mut built = BUILT.lock().expect("no test panics while it holds this lock");
            built
                .entry(format!("{} {options:?}", self.folder))
                .or_default()
                .clone()
        };
        slot.get_or_init(|| Arc::new(self.build(options))).clone()
    }

    /// Builds the app into a new folder.
    pub(crate) fn build(&self, options: &[&str]) -> Dist {
        let temporary = setup::temporary();
        let dir = temporary.path().join("dist");
        let mut command = setup::pywasm(&self.dir);
        command.arg("build").arg("--out-dir").arg(&dir).args(options);
        let output = command.output().expect("pywasm starts");
        // A budget that is exceeded (3) is for the gate to tell: the files are there.
        assert!(
            matches!(output.status.code(), Some(0 | 3)),
            "{command:?} ended with {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        Dist {
            _temporary: temporary,
            dir,
            name: self.name.clone(),
        }
    }

    /// The app under the native Python, without arguments yet.
    pub(crate) fn native(&self, dir: &Path) -> Command {
        let mut command = setup::limited(setup::native_python(), dir);
        let search = std::env::join_paths(&self.search).expect("no colon in a path");
        command.env("PYTHONPATH", search).arg("-B");
        if self.entry.ends_with(".py") {
            command.arg(self.dir.join(&self.entry));
        } else if let Some((module, function)) = self.entry.split_once(':') {
            let start = format!("import sys; from {module} import {function}; sys.exit({function}())");
            command.args(["-c", &start]);
        } else {
            command.args(["-m", &self.entry]);
        }
        command
    }
}
