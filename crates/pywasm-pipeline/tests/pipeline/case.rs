//! A project, a base and stand-ins for all tools, in a folder of their own.

use std::{collections::BTreeMap, fs, path::PathBuf};

use pywasm_base::{Base, Host};
use pywasm_pipeline::{BuildOutput, Cache, Error, Plan, Tools, run_stages};
use pywasm_project::{BuildOptions, Project};
use pywasm_report::Report;
use pywasm_testkit::{TestAotCompiler, TestInterpreter, TestOptimizer, TestProgress, write_base};
use tempfile::TempDir;

/// What a test builds, and with what.
pub(crate) struct Case {
    folder: TempDir,
    base: Base,
    host: Host,
    cache: Cache,
    pub(crate) interpreter: TestInterpreter,
    pub(crate) optimizer: TestOptimizer,
    pub(crate) progress: TestProgress,
    pub(crate) options: BuildOptions,
    pub(crate) dist: PathBuf,
}

impl Case {
    /// A project of these files, `main.py` its entry; `config` goes into `[tool.pywasm]`.
    pub(crate) fn new(config: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let base = write_base(&folder.path().join("base"));
        let case = Self {
            base,
            host: Host::default(),
            cache: Cache::new(folder.path().join("cache")),
            interpreter: TestInterpreter::default(),
            optimizer: TestOptimizer::default(),
            progress: TestProgress::default(),
            options: BuildOptions::default(),
            dist: folder.path().join("dist"),
            folder,
        };
        let head = "[project]\nname = 'app'\nversion = '1'\n\n[tool.pywasm]\nentry = 'main.py'\n";
        case.write("pyproject.toml", &format!("{head}{config}"));
        for (path, text) in files {
            case.write(path, text);
        }
        case
    }

    /// The path of a file of the project.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("project").join(file)
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// The stages, without a file written.
    pub(crate) fn run(&self) -> Result<BuildOutput, Error> {
        let plan = Plan {
            aot: Vec::new(),
            warnings: Vec::new(),
        };
        run_stages(&self.project(), &self.base, &plan, self.tools())
    }

    /// The stages, which have to succeed.
    pub(crate) fn output(&self) -> BuildOutput {
        self.run().unwrap_or_else(|error| panic!("{}", chain(&error)))
    }

    /// A whole build, with its files written.
    pub(crate) fn build(&self) -> Report {
        let output = self.output();
        pywasm_dist::write(&self.dist, "app", &output.files, &output.report).expect("the files are written");
        output.report
    }

    /// The entries of one kind in the cache, by their paths.
    pub(crate) fn entries(&self, kind: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = fs::read_dir(self.folder.path().join("cache").join(kind)).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths
            .map(|path| (path.clone(), fs::read(path).expect("an entry")))
            .collect()
    }

    /// The names of the files in `dist/`, sorted.
    pub(crate) fn written(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.dist).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    fn project(&self) -> Project {
        Project::load(&self.path(""), &self.options).expect("the project is right")
    }

    fn tools(&self) -> Tools<'_> {
        Tools {
            interpreter: &self.interpreter,
            optimizer: &self.optimizer,
            aot: &TestAotCompiler,
            host: &self.host,
            cache: &self.cache,
            progress: &self.progress,
        }
    }
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Whether bytes hold a text.
pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
