//! A project in a temporary folder, with distributions beside it: files in, an audit out.

use std::fs;
use std::path::{Path, PathBuf};

use pywasm_audit::{Audit, DistributionAudit, Input, audit};
use pywasm_project::{BuildOptions, Project};
use pywasm_resolve::{Request, resolve};
use pywasm_target::{PythonVersion, Target};
use tempfile::TempDir;

const TARGET: Target = Target::new(PythonVersion::new(3, 13, 15));

/// The first bytes of a library for Linux on x86-64.
pub(crate) fn elf() -> Vec<u8> {
    let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
    bytes.resize(64, 0);
    bytes[18] = 0x3e;
    bytes
}

/// A WebAssembly library that imports this function.
pub(crate) fn wasm(import: &str) -> Vec<u8> {
    let text = format!(
        "(module (@custom \"dylink.0\" (before first) \"\\01\\04\\00\\00\\00\\00\")
           (import \"env\" \"{import}\" (func)) (import \"GOT.mem\" \"x\" (global (mut i32))))"
    );
    wat::parse_str(text).expect("a module")
}

/// The project and its packages.
pub(crate) struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// A project whose `main.py` is this, and that depends on these.
    pub(crate) fn new(main: &str, dependencies: &[&str]) -> Self {
        let fixture = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        let dependencies: Vec<String> = dependencies
            .iter()
            .map(|name| format!("  \"{name}\",\n"))
            .collect();
        fixture.write(
            "pyproject.toml",
            format!(
                "[project]\nname = \"sample\"\nversion = \"1\"\ndependencies = [\n{}]\n\n[tool.pywasm]\nentry = \"main.py\"\npaths = [\"vendor\"]\n",
                dependencies.concat()
            ),
        );
        fixture.write("main.py", main);
        fs::create_dir_all(fixture.path("vendor")).expect("made");
        fixture
    }

    /// Where a file is.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, bytes).expect("written");
    }

    /// Installs a distribution: its files, what it requires, and the tag of its wheel.
    pub(crate) fn install(&self, name: &str, requires: &[&str], tag: &str, files: &[(&str, &[u8])]) {
        let info = format!("vendor/{name}-1.0.dist-info");
        let requires: Vec<String> = requires
            .iter()
            .map(|one| format!("Requires-Dist: {one}\n"))
            .collect();
        self.write(
            &format!("{info}/METADATA"),
            format!(
                "Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{}",
                requires.concat()
            ),
        );
        self.write(
            &format!("{info}/WHEEL"),
            format!("Wheel-Version: 1.0\nGenerator: setuptools (84.0.0)\nTag: {tag}\n"),
        );
        let mut record = String::new();
        for (path, bytes) in files {
            self.write(&format!("vendor/{path}"), bytes);
            record += &format!("{path},,\n");
        }
        self.write(&format!("{info}/RECORD"), record);
    }

    /// Audits it.
    pub(crate) fn audit(&self) -> Audit {
        let stdlib = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/resolve/stdlib");
        let project = Project::load(self.folder.path(), &BuildOptions::default()).expect("a project");
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let mut request = Request::for_project(&project, &stdlib.canonicalize().expect("a library"), TARGET);
        request.builtins = names(&["_codecs", "_io", "builtins", "posix", "sys", "threading", "time"]);
        request.stdlib_names = names(&["json", "os", "ssl", "_ssl", "fcntl", "threading", "encodings"]);
        let (graph, errors, warnings) = match resolve(&request) {
            Ok(resolved) => (resolved.graph, Vec::new(), resolved.warnings),
            Err(error) => (*error.graph.expect("a graph"), error.errors, error.warnings),
        };
        let distributions = pywasm_deps::distributions(&self.path("vendor").canonicalize().expect("there"));
        audit(&Input {
            project: &project,
            graph: &graph,
            errors: &errors,
            warnings: &warnings,
            roots: &request.roots,
            distributions: &distributions.expect("distributions"),
            component: None,
            stdlib_names: &request.stdlib_names,
            target: TARGET,
            base: "cpython-3.13.15-0123456789ab",
            version: "0.1.0",
        })
    }
}

/// The verdict on one.
pub(crate) fn of<'a>(audit: &'a Audit, name: &str) -> &'a DistributionAudit {
    let found = audit.distributions.iter().find(|one| one.name == name);
    found.unwrap_or_else(|| panic!("no verdict on {name}"))
}
